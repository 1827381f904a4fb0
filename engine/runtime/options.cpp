#include "engine/runtime/options.h"

#include <charconv>

namespace rocker::runtime {

static const Option* findName(std::span<const Option> options, std::string_view name)
{
    for (const Option& option : options)
        if (option.name == name)
            return &option;
    return nullptr;
}

static const Option* findLetter(std::span<const Option> options, char letter)
{
    for (const Option& option : options)
        if (option.letter != 0 && option.letter == letter)
            return &option;
    return nullptr;
}

static std::unexpected<Error> unknown(std::string_view word)
{
    return fail(ErrorCode::InvalidArgument, "flag provided but not defined: {}", word);
}

Result<> Arguments::take(const Option& option, std::optional<std::string_view> value, std::string_view spelling,
                         std::span<const std::string_view>& rest)
{
    if (option.value.empty()) {
        if (value && *value != "true" && *value != "false" && *value != "1" && *value != "0")
            return fail(ErrorCode::InvalidArgument, "invalid boolean value \"{}\" for {}", *value, spelling);
        m_given.push_back({option.name, value == "false" || value == "0" ? "false" : "true"});
        return {};
    }
    if (!value) {
        if (rest.empty())
            return fail(ErrorCode::InvalidArgument, "flag needs an argument: {}", spelling);
        value = rest.front();
        rest = rest.subspan(1);
    }
    m_given.push_back({option.name, std::string(*value)});
    return {};
}

// "-dt", "-bDIR", "-b=DIR", "-b DIR".
Result<> Arguments::takeLetters(std::span<const Option> options, std::string_view word, std::span<const std::string_view>& rest)
{
    for (std::size_t i = 1; i < word.size(); ++i) {
        const Option* option = findLetter(options, word[i]);
        if (!option)
            return unknown(word);
        const std::string_view behind = word.substr(i + 1);
        const std::string spelling{'-', word[i]};
        if (behind.starts_with('='))
            return take(*option, behind.substr(1), spelling, rest);
        if (!option->value.empty())
            return take(*option, behind.empty() ? std::nullopt : std::optional(behind), spelling, rest);
        TRY(take(*option, std::nullopt, spelling, rest));
    }
    return {};
}

Result<Arguments> Arguments::parse(std::span<const Option> options, std::span<const std::string_view> words,
                                   std::size_t optionsEnd)
{
    Arguments arguments;
    bool ended = false;
    for (std::span<const std::string_view> rest = words; !rest.empty();) {
        const std::size_t place = words.size() - rest.size();
        const std::string_view word = rest.front();
        rest = rest.subspan(1);
        if (ended || word.size() < 2 || word[0] != '-') {
            arguments.m_positional.emplace_back(word);
            arguments.m_places.push_back(place);
            ended = ended || arguments.m_positional.size() >= optionsEnd;
            continue;
        }
        if (word == "--") {
            ended = true;
            continue;
        }
        const std::string_view whole = word.substr(word[1] == '-' ? 2 : 1);
        const std::size_t equals = whole.find('=');
        if (const Option* option = findName(options, whole.substr(0, equals))) {
            const auto value = equals == std::string_view::npos ? std::nullopt : std::optional(whole.substr(equals + 1));
            TRY(arguments.take(*option, value, word.substr(0, word.size() - (value ? value->size() + 1 : 0)), rest));
        } else if (word[1] == '-') {
            return unknown(word);
        } else {
            TRY(arguments.takeLetters(options, word, rest));
        }
    }
    return arguments;
}

bool Arguments::has(std::string_view name) const
{
    for (const Given& given : m_given)
        if (given.name == name)
            return true;
    return false;
}

bool Arguments::isOn(std::string_view name) const
{
    return text(name) == "true";
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const
{
    for (auto given = m_given.rbegin(); given != m_given.rend(); ++given)
        if (given->name == name)
            return given->value;
    return std::string(otherwise);
}

std::vector<std::string> Arguments::all(std::string_view name) const
{
    std::vector<std::string> values;
    for (const Given& given : m_given)
        if (given.name == name)
            values.push_back(given.value);
    return values;
}

Result<std::int64_t> parseNumber(std::string_view text, std::int64_t minimum, std::int64_t maximum)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error == std::errc::invalid_argument || end != text.data() + text.size())
        return fail(ErrorCode::InvalidArgument, "'{}' is not a number", text);
    if (error != std::errc() || value < minimum || value > maximum)
        return fail(ErrorCode::InvalidArgument, "{} is not from {} to {}", text, minimum, maximum);
    return value;
}

Result<std::optional<std::int64_t>> Arguments::number(std::string_view name, std::int64_t minimum, std::int64_t maximum) const
{
    if (!has(name))
        return std::optional<std::int64_t>();
    return std::optional(TRY(parseNumber(text(name), minimum, maximum), "invalid value for {}", name));
}

} // namespace rocker::runtime
