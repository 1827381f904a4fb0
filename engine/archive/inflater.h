#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rocker::archive {

// Members of a gzip stream (RFC 1952), one after the other, with their check sums: by ISA-L where the build has it (it
// takes less than half of zlib's time), else by zlib.
class Inflater
{
public:
    Inflater();
    ~Inflater();

    enum class Status {
        More,    // wants more input, or more room
        End,     // of the member; what is left of the input comes after it
        Damaged, // not deflate's format, or a wrong check sum
    };
    // Moves both spans on by what it has used of them. Bytes that it holds back come out before it wants more input.
    Status run(std::span<const char>& input, std::span<char>& output);
    void beginMember();

    // Where it is, to go on from there later and elsewhere in this build (another would take the bytes for damage); empty
    // where it cannot be told (zlib). Only between runs.
    std::string save() const;
    // False for what save() has not written.
    bool restore(std::string_view state);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rocker::archive
