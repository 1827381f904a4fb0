// deep DIRECTORY DEPTH WIDTH: in every directory of DIRECTORY where it may, a chain of DEPTH cgroups with names of 100
// characters, and WIDTH cgroups beside it with names that are hard on parsers. Says how many it made.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char** argv)
{
    if (argc != 4)
        return 2;
    int made = 0;
    char name[128];
    DIR* top = opendir(argv[1]);
    for (struct dirent* entry; top && (entry = readdir(top));) {
        if (*entry->d_name == '.')
            continue;
        int at = openat(dirfd(top), entry->d_name, O_RDONLY | O_DIRECTORY);
        if (at < 0)
            continue;
        for (int i = 0; i < atoi(argv[3]); ++i) {
            snprintf(name, sizeof name, "%d \\ \" ' ;$(x)\t..%%s", i);
            made += mkdirat(at, name, 0755) == 0;
        }
        memset(name, 'd', 100);
        name[100] = 0;
        for (int i = 0; i < atoi(argv[2]); ++i) {
            if (mkdirat(at, name, 0755) != 0)
                break;
            ++made;
            int next = openat(at, name, O_RDONLY | O_DIRECTORY);
            close(at);
            if ((at = next) < 0)
                break;
        }
        if (at >= 0)
            close(at);
    }
    printf("made %d\n", made);
    return 0;
}
