#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"
#include "engine/spec/resources.h"

#include <string>
#include <vector>

namespace rocker::cgroup {

// Which devices a cgroup's processes may read, write and make: rules in order, the last that fits decides about each
// kind of access; what no rule names is refused. A rule of type "a" is for all devices and all access, whatever its
// numbers say, as in cgroup-v1/devices.rst.
using DeviceRules = std::vector<spec::DeviceRule>;

// Refuses unknown types, access letters and numbers, and for v1 what its lists cannot say: to deny a part of what an
// earlier rule allows with a wildcard. The message begins with "linux.resources.devices[…]".
Result<> validate(const DeviceRules& rules, Version version);

// What applies to a container of a configuration: nothing, then its own rules, then those without which none works
// (null, zero, full, random, urandom, tty, console, ptmx, pts, tun, and to make any node), as runc and crun have them.
DeviceRules withDefaults(const DeviceRules& rules);
// The helper's own containers: the seed's devices and nothing else.
DeviceRules containerDevices();

// A rule that is not for all devices, as v1's devices.allow and devices.deny take it: "c 136:* rwm".
std::string ruleText(const spec::DeviceRule& rule);
// Makes valid rules the cgroup's, by v1's files. First everything is denied (or allowed).
Result<> writeDevices(BorrowedFd directory, const DeviceRules& rules);
// The same for a cgroup with processes: what stays allowed is so all the time.
Result<> changeDevices(BorrowedFd directory, const DeviceRules& rules);

} // namespace rocker::cgroup
