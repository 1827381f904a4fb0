#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/linux.h"

#include <map>
#include <string>

// A container's network namespace: its loopback interface, and devices of the host moved into it (linux.netDevices,
// config-linux.md "Network Devices"), by rtnetlink(7).
namespace rocker::network {

// In the calling process's own namespace.
Result<> bringUpLoopback();

// A name that the kernel takes: 1 to 15 bytes, no '/', ':' or white space, not "." or "..".
bool isDeviceName(std::string_view name);

// Moves each device from the caller's network namespace into `target`, renamed in the same operation, sets it up there
// and gives it back its permanent addresses of global scope, which the kernel takes away on the way. A name that is taken
// there is an error; "eth%d" has the kernel find a free one. Needs CAP_NET_ADMIN over both namespaces, CAP_SYS_ADMIN over
// the target. The caller has one thread: it enters the target for a moment.
Result<> moveDevices(const std::map<std::string, spec::NetDevice>& devices, BorrowedFd target);

} // namespace rocker::network
