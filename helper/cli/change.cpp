#include "helper/cli/change.h"

#include "engine/json/json.h"

#include <algorithm>
#include <sstream>

namespace rocker::cli {

namespace {

// CMD and ENTRYPOINT: a JSON array of words, or a line for the shell.
Result<std::vector<std::string>> wordsOf(const std::string& text)
{
    if (!text.starts_with('['))
        return std::vector<std::string>{"/bin/sh", "-c", text};
    return json::read<std::vector<std::string>>(TRY(json::parse(text)), json::UnknownKeys::Refuse);
}

std::vector<std::string> separate(const std::string& text)
{
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

std::string withoutQuotes(const std::string& text)
{
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

// "NAME=value" or "NAME value".
Result<std::pair<std::string, std::string>> assignment(const std::string& text)
{
    const std::size_t end = text.find_first_of("= ");
    if (end == 0 || end == text.npos)
        return fail(ErrorCode::InvalidArgument, "'{}' does not read NAME=value", text);
    return std::pair(text.substr(0, end), withoutQuotes(text.substr(end + 1)));
}

template<typename P>
Result<> entrypoint(P& parameters, const std::string& value) { return parameters.entrypoint = TRY(wordsOf(value)), Result<>{}; }
template<typename P>
Result<> command(P& parameters, const std::string& value) { return parameters.command = TRY(wordsOf(value)), Result<>{}; }
template<typename P>
Result<> workingDirectory(P& parameters, const std::string& value) { return parameters.workingDirectory = value, Result<>{}; }
template<typename P>
Result<> user(P& parameters, const std::string& value) { return parameters.user = value, Result<>{}; }
template<typename P>
Result<> stopSignal(P& parameters, const std::string& value) { return parameters.stopSignal = value, Result<>{}; }
template<typename P>
Result<> environment(P& parameters, const std::string& value)
{
    const auto [name, text] = TRY(assignment(value));
    return parameters.environment.push_back(name + "=" + text), Result<>{};
}
template<typename P>
Result<> label(P& parameters, const std::string& value)
{
    const auto [name, text] = TRY(assignment(value));
    return parameters.labels[name] = text, Result<>{};
}
template<typename P>
Result<> expose(P& parameters, const std::string& value)
{
    for (const std::string& port : separate(value))
        parameters.exposedPorts.push_back(port.contains('/') ? port : port + "/tcp");
    return {};
}
template<typename P>
Result<> volume(P& parameters, const std::string& value)
{
    for (const std::string& path : value.starts_with('[') ? TRY(wordsOf(value)) : separate(value))
        parameters.volumes.push_back(path);
    return {};
}

// The instructions of a Containerfile that change a configuration.
template<typename P>
constexpr std::pair<std::string_view, Result<> (*)(P&, const std::string&)> instructions[]{
    {"CMD", command<P>}, {"ENTRYPOINT", entrypoint<P>}, {"ENV", environment<P>}, {"EXPOSE", expose<P>}, {"LABEL", label<P>},
    {"STOPSIGNAL", stopSignal<P>}, {"USER", user<P>}, {"VOLUME", volume<P>}, {"WORKDIR", workingDirectory<P>},
};

template<typename P>
Result<> apply(P& parameters, const std::string& change)
{
    const std::size_t space = change.find(' ');
    std::string word = change.substr(0, space);
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    for (const auto& [name, instruction] : instructions<P>)
        if (word == name) {
            const std::size_t start = change.find_first_not_of(' ', space);
            if (space == change.npos || start == change.npos)
                return fail(ErrorCode::InvalidArgument, "--change: {} says nothing", name);
            return TRY(instruction(parameters, change.substr(start)), "--change '{}'", change), Result<>{};
        }
    return fail(ErrorCode::InvalidArgument, "--change: '{}' is none of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR", word);
}

} // namespace

Result<> applyChange(protocol::CommitContainer::Parameters& parameters, const std::string& change)
{
    return apply(parameters, change);
}

Result<> applyChange(protocol::ImportImage::Parameters& parameters, const std::string& change)
{
    return apply(parameters, change);
}

} // namespace rocker::cli
