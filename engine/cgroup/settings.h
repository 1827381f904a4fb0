#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"
#include "engine/spec/resources.h"

#include <string>
#include <vector>

// A configuration's resources as writes to control files (runtime-spec config-linux.md "Control groups";
// Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst). Devices are not among them: device_rules.h.
namespace rocker::cgroup {

// One write to a control file.
struct Setting {
    std::string controller; // that has the file: "memory", "blkio" (v1), "io" (v2)
    std::string file;
    std::string value;
    std::string origin; // the value's path in config.json: "linux.resources.memory.limit"
    // A kernel without the file: it has no such limit to lift, so that the setting holds anyway.
    bool optional = false;
    // Files that limit each other: refused now (EINVAL), the write comes again after the controller's others.
    bool again = false;
    // What to write instead where the file is missing; no file for nothing.
    std::string otherFile = {};
    std::string otherValue = {};

    bool operator==(const Setting&) const = default;
};

// Refuses what no kernel of this version would take and what the version cannot do, before anything is made; the
// message begins with the path of the value. 0 means "not set" wherever the peers take it so (limits, shares, quota,
// period).
Result<> validate(const spec::Resources& resources, Version version);

// The writes, in their order, for valid resources.
std::vector<Setting> settingsV1(const spec::Resources& resources);
std::vector<Setting> settingsV2(const spec::Resources& resources);
std::vector<Setting> settings(const spec::Resources& resources, Version version);

// Writes them into a cgroup's directory (any controller's: the caller chooses). A refusal of the kernel names origin,
// file and value.
Result<> write(BorrowedFd directory, const std::vector<Setting>& settings);

// cpu.shares (2 to 262144, default 1024) as cpu.weight (1 to 10000, default 100): the quadratic that runc and crun use.
std::uint64_t weightOfShares(std::uint64_t shares);
// blkio.weight (10 to 1000) as io.weight (1 to 10000).
std::uint64_t ioWeightOfBlkio(std::uint64_t weight);

} // namespace rocker::cgroup
