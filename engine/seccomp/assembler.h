#pragma once

#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <map>
#include <vector>

namespace rocker::seccomp {

// Classic BPF written from its end to its beginning: jumps only lead forwards, so their targets are known when they are
// written. Conditional jumps reach 255 instructions; where that is too near a jump without a condition goes between.
class Assembler
{
public:
    using Label = std::size_t; // an instruction, counted from the end

    // The next instruction in running order is the one written last.
    Label append(std::uint16_t code, std::uint32_t value);
    Label appendReturn(std::uint32_t action); // a new one; see returning()
    Label appendBranch(std::uint16_t comparison, std::uint32_t value, Label ifTrue, Label ifFalse);
    // Makes `label` what is run next.
    void continueAt(Label label);

    // A return of `action` that a branch written now reaches.
    Label returning(std::uint32_t action);
    Label last() const { return m_reversed.size() - 1; }
    std::size_t size() const { return m_reversed.size(); }

    std::vector<sock_filter> finish() &&;

private:
    std::size_t distance(Label target) const { return m_reversed.size() - 1 - target; }
    Label reachable(Label target);

    std::vector<sock_filter> m_reversed;
    std::map<std::uint32_t, Label> m_returns;
};

} // namespace rocker::seccomp
