// climb RELEASE|WRITE [DIRECTORY]: what a process of a container can do to cgroups.
//   release   makes a user, cgroup and mount namespace, mounts every v1 hierarchy there, and writes what stands in each
//             release_agent back into it (also below DIRECTORY as it is); says where that worked
//   write     tries to remount DIRECTORY writable, to make a cgroup anywhere below it, and to open control files
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static int writing;

static void put(const char* path, const char* text)
{
    int fd = open(path, O_WRONLY);
    if (fd >= 0) {
        if (write(fd, text, strlen(text)) < 0)
            perror(path);
        close(fd);
    }
}

static int visit(const char* path, const struct stat* status, int kind, struct FTW* where)
{
    (void)status;
    const char* name = path + where->base;
    char text[4096];
    if (kind == FTW_F && strcmp(name, "release_agent") == 0) {
        int fd = open(path, O_RDWR);
        if (fd < 0)
            return 0;
        ssize_t length = read(fd, text, sizeof text);
        if (length >= 0 && pwrite(fd, length ? text : "\n", length ? (size_t)length : 1, 0) >= 0)
            printf("release_agent %s\n", path);
        close(fd);
    }
    // A tmpfs that holds the hierarchies' mount points is not what is protected.
    struct statfs fs;
    if (!writing || statfs(path, &fs) != 0 || (fs.f_type != CGROUP_SUPER_MAGIC && fs.f_type != CGROUP2_SUPER_MAGIC))
        return 0;
    if (kind == FTW_D) {
        snprintf(text, sizeof text, "%s/climbed", path);
        if (mkdir(text, 0755) == 0) {
            printf("made %s\n", text);
            rmdir(text);
        }
    } else if (strcmp(name, "cgroup.procs") == 0 || strcmp(name, "tasks") == 0 || strcmp(name, "devices.allow") == 0
               || strcmp(name, "memory.limit_in_bytes") == 0 || strcmp(name, "pids.max") == 0) {
        int fd = open(path, O_WRONLY);
        if (fd >= 0) {
            printf("opened %s\n", path);
            close(fd);
        }
    }
    return 0;
}

int main(int argc, char** argv)
{
    if (argc < 3)
        return 2;
    writing = strcmp(argv[1], "write") == 0;
    if (writing) {
        if (mount(NULL, argv[2], NULL, MS_REMOUNT | MS_BIND, NULL) == 0)
            printf("remounted %s\n", argv[2]);
        nftw(argv[2], visit, 32, FTW_PHYS);
        return 0;
    }
    nftw(argv[2], visit, 32, FTW_PHYS);
    int uid = getuid(), gid = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP) != 0) {
        printf("unshare %s\n", strerror(errno));
        return 0;
    }
    char map[64];
    put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %d 1", uid);
    put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %d 1", gid);
    put("/proc/self/gid_map", map);
    const char* names[] = { "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "rdma", "hugetlb",
                            "net_cls", "net_prio", "perf_event", "misc" };
    mkdir("/tmp/hierarchy", 0755);
    for (unsigned i = 0; i < sizeof names / sizeof *names; ++i)
        if (mount("cgroup", "/tmp/hierarchy", "cgroup", 0, names[i]) == 0) {
            printf("mounted %s\n", names[i]);
            nftw("/tmp/hierarchy", visit, 32, FTW_PHYS);
            umount2("/tmp/hierarchy", MNT_DETACH);
        }
    return 0;
}
