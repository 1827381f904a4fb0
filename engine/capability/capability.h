#pragma once

#include "engine/base/result.h"
#include "engine/spec/process.h"

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::capability {

// Numbers of capabilities(7), as the kernel keeps them: one bit each.
class Set
{
public:
    constexpr Set() = default;
    constexpr explicit Set(std::uint64_t bits) : m_bits(bits) {}
    constexpr Set(std::initializer_list<int> capabilities)
    {
        for (const int capability : capabilities)
            insert(capability);
    }
    constexpr void insert(int capability) { m_bits |= std::uint64_t(1) << capability; }
    constexpr void erase(int capability) { m_bits &= ~(std::uint64_t(1) << capability); }
    constexpr bool contains(int capability) const { return m_bits >> capability & 1; }
    constexpr bool empty() const { return m_bits == 0; }
    constexpr std::uint64_t bits() const { return m_bits; }
    constexpr Set operator&(Set other) const { return Set(m_bits & other.m_bits); }
    constexpr Set operator|(Set other) const { return Set(m_bits | other.m_bits); }
    constexpr Set operator~() const { return Set(~m_bits); }
    bool operator==(const Set&) const = default;

private:
    std::uint64_t m_bits = 0;
};

// What a container has unless told otherwise, 14 of them.
const Set& defaultCapabilities();

// "NET_ADMIN", "cap_net_admin" or "CAP_NET_ADMIN"; an unknown name is an error.
Result<int> fromName(std::string_view name);
// "CAP_NET_ADMIN"
std::string nameOf(int capability);
// In alphabetical order.
std::vector<std::string> namesOf(Set set);
// Every one that the kernel knows.
Set everything();

// The default set with names added and dropped; "ALL" stands for every one that the kernel knows.
Result<Set> combine(const std::vector<std::string>& add, const std::vector<std::string>& drop);

// The five sets of a thread (capabilities(7), "Thread capability sets").
struct Sets {
    Set bounding;
    Set effective;
    Set inheritable;
    Set permitted;
    Set ambient;
    bool operator==(const Sets&) const = default;
};

// The sets of a document. Names as capabilities(7) has them; the others go to `ignored`, once each (config.md: what
// cannot be mapped is a warning, not an error).
Sets fromSpec(const spec::Capabilities& capabilities, std::vector<std::string>& ignored);

// Takes everything outside the set from the calling process's bounding set for good. Needs CAP_SETPCAP for what is
// there; before the change of ids.
Result<> limitBoundingTo(Set set);

// Makes effective again what the calling thread is permitted: a change of ids takes it away (capabilities(7)).
Result<> raise(int capability);

// Makes effective, permitted, inheritable and ambient of the calling thread exactly these, after any change of ids. What
// the process has not and so cannot keep is left out with a warning, and so is what cannot be ambient because it is not
// both permitted and inheritable; nothing is ever added to what was asked for (CVE-2022-29162).
Result<> apply(const Sets& sets, std::vector<std::string>& warnings);

} // namespace rocker::capability
