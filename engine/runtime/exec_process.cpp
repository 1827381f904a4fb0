#include "engine/runtime/exec_process.h"

#include "engine/container/user.h"
#include "engine/os/file.h"

namespace rocker::runtime {

static constexpr std::int64_t largestId = 0xfffffffe; // the one above stands for "unchanged" in system calls

static bool looksLikeNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("+-0123456789") == std::string_view::npos;
}

// "uid[:gid]". What is not a number must not become one: not -1, not 4294967296, not " 0".
static Result<> applyUser(ExecProcess& exec, const std::string& text)
{
    const std::size_t colon = text.find(':');
    const std::string_view uid = std::string_view(text).substr(0, colon);
    const std::string_view gid = colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
    if (text.empty() || uid.empty() || (colon != std::string::npos && gid.empty()))
        return fail(ErrorCode::InvalidArgument, "bad user '{}': UID[:GID] is expected", text);
    if (!looksLikeNumber(uid) || (!gid.empty() && !looksLikeNumber(gid))) {
        exec.userName = text;
        return {};
    }
    return TRY(container::readUserOption(text, exec.process.user), "bad user '{}'", text), Result<>{};
}

static void addCapability(spec::Process& process, const std::string& name)
{
    spec::Capabilities& sets = process.capabilities ? *process.capabilities : process.capabilities.emplace();
    // Ambient ones must be inheritable, and those the option does not touch (capabilities(7)).
    if (!sets.inheritable.empty())
        sets.ambient.push_back(name);
    sets.bounding.push_back(name);
    sets.effective.push_back(name);
    sets.permitted.push_back(name);
}

static Result<spec::Process> readProcess(const std::string& path)
{
    return TRY(spec::parseProcess(TRY(os::readFile(path), "read '{}'", path)), "{}", path);
}

Result<ExecProcess> execProcess(const Arguments& arguments, const spec::Spec& container)
{
    ExecProcess exec;
    if (const std::string path = arguments.text("process"); !path.empty()) {
        exec.process = TRY(readProcess(path));
        if (arguments.isOn("tty"))
            exec.process.terminal = true;
        TRY(spec::validate(exec.process));
        return exec;
    }
    if (arguments.positional().size() < 2)
        return fail(ErrorCode::InvalidArgument, "exec args cannot be empty");
    spec::Process& process = exec.process;
    if (container.process)
        process = *container.process;
    else
        process.cwd = "/";
    process.args.assign(arguments.positional().begin() + 1, arguments.positional().end());
    process.terminal = arguments.isOn("tty");
    if (const std::string cwd = arguments.text("cwd"); !cwd.empty())
        process.cwd = cwd;
    if (const std::string profile = arguments.text("apparmor"); !profile.empty())
        process.apparmorProfile = profile;
    if (const std::string label = arguments.text("process-label"); !label.empty())
        process.selinuxLabel = label;
    if (arguments.has("no-new-privs"))
        process.noNewPrivileges = arguments.isOn("no-new-privs");
    for (const std::string& name : arguments.all("cap"))
        addCapability(process, name);
    for (const std::string& entry : arguments.all("env"))
        process.env.push_back(entry);
    if (arguments.has("user"))
        TRY(applyUser(exec, arguments.text("user")));
    for (const std::string& gid : arguments.all("additional-gids"))
        process.user.additionalGids.push_back(std::uint32_t(TRY(parseNumber(gid, 0, largestId), "additional-gids")));
    TRY(spec::validate(process));
    return exec;
}

Result<cgroup::Cgroup::Below> cgroupsBelow(const std::vector<std::string>& arguments)
{
    cgroup::Cgroup::Below below;
    for (const std::string& argument : arguments) {
        const std::size_t colon = argument.find(':');
        if (colon == std::string::npos) {
            if (arguments.size() != 1)
                return fail(ErrorCode::InvalidArgument, "invalid --cgroup argument: {} (missing <controller>: prefix)", argument);
            below[""] = argument;
            break;
        }
        for (std::string_view rest = std::string_view(argument).substr(0, colon + 1); !rest.empty();) {
            const std::size_t end = rest.find_first_of(",:");
            const std::string controller(rest.substr(0, end));
            rest.remove_prefix(end + 1);
            if (controller.empty())
                return fail(ErrorCode::InvalidArgument, "invalid --cgroup argument: {} (empty <controller> prefix)", argument);
            if (!below.try_emplace(controller, argument.substr(colon + 1)).second)
                return fail(ErrorCode::InvalidArgument, "invalid --cgroup argument(s): controller {} specified multiple times", controller);
        }
    }
    return below;
}

} // namespace rocker::runtime
