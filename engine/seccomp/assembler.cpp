#include "engine/seccomp/assembler.h"

#include <algorithm>

namespace rocker::seccomp {

namespace {

constexpr std::size_t longestBranch = 255;
// What a branch may still have to put between itself and a target that it could reach when it was chosen.
constexpr std::size_t slack = 8;

} // namespace

Assembler::Label Assembler::append(std::uint16_t code, std::uint32_t value)
{
    m_reversed.push_back({code, 0, 0, value});
    return last();
}

Assembler::Label Assembler::appendReturn(std::uint32_t action)
{
    return m_returns[action] = append(BPF_RET | BPF_K, action);
}

Assembler::Label Assembler::returning(std::uint32_t action)
{
    const auto found = m_returns.find(action);
    if (found != m_returns.end() && distance(found->second) + slack <= longestBranch)
        return found->second;
    return appendReturn(action);
}

void Assembler::continueAt(Label label)
{
    if (label != last())
        append(BPF_JMP | BPF_JA, std::uint32_t(distance(label)));
}

Assembler::Label Assembler::reachable(Label target)
{
    if (distance(target) + 1 <= longestBranch)
        return target;
    return append(BPF_JMP | BPF_JA, std::uint32_t(distance(target)));
}

Assembler::Label Assembler::appendBranch(std::uint16_t comparison, std::uint32_t value, Label ifTrue, Label ifFalse)
{
    const Label truth = reachable(ifTrue);
    const Label falsehood = reachable(ifFalse);
    const auto jumpTrue = std::uint8_t(distance(truth));
    const auto jumpFalse = std::uint8_t(distance(falsehood));
    m_reversed.push_back({std::uint16_t(BPF_JMP | comparison | BPF_K), jumpTrue, jumpFalse, value});
    return last();
}

std::vector<sock_filter> Assembler::finish() &&
{
    std::ranges::reverse(m_reversed);
    return std::move(m_reversed);
}

} // namespace rocker::seccomp
