#pragma once

#include "engine/base/result.h"
#include "engine/spec/linux.h"

#include <map>
#include <string>

namespace rocker::container {

// A new time namespace with these offsets (time_namespaces(7), linux.timeOffsets), entered by the calling process itself.
// clone3(2) with CLONE_NEWTIME leaves no moment to set offsets; here they are set between unshare(2) and setns(2). For a
// process of one thread, with CAP_SYS_ADMIN and CAP_SYS_TIME in its user namespace, a procfs at /proc, and before it
// changes its ids or hides from tracers (its files in /proc would no longer be its own).
Result<> enterTimeNamespace(const std::map<std::string, spec::TimeOffset>& offsets);

} // namespace rocker::container
