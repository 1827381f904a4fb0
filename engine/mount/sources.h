#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/mount/plan.h"

#include <sys/stat.h>
#include <vector>

namespace rocker::mount {

// Everything that a plan takes from the host, as detached mounts (open_tree(2)): opened by the parent in the host's
// mount namespace before the child is cloned, inherited by the child, attached there. Dropped unattached, they undo
// themselves.
class Sources
{
public:
    // Opens the source of every Bind step, relative ones below `bundle`; attributes, propagation and maps of their own
    // are set already. Fills in the steps' sourceIndex. A source that does not exist is an error that names it.
    static Result<Sources> open(Plan& plan, BorrowedFd bundle);

    // A mount that the caller made itself; for givenMount().
    std::size_t add(UniqueFd tree);

    // Whether a bind is to be ID-mapped as the container is; then mapIds() must follow, in the parent, when the maps of
    // `userNamespace` are written and before the child goes on. Acts on the mounts that the child has inherited.
    bool needsContainerIds() const { return m_needsContainerIds; }
    Result<> mapIds(const Plan& plan, BorrowedFd userNamespace);
    // The same for a tree that the child has opened inside its root, for the step with that source.
    Result<> mapInside(const Plan& plan, std::size_t source, BorrowedFd tree, BorrowedFd userNamespace) const;

    struct Source {
        UniqueFd tree;
        mode_t type = S_IFDIR; // S_IFMT bits of what it is
        std::string link;      // of a copied link: where it points
        UniqueFd idMap;        // of a bind from inside the root, which the child opens: the user namespace of its maps
    };
    Source& at(std::size_t index) { return m_sources[index]; }
    const Source& at(std::size_t index) const { return m_sources[index]; }
    std::size_t size() const { return m_sources.size(); }

private:
    std::vector<Source> m_sources;
    bool m_needsContainerIds = false;
};

// A detached copy of an open file or directory of the host, with nosuid and nodev and, when asked, read-only, together
// with all that is mounted below it. `idMap`, when valid, is a user namespace for an ID-mapped mount; a file system
// that cannot be mapped is left unmapped.
Result<UniqueFd> cloneBind(BorrowedFd source, bool readOnly, BorrowedFd idMap);

// A user namespace with these maps, as long as the descriptor lives: made by a child that ends at once. For ID-mapped
// mounts (mount_setattr(2)).
Result<UniqueFd> makeUserNamespace(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids);

} // namespace rocker::mount
