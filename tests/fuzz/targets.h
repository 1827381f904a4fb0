#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::fuzz {

// One entry point that takes bytes of strangers. `run` may refuse them; it must not crash, hang, take memory without
// bounds or break what it promises (then it aborts).
struct Target {
    std::string_view name;
    void (*run)(std::string_view bytes);
    std::vector<std::string> (*seeds)() = nullptr; // beside those of corpus.py
};

std::span<const Target> archiveTargets();
std::span<const Target> documentTargets();
std::span<const Target> packageTargets();
std::span<const Target> streamTargets();

std::vector<Target> allTargets();

// Aborts with the words, where a promise is broken.
void require(bool kept, const char* promise);

} // namespace rocker::fuzz
