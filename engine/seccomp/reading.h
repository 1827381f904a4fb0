#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <optional>
#include <set>
#include <span>
#include <vector>

// A program of libseccomp's for one architecture, read for what it answers to one call after another.
//
// As it was meant: where the first rule of an architecture is for a call that it does not have, libseccomp (2.5.4 to
// 2.6.0) leaves out with the rule the load of the call's number. What follows then compares the architecture, and all
// its rules are lost. A comparison of the architecture with anything but itself is therefore one of the number.
namespace rocker::seccomp {

constexpr std::uint16_t loadWord = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t always = BPF_JMP | BPF_JA;
constexpr std::uint16_t ifEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t ifGreater = BPF_JMP | BPF_JGT | BPF_K;
constexpr std::uint16_t ifGreaterOrEqual = BPF_JMP | BPF_JGE | BPF_K;
constexpr std::uint16_t ifAnySet = BPF_JMP | BPF_JSET | BPF_K;
constexpr std::uint16_t maskWith = BPF_ALU | BPF_AND | BPF_K;
constexpr std::uint16_t giveBack = BPF_RET | BPF_K;

constexpr std::uint32_t numberAt = offsetof(seccomp_data, nr);
constexpr std::uint32_t architectureAt = offsetof(seccomp_data, arch);

struct Call {
    std::uint32_t architecture = 0;
    std::uint32_t number = 0;
    auto operator<=>(const Call&) const = default;
};

// What a program answers to a call: always the same, or what the rest of it from an instruction on makes of the
// arguments. `call` is there when that rest asks for the number again.
struct Answer {
    bool constant = true;
    std::uint32_t value = 0; // the action, or the instruction
    std::optional<Call> call;
    auto operator<=>(const Answer&) const = default;
};

class Reading
{
public:
    // A program for calls of one AUDIT_ARCH_….
    Reading(std::span<const sock_filter> program, std::uint32_t architecture)
        : m_program(program)
        , m_architecture(architecture)
    {
    }

    Result<Answer> answer(Call call) const;
    // The numbers at which the answer can change: between two of them every comparison with the number ends the same
    // way.
    void addBoundaries(std::vector<std::uint32_t>& numbers) const;

    const sock_filter& step(std::size_t at) const { return m_program[at]; }
    // What may come after an instruction that the arguments have a say in, all that only depends on the call decided.
    Result<std::vector<std::size_t>> following(std::size_t at, Call call) const;

private:
    struct Place {
        std::size_t at = 0;
        bool numberCounts = false; // the way there depended on the call's number
    };
    Result<Place> settle(std::size_t at, Call call) const;
    std::vector<std::size_t> successors(std::size_t at) const;
    Result<bool> asksForNumber(std::size_t at, Call call, std::set<std::size_t>& seen) const;

    std::span<const sock_filter> m_program;
    std::uint32_t m_architecture;
};

} // namespace rocker::seccomp
