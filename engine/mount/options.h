#pragma once

#include "engine/base/result.h"
#include "engine/os/mount.h"
#include "engine/spec/linux.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rocker::mount {

// What the options of one entry of config.json's `mounts` say (config.md "Linux mount options", mount(8)). Pure.
struct Options {
    // Of the mount itself: MOUNT_ATTR_… of mount_setattr(2). `cleared` are those that were named only to be off ("rw",
    // "dev"); a later option overrides an earlier one. With `accessTime`, `set` also decides the access time class,
    // and nodiratime: what it lacks is off.
    std::uint64_t set = 0;
    std::uint64_t cleared = 0;
    bool accessTime = false;
    bool flagsGiven = false; // any option of this kind: a bind then loses the attributes that were not asked for

    // Of the mount and of all below it ("rro", "rnosuid"): ready for mount_setattr(2), MOUNT_ATTR__ATIME included.
    std::uint64_t recursiveSet = 0;
    std::uint64_t recursiveCleared = 0;

    std::vector<unsigned long> propagation; // MS_SHARED and its kin, with MS_REC, in the order given

    enum class Bind { No, One, Recursive };
    Bind bind = Bind::No;
    bool remount = false;
    bool copyUp = false; // tmpcopyup: a tmpfs begins with what it covers

    enum class IdMap { No, One, Recursive };
    IdMap idMap = IdMap::No;
    // Of crun's "idmap=uids=0-1-10#10-11-10;gids=@0-1-10" (disk-host-count); with "@" the second is an id of the
    // container.
    struct Mapping {
        spec::IdMapping ids;
        bool ofContainer = false;
        bool operator==(const Mapping&) const = default;
    };
    std::vector<Mapping> uidMappings;
    std::vector<Mapping> gidMappings;

    // crun's: a link at the end of the source is the source; one at the end of the target is the target; a link as the
    // source is made anew at the target.
    bool sourceNoFollow = false;
    bool targetNoFollow = false;
    bool copySymlink = false;

    std::vector<os::FilesystemOption> superblock; // "sync", "dirsync", "lazytime" and their opposites
    bool iversion = false;                        // only mount(2) can say it
    std::vector<os::FilesystemOption> data;       // everything else: the file system's own
};

// Unknown words go to `data`, split at commas. The error names the option, not yet the JSON path.
Result<Options> parseOptions(const std::vector<std::string>& options);

// "private", "rslave", … of linux.rootfsPropagation as MS_… with MS_REC.
Result<unsigned long> parsePropagation(const std::string& word);

} // namespace rocker::mount
