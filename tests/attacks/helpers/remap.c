// remap FAKE: covers /proc with the directory FAKE (a bind) from inside, says so in /tmp/ready, and waits.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char** argv)
{
    if (argc != 2 || mount(argv[1], "/proc", NULL, MS_BIND | MS_REC, NULL) != 0) {
        perror("remap");
        return 1;
    }
    close(open("/tmp/ready", O_WRONLY | O_CREAT, 0644));
    for (;;)
        pause();
}
