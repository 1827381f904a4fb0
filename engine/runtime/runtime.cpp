#include "engine/bundle/sealed.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/output.h"
#include "engine/runtime/pid_file.h"
#include "engine/runtime/version.h"
#include "engine/seccomp/names.h"
#include "engine/spec/spec.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::runtime {

namespace {

std::string_view variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

// A standard stream that is closed would be the next descriptor that is opened, and the container would inherit that.
void fillStandardStreams()
{
    for (int fd = 0; fd <= STDERR_FILENO; ++fd)
        if (::fcntl(fd, F_GETFD) < 0)
            (void)::open("/dev/null", O_RDWR);
}

// The state of others' containers is not for everybody's directory: a user has his own, which a login's end clears.
std::string defaultRoot()
{
    const std::string_view personal = variable("XDG_RUNTIME_DIR");
    if (!personal.empty() && ::geteuid() != 0)
        return std::format("{}/rocker-runtime", personal);
    return "/run/rocker-runtime";
}

Result<std::string> rootOf(const Arguments& options)
{
    if (!options.has("root"))
        return defaultRoot();
    std::string root = TRY(absolutePath(options.text("root")));
    while (root.size() > 1 && (root.ends_with('/') || root.ends_with("/.")))
        root.pop_back();
    if (root == "/" || root.empty())
        return fail(ErrorCode::InvalidArgument, "Option --root argument should not be set to /");
    return root;
}

Result<Level> levelOf(const Arguments& options)
{
    const std::string level = options.text("log-level", "warning");
    if (options.isOn("debug") || level == "debug")
        return Level::Debug;
    if (level != "error" && level != "warning" && level != "info")
        return fail(ErrorCode::InvalidArgument, "unknown log-level '{}'", level);
    return level == "error" ? Level::Error : level == "info" ? Level::Info : Level::Warning;
}

Result<Context::Manager> managerOf(const Arguments& options)
{
    const std::string name = options.text("cgroup-manager", options.isOn("systemd-cgroup") ? "systemd" : "cgroupfs");
    if (name == "systemd")
        return Context::Manager::Systemd;
    if (name == "disabled")
        return Context::Manager::Disabled;
    if (name != "cgroupfs")
        return fail(ErrorCode::InvalidArgument, "unknown cgroup manager '{}'", name);
    return Context::Manager::Cgroupfs;
}

Result<std::optional<bool>> rootlessOf(const Arguments& options)
{
    const std::string text = options.text("rootless", "auto");
    if (text == "auto" || text.empty())
        return std::optional<bool>();
    if (text != "true" && text != "false" && text != "1" && text != "0")
        return fail(ErrorCode::InvalidArgument, "invalid value for rootless: '{}'", text);
    return std::optional(text == "true" || text == "1");
}

Result<> configure(Context& context, const Arguments& options)
{
    // First the log, which the other errors go to.
    context.log = TRY(Log::open(options.text("log"), options.text("log-format"), TRY(levelOf(options))));
    context.root = TRY(rootOf(options));
    context.rootGiven = options.has("root");
    context.cgroupManager = TRY(managerOf(options));
    context.rootless = TRY(rootlessOf(options));
    return {};
}

int fatal(const Context& context, const Error& error, int code = EXIT_FAILURE)
{
    context.log.fatal(error.what);
    return code;
}

std::string versionText(std::string_view program)
{
    return std::format("{} version {}\ncommit: {}\nspec: {}\nlibseccomp: {}\n+SYSTEMD +SELINUX +APPARMOR +CAP +SECCOMP +EBPF\n", program,
                       programVersion, programVersion, spec::newestVersion, seccomp::libraryVersion());
}

bool wantsHelp(std::span<const std::string_view> words, const Command& command)
{
    std::size_t positional = 0;
    for (const std::string_view word : words) {
        if (word == "--" || positional >= command.optionsEnd)
            return false;
        if (word == "-h" || word == "--help" || word == "-help")
            return true;
        positional += !word.starts_with('-');
    }
    return false;
}

Result<> checkCount(const Context& context)
{
    const Command& command = *context.command;
    const std::size_t count = context.arguments.positional().size();
    // A process from a file needs no words of its own.
    if (count >= command.minimum && count <= command.maximum)
        return {};
    (void)print(std::format("Incorrect Usage.\n\n{}", helpOf(context.program, command)));
    const auto [bound, number] = command.minimum == command.maximum ? std::pair("exactly", command.minimum)
        : count < command.minimum                                    ? std::pair("a minimum of", command.minimum)
                                                                     : std::pair("a maximum of", command.maximum);
    return fail(ErrorCode::InvalidArgument, "{}: \"{}\" requires {} {} argument(s)", context.program, command.name, bound, number);
}

// `words` begin with the command's name.
int runCommand(Context& context, const Arguments& options, std::span<const std::string_view> words, char* const* argv)
{
    context.command = findCommand(words.front());
    if (!context.command) {
        if (words.front() == "completion")
            return print(completionFor(context.program)) ? EXIT_SUCCESS : EXIT_FAILURE;
        if (words.front() == "help" && words.size() == 1)
            return print(generalHelp(context.program)) ? EXIT_SUCCESS : EXIT_FAILURE;
        const std::string_view topic = words.front() == "help" ? words[1] : words.front();
        if (const Command* command = words.front() == "help" ? findCommand(topic) : nullptr)
            return print(helpOf(context.program, *command)) ? EXIT_SUCCESS : EXIT_FAILURE;
        return fatal(context, {ErrorCode::InvalidArgument, 0, std::format("No help topic for '{}'", topic)}, 3);
    }
    words = words.subspan(1);
    if (wantsHelp(words, *context.command))
        return print(helpOf(context.program, *context.command)) ? EXIT_SUCCESS : EXIT_FAILURE;

    auto arguments = Arguments::parse(context.command->options, words, context.command->optionsEnd);
    if (auto configured = configure(context, options); !configured)
        return fatal(context, configured.error());
    if (!arguments) {
        (void)print(std::format("Incorrect Usage: {}\n\n{}", arguments.error().what, helpOf(context.program, *context.command)));
        return fatal(context, arguments.error());
    }
    context.arguments = std::move(*arguments);
    if (auto counted = checkCount(context); !counted)
        return fatal(context, counted.error());
    // What makes a process in a container leaves it a way to this program's file.
    if (const std::string_view name = context.command->name; name == "create" || name == "run" || name == "exec") {
        if (const auto sealed = bundle::runFromSealedProgram(argv); !sealed)
            return fatal(context, sealed.error(), context.command->failure);
        context.log.debug("runc exeseal: using /proc/self/exe clone");
    }
    const auto code = handlerOf(context.command->name)(context);
    return code ? *code : fatal(context, code.error(), context.command->failure);
}

} // namespace

int runtimeMain(int argc, char** argv)
{
    fillStandardStreams();
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
    Context context;
    const std::string_view called = argc > 0 ? argv[0] : "rocker-runtime";
    context.program = called.substr(called.rfind('/') + 1);

    const auto options = Arguments::parse(globalOptions(), words, 1);
    if (!options)
        return fatal(context, options.error());
    if (options->has("version") || options->has("V"))
        return print(versionText(context.program)) ? EXIT_SUCCESS : EXIT_FAILURE;
    if (options->has("help") || options->positional().empty()) {
        if (auto printed = print(generalHelp(context.program)); !printed)
            return EXIT_FAILURE;
        return options->has("help") ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    return runCommand(context, *options, std::span(words).subspan(options->wordOf(0)), argv);
}

} // namespace rocker::runtime
