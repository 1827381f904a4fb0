#include "engine/base/scope_exit.h"
#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/device_program.h"
#include "engine/cgroup/directory.h"
#include "engine/cgroup/freezer.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <array>
#include <sys/stat.h>

namespace rocker::cgroup {

namespace {

bool isPermission(const Error& error)
{
    return error.errnum == EACCES || error.errnum == EPERM || error.errnum == EROFS;
}

std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string inside(const std::string& path, const std::string& file)
{
    return path.empty() ? file : path + "/" + file;
}

// Whether `word` is one of a list separated by blanks.
bool lists(std::string_view list, std::string_view word)
{
    for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1))
        if ((at == 0 || list[at - 1] == ' ') &&
            (at + word.size() == list.size() || list[at + word.size()] == ' ' || list[at + word.size()] == '\n'))
            return true;
    return false;
}

// A v1 cpuset without processors or memory nodes takes no process in, and a new one has none: what the next one above
// has that is not empty goes down to it (cpuset(7)). Returns what the cgroup then has.
Result<std::string> fillCpuset(BorrowedFd top, const std::string& path, const std::string& file)
{
    std::string own = TRY(os::readFile(top, inside(path, file)), "read {} of '{}'", file, path);
    if (path.empty() || own.find_first_of("0123456789") != std::string::npos)
        return own;
    std::string value = TRY(fillCpuset(top, parentOf(path), file));
    TRY(os::writeControlFile(top, inside(path, file), value), "write {} of '{}'", file, path);
    return value;
}

} // namespace

class Creator
{
public:
    Creator(const Layout& layout, const Creation& creation) : m_layout(layout), m_creation(creation) {}

    Result<Cgroup> run()
    {
        const Version version = m_layout.version();
        TRY(validate(m_creation.resources, version));
        TRY(validate(m_creation.devices, version));
        m_cgroup = Cgroup::open(m_layout, m_creation.place, m_creation.named);
        m_settings = settings(m_creation.resources, version);
        TRY(checkControllers());
        ScopeExit undo([this] { removeMade(); });
        for (std::size_t i = 0; i < m_cgroup.m_parts.size();) {
            const Cgroup::Part& part = m_cgroup.m_parts[i];
            auto made = make(part);
            if (!made && m_creation.tolerance == Tolerance::Rootless && isPermission(made.error())) {
                TRY(leaveOut(part));
                removeMade(part.top);
                m_cgroup.m_parts.erase(m_cgroup.m_parts.begin() + std::ptrdiff_t(i));
                continue;
            }
            TRY(std::move(made), "make the cgroup '{}'", part.fullPath());
            ++i;
        }
        undo.dismiss();
        return std::move(m_cgroup);
    }

private:
    bool pureUnified() const { return m_cgroup.m_pureUnified; }

    // Before anything is made: a setting without its controller is no setting.
    Result<> checkControllers()
    {
        if (pureUnified() && !m_settings.empty())
            m_available = TRY(os::readFile(TRY(m_cgroup.unifiedPart()->openTop()), "cgroup.controllers"),
                              "read cgroup.controllers");
        for (const Setting& setting : m_settings)
            if (!setting.optional && !has(setting.controller))
                return fail(ErrorCode::InvalidArgument, "{}: the requested cgroup controller `{}` is not available",
                            setting.origin, setting.controller);
        if (!m_creation.devices.empty() && !deviceControl() && !mayRunWithoutRules())
            return fail(ErrorCode::Unavailable,
                        "linux.resources.devices: the requested cgroup controller `devices` is not available");
        return {};
    }

    bool has(const std::string& controller) const
    {
        return pureUnified() ? controller == "cgroup" || lists(m_available, controller)
                             : m_cgroup.part(controller) != nullptr;
    }

    // The part that keeps devices from the container: v1's controller, or a program, which v2 takes beside v1 as well.
    const Cgroup::Part* deviceControl() const
    {
        const Cgroup::Part* const devices = m_cgroup.part("devices");
        return devices ? devices : m_cgroup.unifiedPart();
    }

    Result<> leaveOut(const Cgroup::Part& part) const
    {
        for (const Setting& setting : m_settings)
            if (!setting.optional && (pureUnified() || part.has(setting.controller)))
                return fail(ErrorCode::PermissionDenied,
                            "{}: cannot set {} limit: container could not join or create cgroup", setting.origin,
                            setting.controller);
        return {};
    }

    Result<> make(const Cgroup::Part& part)
    {
        const BorrowedFd top = TRY(part.openTop());
        const bool isNew = TRY(makeDirectory(part, top, m_creation.place));
        if (!isNew)
            TRY(checkUnused(part));
        if (part.unified && pureUnified())
            TRY(enableControllers(top, TRY(part.open())));
        if (part.has("cpuset"))
            TRY(fillCpusets(top, isNew));
        std::vector<Setting> own;
        for (const Setting& setting : m_settings)
            if (pureUnified() ? part.unified : part.has(setting.controller))
                own.push_back(setting);
        if (!own.empty())
            TRY(write(TRY(part.open()), own));
        if (&part == deviceControl() && !m_creation.devices.empty())
            TRY(controlDevices(part));
        return {};
    }

    // Whether it is new. The cgroups above are made when they are missing, and made again when another container that
    // ends takes them away in this moment.
    Result<bool> makeDirectory(const Cgroup::Part& part, BorrowedFd top, const std::string& path)
    {
        for (int attempt = 0;; ++attempt) {
            auto made = os::checkDone(::mkdirat(top.value(), path.c_str(), 0755));
            if (made) {
                m_made.emplace_back(part.top, path);
                return true;
            }
            if (made.error().errnum == EEXIST)
                return false;
            if (made.error().errnum != ENOENT || path.find('/') == std::string::npos || attempt == 10)
                return fail(std::move(made).error());
            TRY(makeDirectory(part, top, parentOf(path)));
        }
    }

    Result<> checkUnused(const Cgroup::Part& part) const
    {
        const BorrowedFd group = TRY(part.open());
        if (const auto processes = TRY(processesBelow(group)); !processes.empty())
            return fail(ErrorCode::FailedPrecondition, "container's cgroup is not empty: {} process(es) found",
                        processes.size());
        if ((part.unified && TRY(isFrozen(group, Version::V2))) ||
            (part.has("freezer") && TRY(isFrozen(group, Version::V1))))
            return fail(ErrorCode::FailedPrecondition, "container's cgroup unexpectedly frozen");
        return {};
    }

    Result<> fillCpusets(BorrowedFd top, bool isNew) const
    {
        const std::string prefix = os::exists(top, "cpus") ? "" : "cpuset."; // mounted with noprefix
        for (const char* file : {"cpus", "mems"}) {
            const std::string own = inside(m_creation.place, prefix + file);
            const std::string value =
                TRY(fillCpuset(top, isNew ? parentOf(m_creation.place) : m_creation.place, prefix + file));
            const bool set = std::ranges::contains(m_settings, std::string("cpuset.") + file, &Setting::file);
            if (isNew && !set) // a new one is empty without a look
                TRY(os::writeControlFile(top, own, value), "write {}", own);
        }
        return {};
    }

    // v2: every controller of the hierarchy from its top down to the container (config-linux.md, "Unified": those that
    // are needed must be). Where processes stand in the way, or the machine's owner, only what is needed counts.
    Result<> enableControllers(BorrowedFd top, BorrowedFd group)
    {
        const std::string all = TRY(os::readFile(top, "cgroup.controllers"), "read cgroup.controllers");
        if (TRY(os::readFile(group, "cgroup.controllers"), "read cgroup.controllers") == all)
            return {};
        for (std::size_t end = 0; end != std::string::npos; end = m_creation.place.find('/', end + 1)) {
            const std::string path = m_creation.place.substr(0, end);
            delegate(top, inside(path, "cgroup.subtree_control"), all);
            const std::size_t childEnd = m_creation.place.find('/', path.empty() ? 0 : end + 1);
            TRY(settleType(top, m_creation.place.substr(0, childEnd)));
        }
        const std::string enabled = TRY(os::readFile(group, "cgroup.controllers"), "read cgroup.controllers");
        for (const Setting& setting : m_settings)
            if (!setting.optional && setting.controller != "cgroup" && !lists(enabled, setting.controller))
                return fail(ErrorCode::FailedPrecondition, "{}: controller `{}` is not available under {}",
                            setting.origin, setting.controller, m_cgroup.unifiedPart()->fullPath());
        return {};
    }

    static void delegate(BorrowedFd top, const std::string& file, std::string_view controllers)
    {
        std::vector<std::string> each;
        std::string together;
        while (!controllers.empty()) {
            const std::size_t end = std::min(controllers.find_first_of(" \n"), controllers.size());
            if (end != 0)
                together +=
                    (together.empty() ? "" : " ") + each.emplace_back("+" + std::string(controllers.substr(0, end)));
            controllers.remove_prefix(std::min(end + 1, controllers.size()));
        }
        if (os::writeControlFile(top, file, together))
            return;
        for (const std::string& controller : each)
            (void)os::writeControlFile(top, file, controller);
    }

    // Below a cgroup that has processes a new one is "domain invalid": it can become threaded, which gives it the
    // controllers of threads only (cgroup-v2.rst, "Threads").
    Result<> settleType(BorrowedFd top, const std::string& path) const
    {
        std::string type = os::readFile(top, inside(path, "cgroup.type")).value_or("");
        type = type.substr(0, type.find('\n'));
        if (type != "domain invalid" && type != "threaded" && type != "domain threaded")
            return {};
        constexpr std::array<std::string_view, 5> ofDomains{"memory", "io", "hugetlb", "rdma", "misc"};
        for (const Setting& setting : m_settings)
            if (std::ranges::contains(ofDomains, setting.controller))
                return fail(ErrorCode::FailedPrecondition,
                            "{}: cannot enter cgroupv2 \"{}\" with domain controllers -- it is in {}", setting.origin,
                            path, type == "domain invalid" ? "an invalid state" : type + " mode");
        if (type == "domain invalid")
            (void)os::writeControlFile(top, inside(path, "cgroup.type"), "threaded");
        return {};
    }

    Result<> controlDevices(const Cgroup::Part& part) const
    {
        const BorrowedFd group = TRY(part.open());
        auto done =
            part.unified ? attachDeviceProgram(group, m_creation.devices) : writeDevices(group, m_creation.devices);
        if (!done && isPermission(done.error()) &&
            (m_creation.tolerance == Tolerance::Rootless || mayRunWithoutRules()))
            return {};
        return TRY(std::move(done), "linux.resources.devices"), Result<>{};
    }

    // In one hierarchy, or in all.
    void removeMade(const std::string& hierarchy = {})
    {
        for (auto made = m_made.rbegin(); made != m_made.rend(); ++made)
            if (hierarchy.empty() || hierarchy == made->first)
                if (const auto top = openHierarchy(made->first))
                    (void)os::removeDirectory(*top, made->second);
    }

    const Layout& m_layout;
    const Creation& m_creation;
    Cgroup m_cgroup;
    std::vector<Setting> m_settings;
    std::string m_available; // v2: the controllers at the top
    std::vector<std::pair<std::string, std::string>> m_made; // the hierarchy's top and the path, in order
};

Result<Cgroup> Cgroup::create(const Layout& layout, const Creation& creation)
{
    return Creator(layout, creation).run();
}

} // namespace rocker::cgroup
