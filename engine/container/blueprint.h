#pragma once

#include "engine/container/namespaces.h"
#include "engine/container/process_spec.h"
#include "engine/device/nodes.h"
#include "engine/mount/plan.h"
#include "engine/mount/root.h"
#include "engine/mount/sources.h"
#include "engine/spec/spec.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rocker::container {

// Everything that a container's first process needs to know and to have, decided and opened before it is born: made from
// a bundle's config.json, or from the helper's record.
struct Blueprint {
    ProcessSpec process;
    bool hasCommand = true; // else it can be set up, and never started
    Namespaces namespaces;
    std::string hostname;   // empty: the creator's
    std::string domainname;
    std::map<std::string, std::string> sysctl;

    mount::Plan mounts;
    mount::Sources sources;
    UniqueFd root;         // the detached root file system; not valid when it comes with the go-ahead, as first of the
                           // descriptors, followed by those that Sources gets in their order
    std::string rootPath;  // where hooks look for it; empty: nowhere
    mount::RootChange rootChange = mount::RootChange::Pivot;
    std::vector<device::Node> nodes;
    std::vector<UniqueFd> hostNodes;
    bool makeDevLinks = false;

    std::vector<spec::Hook> createContainer;
    std::vector<spec::Hook> startContainer;
    std::function<Result<>()> confineStartContainer; // loads the command's filter into such a hook; may be empty
    UniqueFd hookOutput; // of both; not valid: kept for their errors
    UniqueFd hookErrorOutput;
    bool hooksBeforePivot = false; // somebody outside has hooks to run while the old root is still there
};

} // namespace rocker::container
