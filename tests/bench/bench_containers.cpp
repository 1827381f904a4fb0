#include "tests/bench/helper_peer.h"
#include "tests/bench/runc_peer.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

// How long a person waits for a container, beside runc's figures of the same run: the two take turns, so that what
// else the machine does meets both.
// usage: bench_containers SOCKET IMAGE RUNC-STATE TERMINAL-BUNDLE TRUE-BUNDLE ROUNDS

using namespace rocker;
using namespace rocker::bench;

namespace {

constexpr int warmUp = 3;

// What ended before still occupies the kernel for a moment.
void settle()
{
    const timespec pause{0, 30'000'000};
    ::nanosleep(&pause, nullptr);
}

template<typename Ours, typename Peers>
Result<> compare(const char* name, const char* peerName, int rounds, const Ours& ours, const Peers& peers)
{
    Samples our;
    Samples peer;
    for (int i = -warmUp; i < rounds; ++i) {
        settle();
        const auto mine = TRY(ours(), "{}", name);
        settle();
        const auto theirs = TRY(peers(), "{}", peerName);
        if (i < 0)
            continue;
        our.add(mine);
        peer.add(theirs);
    }
    printRow(name, our);
    printPeer(peerName, peer, our);
    return {};
}

Result<> run(char** argv)
{
    HelperPeer helper = TRY(HelperPeer::connect(argv[1], argv[2]));
    RuncPeer runc(argv[3], argv[4], argv[5]);
    const int rounds = std::max(1, std::atoi(argv[6]));
    printHead("containers");
    TRY(compare("click to first byte: create, start, attach, prompt", "runc run --detach, its prompt", rounds,
                [&] { return helper.firstByte(); }, [&] { return runc.firstByte(); }));
    TRY(compare("whole life of 'true': create, start, wait, remove", "runc run of 'true'", rounds,
                [&] { return helper.wholeLife(); }, [&] { return runc.wholeLife(); }));
    printRow("a change until another client has read its event", TRY(helper.eventLatency(rounds * 10)));
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 7) {
        std::fputs("usage: bench_containers SOCKET IMAGE RUNC-STATE TERMINAL-BUNDLE TRUE-BUNDLE ROUNDS\n", stderr);
        return 2;
    }
    if (const auto done = run(argv); !done) {
        std::fprintf(stderr, "bench_containers: %s\n", done.error().what.c_str());
        return 1;
    }
    return 0;
}
