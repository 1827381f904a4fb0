#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rocker::image {

// "sha256:" and 64 lower-case hexadecimal digits: the only form that is taken for a digest, so that one can stand in
// a path (OCI image-spec, descriptor.md "Digests").
bool isDigest(std::string_view text);
Result<> checkDigest(std::string_view text);
// The 64 digits of a digest.
std::string_view hexOf(std::string_view digest);

// SHA-256, fed in pieces.
class Sha256
{
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();
    void add(std::span<const char> bytes);
    // The digest of everything added; nothing may be added afterwards.
    std::string digest();
    // The same, as the bytes that it is.
    std::array<std::uint8_t, 32> bytes();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string digestOf(std::string_view bytes);

// The chain ID of a layer over the chain below it (OCI image-spec, config.md "Layer ChainID"); empty `below` for the lowest.
std::string chainId(std::string_view below, std::string_view diffId);

} // namespace rocker::image
