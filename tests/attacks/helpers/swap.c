// swap A B: exchanges two names until it is killed (renameat2(2), RENAME_EXCHANGE), with pauses of changing length.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    volatile unsigned idle = 0;
    for (unsigned round = 1;; ++round) {
        if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) != 0) {
            perror("swap");
            return 1;
        }
        for (unsigned i = 0; i < (round * 2654435761u >> 18); ++i)
            idle += i;
    }
}
