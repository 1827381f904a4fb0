#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::packages {

enum class Type : std::uint8_t { Deb, Apk, Rpm, Python, Npm };

// "deb", "apk", "rpm", "python", "npm"
std::string_view typeName(Type type);

// One installed package, as the image's own data says it: a stranger's text, bounded in length, of any bytes.
struct Package {
    Type type = Type::Deb;
    std::string name;
    std::string version; // as its tool writes it: "[epoch:]version[-release]"
    std::string architecture;
    std::string source;        // the package that it was built from; empty when that is itself
    std::string sourceVersion; // of that, when it is another
    std::string license;       // as it is told: an SPDX expression, or words
    std::string maintainer;
    std::string vendor;
    std::string homepage;
    std::string summary;
    std::uint64_t installedSize = 0; // bytes; 0 when it is not told
    std::uint16_t layer = 0;         // the lowest one in which this version is installed
    std::string database;            // the file that tells of it, from the image's root
    std::vector<std::string> files;  // its own, from the image's root, as far as they are told; no directories
    std::string directory;           // of npm: all below it belongs to it
};

// What is taken over of a database; what a stranger writes beyond it is left out.
inline constexpr std::size_t packagesLimit = 100'000;
inline constexpr std::size_t textLimit = 4096;             // bytes of one value, and of one path
inline constexpr std::size_t pathBytesLimit = 64UL << 20;  // of all files' paths of one database

// A value as it is kept.
std::string bounded(std::string_view text);

// Collects paths until there are too many of them.
class PathBudget
{
public:
    // False when `path` was left out.
    bool add(std::vector<std::string>& files, std::string_view directory, std::string_view name);

private:
    std::size_t m_used = 0;
};

} // namespace rocker::packages
