#pragma once

#include "engine/base/result.h"
#include "helper/services/request.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rocker {

inline constexpr std::string_view useContainers = "org.rockerworkstation.container.use";

// Who may do what. Without polkit: root everything, members of the owner group container.use, nobody else anything.
class Authority
{
public:
    explicit Authority(std::string ownerGroup);

    // Calls `decided` once, now or later (a person may have to be asked).
    void check(const Caller& caller, std::string_view action, const std::function<void(Result<>)>& decided) const;

private:
    Result<> decide(const Caller& caller, std::string_view action) const;

    std::string m_groupName;
    std::optional<gid_t> m_group;
};

} // namespace rocker
