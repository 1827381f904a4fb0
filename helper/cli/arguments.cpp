#include "helper/cli/arguments.h"

#include <algorithm>

namespace rocker::cli {

namespace {

constexpr Option helpOption{.name = "help", .help = "print this"};

const Option* byName(const Syntax& syntax, std::string_view name)
{
    const auto found = std::ranges::find(syntax.options, name, &Option::name);
    return found != syntax.options.end() ? &*found : name == helpOption.name ? &helpOption : nullptr;
}

const Option* byLetter(const Syntax& syntax, char letter)
{
    const auto found = std::ranges::find(syntax.options, letter, &Option::letter);
    return letter != 0 && found != syntax.options.end() ? &*found : nullptr;
}

class Parser
{
public:
    Parser(const Syntax& syntax, std::span<const std::string> words) : m_syntax(syntax), m_words(words) {}

    template<typename OnOption, typename OnOperand>
    Result<> run(OnOption onOption, OnOperand onOperand)
    {
        bool optionsEnded = false;
        for (; m_next < m_words.size(); ++m_next) {
            const std::string_view word = m_words[m_next];
            if (optionsEnded || word.size() < 2 || word[0] != '-') {
                onOperand(std::string(word));
                optionsEnded = optionsEnded || m_syntax.stopAtOperand;
            } else if (word == "--") {
                optionsEnded = true;
            } else if (word[1] == '-') {
                TRY(longOption(word.substr(2), onOption));
            } else {
                TRY(letters(word.substr(1), onOption));
            }
        }
        return {};
    }

private:
    template<typename OnOption>
    Result<> longOption(std::string_view text, OnOption& onOption)
    {
        const std::size_t equals = text.find('=');
        const Option* option = byName(m_syntax, text.substr(0, equals));
        if (!option)
            return fail(ErrorCode::InvalidArgument, "--{} is not an option of '{}'", text.substr(0, equals),
                        m_syntax.names[0]);
        if (option->value.empty() && equals != text.npos)
            return fail(ErrorCode::InvalidArgument, "--{} takes no value", option->name);
        if (option->value.empty() || equals != text.npos)
            onOption(*option, equals == text.npos ? std::string() : std::string(text.substr(equals + 1)));
        else
            onOption(*option, TRY(nextWord(std::format("--{}", option->name), *option)));
        return {};
    }

    template<typename OnOption>
    Result<> letters(std::string_view text, OnOption& onOption)
    {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const Option* option = byLetter(m_syntax, text[i]);
            if (!option)
                return fail(ErrorCode::InvalidArgument, "-{} is not an option of '{}'", text[i], m_syntax.names[0]);
            if (option->value.empty()) {
                onOption(*option, std::string());
                continue;
            }
            std::string_view value = text.substr(i + 1);
            if (value.starts_with('='))
                value.remove_prefix(1);
            onOption(*option, value.empty() ? TRY(nextWord(std::format("-{}", text[i]), *option)) : std::string(value));
            return {};
        }
        return {};
    }

    Result<std::string> nextWord(const std::string& name, const Option& option)
    {
        if (m_next + 1 >= m_words.size())
            return fail(ErrorCode::InvalidArgument, "{} needs a value: {}", name, option.value);
        return m_words[++m_next];
    }

    const Syntax& m_syntax;
    std::span<const std::string> m_words;
    std::size_t m_next = 0;
};

std::string optionTitle(const Option& option)
{
    return std::format("{}--{}{}{}", option.letter ? std::format("-{}, ", option.letter) : "    ", option.name,
                       option.value.empty() ? "" : " ", option.value);
}

} // namespace

std::optional<std::string> Arguments::value(std::string_view option) const
{
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::nullopt : std::optional(found->second.back());
}

std::string Arguments::valueOr(std::string_view option, std::string fallback) const
{
    return value(option).value_or(std::move(fallback));
}

std::vector<std::string> Arguments::values(std::string_view option) const
{
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> Arguments::operandsFrom(std::size_t first) const
{
    return {m_operands.begin() + std::ptrdiff_t(std::min(first, m_operands.size())), m_operands.end()};
}

Result<Arguments> parseArguments(const Syntax& syntax, std::span<const std::string> words)
{
    Arguments arguments;
    TRY(Parser(syntax, words)
            .run([&](const Option& option,
                     std::string value) { arguments.m_options[std::string(option.name)].push_back(std::move(value)); },
                 [&](std::string operand) { arguments.m_operands.push_back(std::move(operand)); }));
    if (arguments.has("help"))
        return arguments;
    if (arguments.m_operands.size() < syntax.fewest)
        return fail(ErrorCode::InvalidArgument, "'{}' needs {}", syntax.names[0], syntax.operands);
    if (arguments.m_operands.size() > syntax.most)
        return fail(ErrorCode::InvalidArgument, "'{}' does not take '{}'", syntax.names[0],
                    arguments.m_operands[syntax.most]);
    return arguments;
}

std::string helpText(const Syntax& syntax)
{
    std::string text = std::format("rocker {} [OPTION…]{}{}\n{}\n", syntax.names[0], syntax.operands.empty() ? "" : " ",
                                   syntax.operands, syntax.summary);
    for (std::size_t i = 1; i < syntax.names.size(); ++i)
        text += std::format("{}{}{}", i == 1 ? "Also: " : ", ", syntax.names[i], i + 1 == syntax.names.size() ? "\n" : "");
    text += "\n";
    for (const Option& option : syntax.options)
        text += std::format("  {:<26}  {}\n", optionTitle(option), option.help);
    return text + std::format("  {:<26}  {}\n", optionTitle(helpOption), helpOption.help);
}

} // namespace rocker::cli
