#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/linux.h"

#include <string>
#include <sys/types.h>
#include <vector>

// Device nodes as config.json has them (config-linux.md "Devices", "Default Devices").
namespace rocker::device {

struct Node {
    std::string where;  // JSON path for errors, "linux.devices[2]"; empty for a default one
    std::string path;   // absolute, anywhere in the container
    mode_t mode = 0;    // type and permissions
    dev_t number = 0;
    uid_t uid = 0;      // the container's ids
    gid_t gid = 0;

    bool operator==(const Node&) const = default;
};

// linux.devices, then the default devices that they do not name: null, zero, full, random, urandom, tty. /dev/ptmx is
// always the link to devpts. Pure; errors begin with the JSON path.
Result<std::vector<Node>> planNodes(const std::vector<spec::Device>& devices);

// Which host's ids the container's are; without any they are not known (a user namespace joined by its path).
struct IdMaps {
    const std::vector<spec::IdMapping>& uids;
    const std::vector<spec::IdMapping>& gids;
};

// For a container in a user namespace, where mknod(2) makes no usable node: a detached mount for each, in the order of
// `nodes`; a FIFO gets none (the child makes it). What linux.devices wants is made anew in a tmpfs, with its owner and
// mode; default devices, and all of them where we may not make nodes, are the host's of the same path, checked to be the
// wanted device. In the parent, in the host's mount namespace, before the child is cloned.
Result<std::vector<UniqueFd>> openHostNodes(const std::vector<Node>& nodes, const IdMaps& ids);

// In the child, after the mounts and before the root is changed: makes (or, with `hostNodes` not empty, binds) each
// node, its directories where missing. What is there already and is the same device is left as it is; anything else is
// an error.
Result<> makeNodes(BorrowedFd root, const std::vector<Node>& nodes, const std::vector<UniqueFd>& hostNodes);

// fd, stdin, stdout, stderr, core and ptmx in the container's /dev; existing ones stay, but for ptmx.
Result<> makeLinks(BorrowedFd root);

} // namespace rocker::device
