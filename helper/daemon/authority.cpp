#include "helper/daemon/authority.h"

#include "helper/event/log.h"

#include <algorithm>
#include <grp.h>

namespace rocker {

Authority::Authority(std::string ownerGroup) : m_groupName(std::move(ownerGroup))
{
    if (const group* found = ::getgrnam(m_groupName.c_str()))
        m_group = found->gr_gid;
    else
        log::warning("there is no group '{}': only root may use this helper", m_groupName);
}

void Authority::check(const Caller& caller, std::string_view action,
                      const std::function<void(Result<>)>& decided) const
{
    decided(decide(caller, action));
}

Result<> Authority::decide(const Caller& caller, std::string_view action) const
{
    if (caller.isRoot())
        return {};
    if (action != useContainers)
        return fail(ErrorCode::PermissionDenied, "only root may do this");
    if (!m_group)
        return fail(ErrorCode::PermissionDenied,
                    "only root may use containers here: an administrator can create the group '{0}' "
                    "(groupadd --system {0}), add you to it and restart the helper",
                    m_groupName);
    if (caller.gid == *m_group || std::ranges::find(caller.groups, *m_group) != caller.groups.end())
        return {};
    return fail(ErrorCode::PermissionDenied,
                "using containers needs membership in the group '{0}': an administrator can add you with "
                "'usermod -aG {0} <your name>'; then log in again",
                m_groupName);
}

} // namespace rocker
