#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const unsigned quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;

static int filesystem(const char* type)
{
    return (int)must(fsopen(type, FSOPEN_CLOEXEC), type);
}

static void option(int context, const char* key, const char* value)
{
    must(value ? fsconfig(context, FSCONFIG_SET_STRING, key, value, 0)
               : fsconfig(context, FSCONFIG_SET_FLAG, key, NULL, 0),
        key);
}

static int finished(int context, unsigned attributes)
{
    must(fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "make a file system");
    const int mount = (int)must(fsmount(context, FSMOUNT_CLOEXEC, attributes), "fsmount");
    close(context);
    return mount;
}

static void attach(int mount, int directory, const char* path)
{
    must(move_mount(mount, "", directory, path, MOVE_MOUNT_F_EMPTY_PATH), path);
}

static int tmpfs(const char* mode, const char* size, unsigned attributes)
{
    const int context = filesystem("tmpfs");
    option(context, "mode", mode);
    option(context, "size", size);
    return finished(context, attributes);
}

static void makeDevices(int dev)
{
    static const struct {
        const char* name;
        unsigned major, minor;
    } nodes[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
    static const char* const links[][2] = {{"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"},
        {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"}, {"pts/ptmx", "ptmx"}};
    const mode_t before = umask(0);
    for (unsigned i = 0; i < sizeof nodes / sizeof *nodes; ++i)
        must(mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)), nodes[i].name);
    umask(before);
    for (unsigned i = 0; i < sizeof links / sizeof *links; ++i)
        must(symlinkat(links[i][0], dev, links[i][1]), links[i][1]);

    must(mkdirat(dev, "pts", 0755), "pts");
    int context = filesystem("devpts");
    option(context, "newinstance", NULL);
    option(context, "ptmxmode", "0666");
    option(context, "mode", "0620");
    option(context, "gid", "5");
    int mount = finished(context, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    attach(mount, dev, "pts");
    close(mount);

    must(mkdirat(dev, "mqueue", 0755), "mqueue");
    attach(mount = finished(filesystem("mqueue"), quiet), dev, "mqueue");
    close(mount);
    must(mkdirat(dev, "shm", 0755), "shm");
    attach(mount = tmpfs("1777", "65536k", quiet), dev, "shm");
    close(mount);
}

static void mountCgroups(int root)
{
    static const char* const hierarchies[]
        = {"blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids", "systemd"};
    const int top = tmpfs("755", "4k", quiet);
    attach(top, root, "sys/fs/cgroup");
    for (unsigned i = 0; i < sizeof hierarchies / sizeof *hierarchies; ++i) {
        const int context = filesystem("cgroup");
        if (strcmp(hierarchies[i], "systemd") == 0) {
            option(context, "none", NULL);
            option(context, "name", "systemd");
        } else {
            option(context, hierarchies[i], NULL);
        }
        must(mkdirat(top, hierarchies[i], 0755), hierarchies[i]);
        const int mount = finished(context, quiet | MOUNT_ATTR_RDONLY);
        attach(mount, top, hierarchies[i]);
        close(mount);
    }
    struct mount_attr readOnly = {.attr_set = MOUNT_ATTR_RDONLY};
    must(mount_setattr(top, "", AT_EMPTY_PATH, &readOnly, sizeof readOnly), "make /sys/fs/cgroup read-only");
    close(top);
}

void makeRoot(const char* rootfs)
{
    must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "make the mounts slaves");
    const int root = (int)must(open_tree(AT_FDCWD, rootfs, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE), rootfs);
    attach(root, AT_FDCWD, rootfs);

    int made = finished(filesystem("proc"), quiet);
    attach(made, root, "proc");
    close(made);
    const int dev = tmpfs("755", "65536k", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME);
    attach(dev, root, "dev");
    makeDevices(dev);
    close(dev);
    made = finished(filesystem("sysfs"), quiet | MOUNT_ATTR_RDONLY);
    attach(made, root, "sys");
    close(made);
    mountCgroups(root);

    // The old root ends on top of the new one (pivot_root(2), "pivot_root(".", ".")").
    must(fchdir(root), "enter the rootfs");
    close(root);
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "unmount the old root");
    must(chdir("/"), "enter /");
}

// The first masked directory's file system serves the others as well.
static void maskDirectory(int target, const char* path)
{
    static const char* first;
    const int mount = first ? (int)must(open_tree(AT_FDCWD, first, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), first)
                            : tmpfs("755", "4k", quiet | MOUNT_ATTR_RDONLY);
    must(move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), path);
    close(mount);
    if (!first)
        first = path;
}

static void maskFile(int target, const char* path)
{
    const int mount = (int)must(open_tree(AT_FDCWD, "/dev/null", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), "/dev/null");
    must(move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), path);
    close(mount);
}

static void makeReadOnly(const char* path)
{
    const int mount = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (mount < 0 && errno == ENOENT)
        return;
    must(mount, path);
    struct mount_attr readOnly = {.attr_set = MOUNT_ATTR_RDONLY};
    must(mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &readOnly, sizeof readOnly), path);
    attach(mount, AT_FDCWD, path);
    close(mount);
}

void maskPaths(void)
{
    static const char* const masked[] = {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
        "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
        "/sys/devices/virtual/powercap", "/sys/firmware"};
    static const char* const readOnly[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    for (unsigned i = 0; i < sizeof masked / sizeof *masked; ++i) {
        const int target = open(masked[i], O_PATH | O_CLOEXEC);
        if (target < 0 && errno == ENOENT)
            continue;
        must(target, masked[i]);
        struct stat info;
        must(fstat(target, &info), masked[i]);
        if (S_ISDIR(info.st_mode))
            maskDirectory(target, masked[i]);
        else
            maskFile(target, masked[i]);
        close(target);
    }
    for (unsigned i = 0; i < sizeof readOnly / sizeof *readOnly; ++i)
        makeReadOnly(readOnly[i]);
}
