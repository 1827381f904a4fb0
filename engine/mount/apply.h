#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/mount/plan.h"
#include "engine/mount/sources.h"

#include <functional>
#include <string>
#include <vector>

namespace rocker::mount {

// Carries a plan out, in the container's namespaces and before its root is changed: the host's /dev/null, /proc and
// /sys are still at their paths. Targets are resolved in the root at the moment of their step (openat2(2),
// RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS), made where missing, and what has been attached is looked up again and
// compared: a path that somebody exchanges meanwhile is an error, never a mount elsewhere.
class Assembler
{
public:
    // Has a tree from inside the root ID-mapped by who may (Sources::mapInside()), in a user namespace nobody inside.
    using MapOutside = std::function<Result<>(BorrowedFd tree, std::size_t source)>;

    // `root` is what attachRoot() returned; plan, sources and root must outlive it.
    Assembler(const Plan& plan, Sources& sources, BorrowedFd root, MapOutside mapOutside = {})
        : m_plan(plan), m_sources(sources), m_root(root), m_mapOutside(std::move(mapOutside))
    {
    }

    // The steps, in order. On /proc only procfs may be mounted, below it only what runc allows.
    Result<> mountAll();

    // What has been mounted on "/", for who goes on working in the root; not valid when nothing has.
    UniqueFd takeCover() { return std::move(m_cover); }

    // Read-only tmpfs and /dev, masked and read-only paths, the read-only root; each verified. After the devices, the
    // console and the hooks.
    Result<> protect();

private:
    Result<> mountOne(const Step& step);
    Result<> mountFilesystem(const Step& step);
    Result<> mountFallback(const Step& step, BorrowedFd place);
    Result<> mountBind(const Step& step);
    Result<> remount(const Step& step);
    Result<> makeLink(const Step& step);
    Result<> standOn(BorrowedFd mount);

    struct Late {
        UniqueFd mount;
        std::string target;
    };
    const Plan& m_plan;
    Sources& m_sources;
    BorrowedFd m_root;
    MapOutside m_mapOutside;
    UniqueFd m_cover;
    std::vector<Late> m_late;
};

// Covers and write-protects paths of the container (config-linux.md "Masked Paths", "Readonly Paths"): files by a
// read-only bind of the host's null device, whose number is checked; directories by one empty read-only tmpfs that all
// share. Missing ones are passed over. What is covered is looked up again and compared.
Result<> maskPaths(BorrowedFd root, const std::vector<std::string>& paths);
Result<> makePathsReadOnly(BorrowedFd root, const std::vector<std::string>& paths);

// /dev/console of the container: a bind of the terminal's own end (a descriptor of a pty in the container's devpts,
// checked to be one). A link at /dev/console is refused, a missing file made. In the child, before protect().
Result<> attachConsole(BorrowedFd root, BorrowedFd terminal);

} // namespace rocker::mount
