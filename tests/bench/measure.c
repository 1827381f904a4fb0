// measure PROGRAM ARGUMENT…: runs it with its input and output on /dev/null, and prints one line:
//   wait status, nanoseconds from spawn to the end, microseconds of processor time, peak resident KiB
// of it and the children that it waited for (getrusage(2)). Static and small, as a program's peak counts from its
// parent's size at exec: none below this one's half a MiB can be seen.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char** environ;

static long long nanoseconds(struct timespec time)
{
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int count, char** arguments)
{
    struct rusage usage;
    if (count < 2)
        return 2;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    pid_t pid;
    int status;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const int error = posix_spawn(&pid, arguments[1], &actions, NULL, arguments + 1, environ);
    if (error != 0) {
        fprintf(stderr, "measure: %s: %s\n", arguments[1], strerror(error));
        return 1;
    }
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return 1;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%d %lld %lld %ld\n", status, nanoseconds(end) - nanoseconds(begin),
        microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss);
    return 0;
}
