#include "engine/container/memory_policy.h"

#include "engine/os/syscall.h"
#include "engine/spec/names.h"

#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::container {

Result<> setMemoryPolicy(const spec::MemoryPolicy& policy)
{
    const auto found = spec::memoryPolicyMode(policy.mode);
    if (!found)
        return fail(ErrorCode::InvalidArgument, "invalid memory policy mode '{}'", policy.mode);
    int mode = *found;
    for (const std::string& name : policy.flags) {
        const auto flag = spec::memoryPolicyFlag(name);
        if (!flag)
            return fail(ErrorCode::InvalidArgument, "invalid memory policy flag '{}'", name);
        mode |= *flag;
    }
    const auto nodes = spec::numberList(policy.nodes);
    if (!nodes)
        return fail(ErrorCode::InvalidArgument, "invalid memory policy nodes '{}'", policy.nodes);
    // The kernel takes one bit less than the number that it is given (set_mempolicy(2), "Bugs").
    const unsigned long bits = nodes->empty() ? 0 : nodes->size() * 64 + 1;
    TRY(os::checkDone(::syscall(SYS_set_mempolicy, mode, nodes->empty() ? nullptr : nodes->data(), bits)),
        "set the memory policy {} on nodes '{}'", policy.mode, policy.nodes);
    return {};
}

Result<> setPersonality(const spec::Personality& personality)
{
    const auto domain = spec::personalityDomain(personality.domain);
    if (!domain)
        return fail(ErrorCode::InvalidArgument, "invalid personality domain '{}'", personality.domain);
    if (!personality.flags.empty())
        return fail(ErrorCode::InvalidArgument, "invalid personality flag '{}'", personality.flags.front());
    TRY(os::checkDone(::personality(*domain)), "set the personality {}", personality.domain);
    return {};
}

} // namespace rocker::container
