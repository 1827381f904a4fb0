#pragma once

#include "engine/cgroup/cgroup.h"
#include "engine/runtime/context.h"
#include "engine/spec/spec.h"

namespace rocker::runtime {

// The process that `exec` is to run: the container's own with what the options change, or that of --process.
struct ExecProcess {
    spec::Process process;
    std::string userName; // "name[:group]", to be looked up in the container; empty: process.user counts
};
Result<ExecProcess> execProcess(const Arguments& arguments, const spec::Spec& container);

// "path" or "controller[,controller…]:path", as runc has them.
Result<cgroup::Cgroup::Below> cgroupsBelow(const std::vector<std::string>& arguments);

} // namespace rocker::runtime
