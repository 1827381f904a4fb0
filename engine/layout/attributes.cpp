#include "engine/layout/attributes.h"

#include <format>

namespace rocker::layout {

bool keepXattr(std::string_view name)
{
    return name == "security.capability" || (name.starts_with("user.") && !name.starts_with("user.overlay."));
}

// FNV-1a over 32 bits, never 0.
std::uint32_t xattrsHash(const std::vector<std::pair<std::string, std::string>>& xattrs)
{
    if (xattrs.empty())
        return 0;
    std::uint32_t hash = 2166136261U;
    const auto add = [&](std::string_view bytes) {
        for (const char c : bytes)
            hash = (hash ^ std::uint8_t(c)) * 16777619U;
    };
    for (const auto& [name, value] : xattrs) {
        add(std::format("{}\n{}\n", name, value.size()));
        add(value);
    }
    return hash == 0 ? 1 : hash;
}

} // namespace rocker::layout
