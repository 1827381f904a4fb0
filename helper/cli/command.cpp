#include "helper/cli/command.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace rocker::cli {

namespace {

constexpr std::string_view defaultSocket = "/run/rocker/helper.sock";

struct Found {
    const Command* command = nullptr;
    std::size_t words = 0;
};

// "image list" before "image": the longer name wins.
Found findCommand(std::span<const std::string> words)
{
    for (std::size_t count = std::min<std::size_t>(2, words.size()); count > 0; --count) {
        const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
        for (const Command& command : allCommands())
            if (std::ranges::find(command.syntax.names, name) != command.syntax.names.end())
                return {&command, count};
    }
    return {};
}

std::string overview()
{
    std::string text = "rocker [--socket PATH] COMMAND [OPTION…]\nContainers from the command line.\n\n";
    for (const Command& command : allCommands())
        text += std::format("  {:<16}{}\n", command.syntax.names[0], command.syntax.summary);
    return text
        + "\n  --socket PATH   the helper's socket, else $ROCKER_SOCKET, else /run/rocker/helper.sock\n"
          "  --version       print the version\n"
          "\n'rocker COMMAND --help' tells more about one of them.\n";
}

int usageError(std::string_view text, std::string_view command = {}, bool runsContainer = false)
{
    complain(text);
    complain(std::format("see 'rocker {}--help'", command.empty() ? "" : std::string(command) + " "));
    return runsContainer ? 125 : 2;
}

int help(std::span<const std::string> words)
{
    if (words.empty()) {
        print(overview());
        return 0;
    }
    const Found found = findCommand(words);
    if (!found.command)
        return usageError(std::format("'{}' is not a command", words[0]));
    print(helpText(found.command->syntax));
    return 0;
}

int runCommandLine(const Context& context, std::span<const std::string> words)
{
    const auto [command, count] = findCommand(words);
    if (!command)
        return usageError(std::format("'{}' is not a command", words[0]));
    const auto arguments = parseArguments(command->syntax, words.subspan(count));
    if (!arguments)
        return usageError(arguments.error().what, command->syntax.names[0], command->runsContainer);
    if (arguments->has("help"))
        return help(words.first(count));
    const auto code = command->run(context, *arguments);
    if (code)
        return *code;
    complain(code.error().what);
    return exitCodeOf(code.error(), command->runsContainer);
}

} // namespace

const std::vector<Command>& allCommands()
{
    static const std::vector<Command> commands{
        runCommand(),    createCommand(), startCommand(),  psCommand(),      execCommand(),        attachCommand(),
        logsCommand(),   stopCommand(),   killCommand(),   pauseCommand(),   resumeCommand(),      removeCommand(),
        renameCommand(), waitCommand(),   diffCommand(),   commitCommand(),  imagesCommand(),      pullCommand(),
        pushCommand(),   importCommand(), exportCommand(), saveCommand(),   imageRemoveCommand(), imageInspectCommand(), imageLayersCommand(),
        imageTreeCommand(), imageDiffCommand(), imageWasteCommand(), imageCheckCommand(), imageCatCommand(), imagePackagesCommand(),
        imageSbomCommand(), imageTagCommand(), imageUntagCommand(), imagePruneCommand(), systemUsageCommand(), tagsCommand(),
        searchCommand(), loginCommand(), logoutCommand(), inspectCommand(), eventsCommand(), infoCommand(), versionCommand(),
    };
    return commands;
}

Result<int> forEachOperand(const Context& context, const Arguments& arguments,
                           const std::function<Result<std::string>(Client&, const std::string&)>& action)
{
    Client client = TRY(context.connect());
    int code = 0;
    for (const std::string& operand : arguments.operands()) {
        if (const auto text = action(client, operand)) {
            print(*text + "\n");
        } else {
            complain(text.error().what);
            code = 1;
        }
    }
    return code;
}

int exitCodeOf(const Error& error, bool runsContainer)
{
    if (!runsContainer)
        return 1;
    switch (error.code) {
    case ErrorCode::CommandNotFound:
        return 127;
    case ErrorCode::CommandNotExecutable:
        return 126;
    default:
        return 125;
    }
}

int runProgram(const std::vector<std::string>& words)
{
    const char* fromEnvironment = std::getenv("ROCKER_SOCKET");
    Context context{fromEnvironment && *fromEnvironment ? fromEnvironment : std::string(defaultSocket)};
    std::span<const std::string> rest = words;
    while (!rest.empty() && rest[0].starts_with("--socket")) {
        const bool joined = rest[0].starts_with("--socket=");
        if (!joined && (rest[0] != "--socket" || rest.size() < 2))
            return usageError("--socket needs a value: PATH");
        context.socketPath = joined ? rest[0].substr(9) : rest[1];
        rest = rest.subspan(joined ? 1 : 2);
    }
    if (rest.empty()) {
        complain("a command is needed");
        std::fputs(overview().c_str(), stderr);
        return 2;
    }
    if (rest[0] == "help" || rest[0] == "--help" || rest[0] == "-h")
        return help(rest.subspan(1));
    if (rest[0] == "--version") {
        print("rocker " ROCKER_VERSION "\n");
        return 0;
    }
    if (rest[0].starts_with('-'))
        return usageError(std::format("'{}' is not an option of rocker itself", rest[0]));
    return runCommandLine(context, rest);
}

} // namespace rocker::cli
