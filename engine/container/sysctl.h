#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/linux.h"

#include <map>
#include <string>

// linux.sysctl (config-linux.md, "Sysctl"; sysctl(8)).
namespace rocker::container {

// Refuses what would change the host: a parameter must belong to a namespace that the container has for itself.
// `joinsHostNetwork`: whether linux.namespaces names the caller's own network namespace by path.
Result<> checkSysctls(const spec::Linux& configuration, bool joinsHostNetwork = false);
// Whether the network namespace at `path` is the caller's own.
Result<bool> isOwnNetwork(const std::string& path);

// The parameter's file below /proc/sys. "net.ipv4.conf.eth0/1.forwarding" is of the interface eth0.1, and so is
// "net/ipv4/conf/eth0.1/forwarding": the first separator decides which of the two notations it is.
Result<std::string> sysctlPath(std::string_view name);

// Writes them through `procfs`, a descriptor of os::openProcfs(), before /proc/sys is made read-only.
Result<> writeSysctls(BorrowedFd procfs, const std::map<std::string, std::string>& sysctls);

} // namespace rocker::container
