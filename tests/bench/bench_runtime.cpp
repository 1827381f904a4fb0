#include "tests/bench/helper_peer.h"
#include "tests/bench/runtime_peer.h"

#include <cstdio>
#include <cstdlib>
#include <functional>

// OCI runtimes beside each other and beside the floor: they take turns, and each round begins with another one, so that
// what else the machine does meets all of them.
// usage: bench_runtime DIRECTORY CGROUP PROGRAMS ROUNDS SOCKET IMAGE OURS PEER…
//   PROGRAMS has bench_measure and bench_floor; an empty SOCKET leaves the helper out

using namespace rocker;
using namespace rocker::bench;

namespace
{

constexpr int warmUp = 2;

struct Actor {
    std::string name;
    std::function<Result<>(Table&)> turn;
};

constexpr std::pair<const char*, const char*> floors[] = {
    {"spawn", "floor: fork, exec, wait"},
    {"namespaces", "floor: six namespaces"},
    {"mounts", "floor: + mounts, nodes, pivot"},
    {"cgroups", "floor: + masks and cgroups"},
    {"everything", "floor: + capabilities, seccomp"},
};

constexpr std::pair<const char*, const char*> operations[] = {
    {"run", "run of a no-op to its end, ms"},
    {"create", "create, ms"},
    {"start", "start, ms"},
    {"create + start", "create and start, ms"},
    {"exec", "exec of a no-op, ms"},
    {"state", "state, ms"},
    {"kill", "kill, ms"},
    {"delete", "delete, ms"},
};

Actor floorActor(const Workplace& place, const char* stage, const char* name)
{
    return {name, [=](Table& table) -> Result<> {
                const std::vector<std::string> words{
                    place.program("bench_floor"), stage, place.directory + "/bundle", place.cgroup + "/floor"};
                table.add("run", name, TRY(measure(place, words, name)));
                return {};
            }};
}

Actor helperActor(HelperPeer& helper)
{
    return {"rocker-helper", [&helper](Table& table) -> Result<> {
                settle();
                table.add("create + start", "rocker-helper", Measure{.wall = TRY(helper.createAndStart())});
                return {};
            }};
}

// Only those that get through a whole turn; the others are told, and left out.
std::vector<RuntimePeer> peersOf(const Workplace& place, std::span<char*> paths, std::string& ours)
{
    std::vector<RuntimePeer> peers;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        auto peer = RuntimePeer::open(place, paths[i], i);
        if (!peer) {
            std::printf("%s\n", peer.error().what.c_str());
            continue;
        }
        Table unused({});
        const Result<> tried = peer->turn(unused);
        if (!tried) {
            std::printf("%s is left out: %s\n", paths[i], tried.error().what.c_str());
            peer->clear();
            continue;
        }
        if (i == 0)
            ours = peer->name();
        peers.push_back(*std::move(peer));
    }
    return peers;
}

Result<> takeTurns(std::vector<Actor>& actors, int rounds, Table& table)
{
    for (int round = -warmUp; round < rounds; ++round) {
        Table unused({});
        for (std::size_t i = 0; i < actors.size(); ++i) {
            const Actor& actor = actors[(std::size_t(round + warmUp) + i) % actors.size()];
            TRY(actor.turn(round < 0 ? unused : table), "{}", actor.name);
        }
    }
    return {};
}

Result<> run(std::span<char*> arguments)
{
    const Workplace place{arguments[1], arguments[2], arguments[3]};
    const int rounds = std::max(1, std::atoi(arguments[4]));
    std::string ours;
    std::vector<RuntimePeer> peers = peersOf(place, arguments.subspan(7), ours);
    std::optional<HelperPeer> helper;
    std::vector<Actor> actors;
    for (RuntimePeer& peer : peers)
        actors.push_back({peer.name(), [&peer](Table& table) { return peer.turn(table); }});
    for (const auto& [stage, name] : floors)
        actors.push_back(floorActor(place, stage, name));
    if (*arguments[5] != '\0') {
        helper = TRY(HelperPeer::connect(arguments[5], arguments[6]), "the helper");
        actors.push_back(helperActor(*helper));
    }

    std::vector<std::string> names;
    for (const Actor& actor : actors)
        names.push_back(actor.name);
    Table table(names);
    TRY(takeTurns(actors, rounds, table));
    for (const auto& [operation, title] : operations)
        table.print(operation, title, ours);
    std::printf("\ncpu (ms) and peak are of the command and the children that it waited for\n");
    std::printf("\nsystem calls of one run, by strace\n");
    for (RuntimePeer& peer : peers)
        std::printf("  %-32s %8ld\n", peer.name().c_str(), TRY(peer.systemCalls()));
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 8) {
        std::fprintf(stderr, "usage: bench_runtime DIRECTORY CGROUP PROGRAMS ROUNDS SOCKET IMAGE OURS PEER…\n");
        return 2;
    }
    ::setlinebuf(stdout);
    const Result<> result = run({argv, std::size_t(argc)});
    if (!result)
        std::fprintf(stderr, "bench_runtime: %s\n", result.error().what.c_str());
    return result ? 0 : 1;
}
