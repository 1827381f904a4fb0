// floor STAGE BUNDLE CGROUP: makes a container of the bundle's rootfs up to a stage, runs /noop in it, removes it.
#include "floor.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char* const stageNames[stageCount] = {"spawn", "namespaces", "mounts", "cgroups", "everything"};

long must(long result, const char* what)
{
    if (result >= 0)
        return result;
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static enum stage stageOf(const char* name)
{
    for (int i = 0; i < stageCount; ++i)
        if (strcmp(name, stageNames[i]) == 0)
            return (enum stage)i;
    fprintf(stderr, "floor: '%s' is no stage\n", name);
    exit(125);
}

static void becomeContainer(enum stage stage, const char* rootfs)
{
    if (stage >= cgroups) {
        enterCgroups();
        // Not by clone3: the namespace's root is the cgroup that its maker is in.
        must(unshare(CLONE_NEWCGROUP), "make the cgroup namespace");
    }
    if (stage >= mounts) {
        makeRoot(rootfs);
        must(sethostname("bench", 5), "set the host name");
    }
    if (stage >= cgroups)
        maskPaths();
    if (stage >= everything)
        confine();
}

int main(int count, char** arguments)
{
    if (count != 4) {
        fprintf(stderr, "usage: floor STAGE BUNDLE CGROUP\n");
        return 125;
    }
    const enum stage stage = stageOf(arguments[1]);
    char rootfs[4096], noop[4096], filter[4096];
    snprintf(rootfs, sizeof rootfs, "%s/rootfs", arguments[2]);
    snprintf(noop, sizeof noop, "%s/rootfs/noop", arguments[2]);
    snprintf(filter, sizeof filter, "%s/seccomp.bpf", arguments[2]);

    struct clone_args how = {.exit_signal = SIGCHLD};
    if (stage >= namespaces)
        how.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (stage >= namespaces && stage < cgroups)
        how.flags |= CLONE_NEWCGROUP;
    if (stage >= cgroups)
        makeCgroups(arguments[3]);
    if (stage >= everything)
        readFilter(filter);
    const pid_t child = (pid_t)must(syscall(SYS_clone3, &how, sizeof how), "clone");
    if (child == 0) {
        becomeContainer(stage, rootfs);
        char* const command[] = {"/noop", NULL};
        char* const environment[] = {NULL};
        must(execve(stage >= mounts ? "/noop" : noop, command, environment), "execute /noop");
    }
    int status;
    must(waitpid(child, &status, 0), "wait");
    if (stage >= cgroups)
        removeCgroups(arguments[3]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
