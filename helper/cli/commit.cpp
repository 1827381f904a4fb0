#include "helper/cli/command.h"
#include "helper/cli/progress.h"

#include "engine/json/json.h"

#include <sstream>

namespace rocker::cli {

using namespace protocol;

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

using Parameters = CommitContainer::Parameters;

Result<> entrypoint(Parameters& parameters, const std::string& value) { return parameters.entrypoint = TRY(wordsOf(value)), Result<>{}; }
Result<> command(Parameters& parameters, const std::string& value) { return parameters.command = TRY(wordsOf(value)), Result<>{}; }
Result<> workingDirectory(Parameters& parameters, const std::string& value) { return parameters.workingDirectory = value, Result<>{}; }
Result<> user(Parameters& parameters, const std::string& value) { return parameters.user = value, Result<>{}; }
Result<> stopSignal(Parameters& parameters, const std::string& value) { return parameters.stopSignal = value, Result<>{}; }
Result<> environment(Parameters& parameters, const std::string& value)
{
    const auto [name, text] = TRY(assignment(value));
    return parameters.environment.push_back(name + "=" + text), Result<>{};
}
Result<> label(Parameters& parameters, const std::string& value)
{
    const auto [name, text] = TRY(assignment(value));
    return parameters.labels[name] = text, Result<>{};
}
Result<> expose(Parameters& parameters, const std::string& value)
{
    for (const std::string& port : separate(value))
        parameters.exposedPorts.push_back(port.contains('/') ? port : port + "/tcp");
    return {};
}
Result<> volume(Parameters& parameters, const std::string& value)
{
    for (const std::string& path : value.starts_with('[') ? TRY(wordsOf(value)) : separate(value))
        parameters.volumes.push_back(path);
    return {};
}

// The instructions of a Containerfile that change a configuration.
constexpr std::pair<std::string_view, Result<> (*)(Parameters&, const std::string&)> instructions[]{
    {"CMD", command}, {"ENTRYPOINT", entrypoint}, {"ENV", environment}, {"EXPOSE", expose}, {"LABEL", label},
    {"STOPSIGNAL", stopSignal}, {"USER", user}, {"VOLUME", volume}, {"WORKDIR", workingDirectory},
};

Result<> apply(Parameters& parameters, const std::string& change)
{
    const std::size_t space = change.find(' ');
    std::string word = change.substr(0, space);
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    for (const auto& [name, instruction] : instructions)
        if (word == name) {
            const std::size_t start = change.find_first_not_of(' ', space);
            if (space == change.npos || start == change.npos)
                return fail(ErrorCode::InvalidArgument, "--change: {} says nothing", name);
            return TRY(instruction(parameters, change.substr(start)), "--change '{}'", change), Result<>{};
        }
    return fail(ErrorCode::InvalidArgument, "--change: '{}' is none of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR", word);
}

Result<int> commit(const Context& context, const Arguments& arguments)
{
    Parameters parameters{.container = arguments.operands()[0],
                          .reference = arguments.operands().size() > 1 ? arguments.operands()[1] : "",
                          .paths = arguments.values("path"),
                          .pause = !arguments.has("no-pause"),
                          .comment = arguments.valueOr("message", ""),
                          .author = arguments.valueOr("author", "")};
    for (const std::string& change : arguments.values("change"))
        TRY(apply(parameters, change));
    Client client = TRY(context.connect());
    const auto committed = client.stream<CommitContainer>(parameters, [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    if (!committed)
        return fail(committed.error());
    for (const Image& image : committed->images)
        print(image.id + "\n");
    return 0;
}

} // namespace

Command commitCommand()
{
    return {.syntax = {.names = {"commit"},
                       .operands = "CONTAINER [REFERENCE]",
                       .summary = "Make an image of what a container has changed of its own.",
                       .options = {{'p', "path", "PATH", "take only this and what is below it (again for more)"},
                                   {'c', "change", "INSTRUCTION", "as in a Containerfile: 'CMD [\"sh\"]', 'ENV A=b', … (again for more)"},
                                   {'m', "message", "TEXT", "comment in the image's history"},
                                   {'a', "author", "NAME", "author in the image's history"},
                                   {0, "no-pause", "", "let the container run while its files are read"}},
                       .fewest = 1,
                       .most = 2},
            .run = commit};
}

} // namespace rocker::cli
