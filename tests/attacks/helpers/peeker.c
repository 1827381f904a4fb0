// peeker OUTPUT: looks into every process that appears in its pid namespace and does not run a program of the
// container (that is, /bin/…): /proc/PID/exe, its descriptors, its root, and PTRACE_SEIZE. One line for each success.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE* out;

static void peek(int pid)
{
    char path[64], target[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length > 0) {
        target[length] = 0;
        if (strncmp(target, "/bin/", 5) == 0)
            return;
        fprintf(out, "exe %s\n", target);
        snprintf(path, sizeof path, "/proc/%d/fd", pid);
        DIR* directory = opendir(path);
        for (struct dirent* entry; directory && (entry = readdir(directory));) {
            char name[400];
            snprintf(name, sizeof name, "/proc/%d/fd/%s", pid, entry->d_name);
            length = readlink(name, target, sizeof target - 1);
            if (length > 0 && isdigit((unsigned char)*entry->d_name) && atoi(entry->d_name) > 2)
                fprintf(out, "fd %s %.*s\n", entry->d_name, (int)length, target);
        }
        if (directory)
            closedir(directory);
        if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0) {
            fprintf(out, "traced %d\n", pid);
            ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
            waitpid(pid, NULL, __WALL);
            ptrace(PTRACE_DETACH, pid, NULL, NULL);
        }
        snprintf(path, sizeof path, "/proc/%d/mem", pid);
        int memory = open(path, O_RDWR);
        if (memory >= 0) {
            fprintf(out, "memory of %d opened for writing\n", pid);
            close(memory);
        }
        fflush(out);
    }
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
                peek(atoi(entry->d_name));
        if (proc)
            closedir(proc);
    }
}
