#include "floor.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char* const hierarchies[] = {"blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids"};
enum { hierarchyCount = sizeof hierarchies / sizeof *hierarchies };
static int tasks[hierarchyCount];

static const char* const limits[][3] = {
    {"memory", "memory.limit_in_bytes", "268435456"},
    {"cpu", "cpu.shares", "512"},
    {"cpu", "cpu.cfs_period_us", "100000"},
    {"cpu", "cpu.cfs_quota_us", "100000"},
    {"pids", "pids.max", "512"},
    {"devices", "devices.deny", "a"},
    {"devices", "devices.allow", "c *:* m"},
    {"devices", "devices.allow", "b *:* m"},
    {"devices", "devices.allow", "c 1:3 rwm"},
    {"devices", "devices.allow", "c 1:5 rwm"},
    {"devices", "devices.allow", "c 1:7 rwm"},
    {"devices", "devices.allow", "c 1:8 rwm"},
    {"devices", "devices.allow", "c 1:9 rwm"},
    {"devices", "devices.allow", "c 5:0 rwm"},
    {"devices", "devices.allow", "c 5:2 rwm"},
    {"devices", "devices.allow", "c 136:* rwm"},
};

static void put(int directory, const char* name, const char* value, size_t length)
{
    const int file = (int)must(openat(directory, name, O_WRONLY | O_CLOEXEC), name);
    must(write(file, value, length), name);
    close(file);
}

// A new cpuset is empty, and takes no process until it has what its parent has.
static void inherit(int directory, const char* name)
{
    char from[64], value[256];
    snprintf(from, sizeof from, "../%s", name);
    const int file = (int)must(openat(directory, from, O_RDONLY | O_CLOEXEC), from);
    const long length = must(read(file, value, sizeof value), from);
    close(file);
    put(directory, name, value, (size_t)length);
}

static void directoryOf(char (*path)[4096], const char* hierarchy, const char* cgroup)
{
    snprintf(*path, sizeof *path, "/sys/fs/cgroup/%s/%s", hierarchy, cgroup);
}

void makeCgroups(const char* cgroup)
{
    char path[4096];
    for (int i = 0; i < hierarchyCount; ++i) {
        directoryOf(&path, hierarchies[i], cgroup);
        must(mkdir(path, 0755), path);
        const int directory = (int)must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), path);
        if (strcmp(hierarchies[i], "cpuset") == 0) {
            inherit(directory, "cpuset.cpus");
            inherit(directory, "cpuset.mems");
        }
        for (unsigned j = 0; j < sizeof limits / sizeof *limits; ++j)
            if (strcmp(hierarchies[i], limits[j][0]) == 0)
                put(directory, limits[j][1], limits[j][2], strlen(limits[j][2]));
        tasks[i] = (int)must(openat(directory, "tasks", O_WRONLY | O_CLOEXEC), "tasks");
        close(directory);
    }
}

void enterCgroups(void)
{
    for (int i = 0; i < hierarchyCount; ++i)
        must(write(tasks[i], "0", 1), hierarchies[i]);
}

void removeCgroups(const char* cgroup)
{
    char path[4096];
    for (int i = 0; i < hierarchyCount; ++i) {
        directoryOf(&path, hierarchies[i], cgroup);
        must(rmdir(path), path);
    }
}
