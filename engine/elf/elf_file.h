#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::elf {

enum class Linking { None, Static, Dynamic }; // None: nothing that runs (an object file, a core dump)

// What an ELF file's headers say of it (System V ABI, "Object Files"; elf(5)).
struct ElfFile {
    bool wide = false;      // 64 bit
    bool bigEndian = false;
    std::uint16_t type = 0; // ET_EXEC is 2, ET_DYN is 3
    std::uint16_t machine = 0;
    Linking linking = Linking::None;
    bool positionIndependent = false; // an executable that is
    std::string interpreter;          // "/lib64/ld-linux-x86-64.so.2"
    std::string soname;
    std::string runPath; // DT_RUNPATH, or DT_RPATH
    std::vector<std::string> needed;  // libraries, in their order
    std::string buildId; // hexadecimal digits
    bool stripped = true; // no symbol table
    bool complete = true; // all that the headers point to was there
};

inline constexpr std::size_t headersLimit = 4096;  // program and section headers that are read
inline constexpr std::size_t neededLimit = 1024;
inline constexpr std::size_t textLimit = 4096;

// `bytes` is the beginning of the file, or all of it: what lies beyond is left out, and `complete` is false. Corrupt for
// what is no ELF file.
Result<ElfFile> read(std::string_view bytes);

// "x86-64", or "machine 12345".
std::string machineName(std::uint16_t machine);

} // namespace rocker::elf
