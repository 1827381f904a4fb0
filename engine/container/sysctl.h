#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/spec.h"

#include <map>
#include <string>

// linux.sysctl (config-linux.md, "Sysctl"; sysctl(8)).
namespace rocker::container {

// Refuses what would change the host, or what another key of the document sets: a parameter must belong to a namespace
// that the container has for itself. Looks at no file but a network namespace that is joined by path.
Result<> checkSysctls(const spec::Spec& spec);

// The parameter's file below /proc/sys. "net.ipv4.conf.eth0/1.forwarding" is of the interface eth0.1, and so is
// "net/ipv4/conf/eth0.1/forwarding": the first separator decides which of the two notations it is. A name that would
// leave /proc/sys is an error.
Result<std::string> sysctlPath(std::string_view name);

// Writes them through `procfs`, a descriptor of os::openProcfs(), before /proc/sys is made read-only.
Result<> writeSysctls(BorrowedFd procfs, const std::map<std::string, std::string>& sysctls);

} // namespace rocker::container
