// probe WHAT [ARGUMENT…]: what a process in a container can see of itself. One "key value" a line.
//   fds                 every open descriptor above 2 and what it is
//   cwd NAME            the working directory, and whether NAME (a path below the host's root) can be read by climbing
//   type PATH…          what stands at each path: its type, device number, size and file system
//   ns                  the namespaces
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int fds(void)
{
    for (int fd = 3; fd < 4096; ++fd) {
        if (fcntl(fd, F_GETFD) < 0)
            continue;
        char link[64], target[4096] = "?";
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (length > 0)
            target[length] = 0;
        printf("fd %d %s\n", fd, target);
    }
    return 0;
}

static int readable(const char* path)
{
    char text[128];
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 0;
    ssize_t length = read(fd, text, sizeof text);
    close(fd);
    return length > 0;
}

static int cwd(const char* name)
{
    char path[8192] = "?";
    long length = syscall(SYS_getcwd, path, sizeof path);
    printf("cwd %s\n", length > 0 ? path : strerror(errno));
    for (int up = 0; up < 24; ++up) {
        path[0] = 0;
        for (int i = 0; i < up; ++i)
            strcat(path, "../");
        strncat(path, name, 4096);
        if (readable(path)) {
            printf("climbed %s\n", path);
            break;
        }
    }
    return 0;
}

static int type(char** paths)
{
    for (; *paths; ++paths) {
        struct stat status;
        struct statfs fs;
        if (stat(*paths, &status) != 0) {
            printf("%s error %s\n", *paths, strerror(errno));
            continue;
        }
        memset(&fs, 0, sizeof fs);
        statfs(*paths, &fs);
        const char* kind = S_ISCHR(status.st_mode) ? "char" : S_ISDIR(status.st_mode) ? "dir"
            : S_ISREG(status.st_mode)                                                ? "file"
                                                                                     : "other";
        int entries = 0;
        if (S_ISDIR(status.st_mode)) {
            DIR* directory = opendir(*paths);
            while (directory && readdir(directory))
                ++entries;
        }
        printf("%s %s %u:%u entries %d fs %lx %s\n", *paths, kind, major(status.st_rdev), minor(status.st_rdev), entries,
               (unsigned long)fs.f_type, fs.f_flags & 1 ? "ro" : "rw");
    }
    return 0;
}

static int ns(void)
{
    const char* names[] = { "mnt", "pid", "ipc", "uts", "net", "user", "cgroup" };
    for (unsigned i = 0; i < sizeof names / sizeof *names; ++i) {
        char link[64], target[64] = "?";
        snprintf(link, sizeof link, "/proc/self/ns/%s", names[i]);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (length > 0)
            target[length] = 0;
        printf("%s %s\n", names[i], target);
    }
    return 0;
}

int main(int argc, char** argv)
{
    if (argc > 1 && strcmp(argv[1], "fds") == 0)
        return fds();
    if (argc > 2 && strcmp(argv[1], "cwd") == 0)
        return cwd(argv[2]);
    if (argc > 1 && strcmp(argv[1], "type") == 0)
        return type(argv + 2);
    if (argc > 1 && strcmp(argv[1], "ns") == 0)
        return ns();
    fprintf(stderr, "probe: what?\n");
    return 2;
}
