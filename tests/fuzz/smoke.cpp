#include "tests/fuzz/targets.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>

// fuzz-smoke CORPUS [ROUNDS]: runs every target over its seeds (CORPUS/<target>/*, and its own) and over damaged copies of
// them, always the same ones. With --seeds DIRECTORY it writes the targets' own seeds there; with --list it names them.
namespace {

using rocker::fuzz::Target;
namespace fs = std::filesystem;

constexpr std::size_t seedLimit = 256 << 10; // larger ones are only run as they are

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> seedsOf(const Target& target, const fs::path& corpus)
{
    std::vector<fs::path> paths;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(corpus / target.name, none))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> seeds = target.seeds ? target.seeds() : std::vector<std::string>();
    for (const fs::path& path : paths)
        seeds.push_back(contentOf(path));
    return seeds;
}

std::string damaged(std::string bytes, const std::vector<std::string>& seeds, std::mt19937& random)
{
    for (unsigned changes = 1 + random() % 4; changes > 0 && !bytes.empty(); --changes) {
        const std::size_t at = random() % bytes.size();
        switch (random() % 6) {
        case 0:
            bytes[at] = char(random());
            break;
        case 1:
            bytes[at] = char(bytes[at] ^ 1 << random() % 8);
            break;
        case 2:
            bytes.resize(at);
            break;
        case 3:
            bytes.insert(at, std::string(1 + random() % 64, "\xff\0 9/["[random() % 6]));
            break;
        case 4:
            bytes.erase(at, 1 + random() % 32);
            break;
        default: {
            const std::string& other = seeds[random() % seeds.size()];
            bytes = bytes.substr(0, at) + other.substr(random() % (other.size() + 1), 4096);
        }
        }
    }
    return bytes;
}

int writeSeeds(const fs::path& place)
{
    for (const Target& target : rocker::fuzz::allTargets()) {
        fs::create_directories(place / target.name);
        int number = 0;
        for (const std::string& seed : target.seeds ? target.seeds() : std::vector<std::string>())
            std::ofstream(place / target.name / std::format("own-{}", ++number), std::ios::binary) << seed;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 2 && arguments[0] == "--seeds")
        return writeSeeds(arguments[1]);
    const bool list = arguments.size() == 1 && arguments[0] == "--list";
    if (!list && (arguments.empty() || !fs::is_directory(arguments[0]))) {
        std::fprintf(stderr, "fuzz-smoke CORPUS [ROUNDS] | --seeds DIRECTORY | --list\n");
        return 2;
    }
    int failed = 0;
    const std::vector<Target> all = rocker::fuzz::allTargets();
    for (const Target& target : all) {
        if (list) {
            std::printf("%.*s\n", int(target.name.size()), target.name.data());
            continue;
        }
        const auto begun = std::chrono::steady_clock::now();
        const std::vector<std::string> seeds = seedsOf(target, arguments[0]);
        if (seeds.empty()) {
            std::printf("FAIL! : %.*s has no seeds\n", int(target.name.size()), target.name.data());
            ++failed;
            continue;
        }
        for (const std::string& seed : seeds)
            target.run(seed);
        std::mt19937 random(4711);
        const int rounds = arguments.size() > 1 ? std::atoi(arguments[1].c_str()) : 1000;
        for (int round = 0; round < rounds; ++round) {
            const std::string& seed = seeds[random() % seeds.size()];
            target.run(damaged(seed.substr(0, seedLimit), seeds, random));
        }
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto took = std::chrono::steady_clock::now() - begun;
        std::printf("%-12.*s %4zu seeds, %d damaged, %.1f s, at most %ld MB resident\n", int(target.name.size()), target.name.data(),
                    seeds.size(), rounds, std::chrono::duration<double>(took).count(), usage.ru_maxrss / 1024);
        std::fflush(stdout);
    }
    if (!list)
        std::printf("Totals: %zu passed, %d failed, 0 skipped\n", all.size() - std::size_t(failed), failed);
    return failed > 0;
}
