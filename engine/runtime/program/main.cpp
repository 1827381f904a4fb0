#include "engine/runtime/dispatch.h"

int main(int argc, char** argv)
{
    return rocker::runtime::runtimeMain(argc, argv);
}
