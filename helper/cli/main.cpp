#include "helper/cli/command.h"

int main(int argc, char** argv)
{
    return rocker::cli::runProgram({argv + 1, argv + argc});
}
