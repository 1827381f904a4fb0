#include "engine/monitor/monitor.h"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);
    const auto setup = argc == 2 ? rocker::monitor::Setup::decode(argv[1]) : std::nullopt;
    if (!setup) {
        std::fputs("rocker-monitor is started by rocker-helper, not by hand\n", stderr);
        return 2;
    }
    return rocker::monitor::Monitor(*setup).run();
}
