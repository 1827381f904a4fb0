// The measured container's command: ends at once, or with an argument waits for a signal.
#include <unistd.h>

int main(int count, char** arguments)
{
    (void)arguments;
    if (count > 1)
        pause();
    return 0;
}
