#include "engine/image/digest.h"

#include <algorithm>
#include <array>
#include <new>
#include <openssl/evp.h>

namespace rocker::image {

namespace {

constexpr std::string_view prefix = "sha256:";

} // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    if (!m_state->context || EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc();
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::span<const char> bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size());
}

std::array<std::uint8_t, 32> Sha256::bytes()
{
    std::array<std::uint8_t, 32> value{};
    EVP_DigestFinal_ex(m_state->context, value.data(), nullptr);
    return value;
}

std::string Sha256::digest()
{
    std::string text(prefix);
    for (const std::uint8_t byte : bytes())
        for (const int digit : {byte >> 4, byte & 15})
            text.push_back("0123456789abcdef"[digit]);
    return text;
}

bool isDigest(std::string_view text)
{
    return text.size() == prefix.size() + 64 && text.starts_with(prefix)
        && std::ranges::all_of(text.substr(prefix.size()),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<> checkDigest(std::string_view text)
{
    if (!isDigest(text))
        return fail(ErrorCode::Corrupt, "'{}' is not a SHA-256 digest", text.substr(0, 80));
    return {};
}

std::string_view hexOf(std::string_view digest)
{
    return digest.substr(prefix.size());
}

std::string digestOf(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.digest();
}

std::string chainId(std::string_view below, std::string_view diffId)
{
    return below.empty() ? std::string(diffId) : digestOf(std::format("{} {}", below, diffId));
}

} // namespace rocker::image
