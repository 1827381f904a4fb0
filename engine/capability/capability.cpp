#include "engine/capability/capability.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <memory>
#include <sys/capability.h>
#include <sys/prctl.h>

namespace rocker::capability {

namespace {

bool isAll(std::string_view name)
{
    return name.size() == 3 && std::toupper(name[0]) == 'A' && std::toupper(name[1]) == 'L' && std::toupper(name[2]) == 'L';
}

Set everything()
{
    Set set;
    for (int capability = 0; capability < int(cap_max_bits()); ++capability)
        set.insert(capability);
    return set;
}

} // namespace

const Set& defaultCapabilities()
{
    static const Set set{CAP_AUDIT_WRITE, CAP_CHOWN,            CAP_DAC_OVERRIDE, CAP_FOWNER,  CAP_FSETID,
                         CAP_KILL,        CAP_MKNOD,            CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SETFCAP,
                         CAP_SETGID,      CAP_SETPCAP,          CAP_SETUID,       CAP_SYS_CHROOT};
    return set;
}

Result<int> fromName(std::string_view name)
{
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    if (!lower.starts_with("cap_"))
        lower.insert(0, "cap_");
    cap_value_t value;
    if (cap_from_name(lower.c_str(), &value) != 0)
        return fail(ErrorCode::InvalidArgument, "'{}' is no capability that this system knows", name);
    return int(value);
}

std::string nameOf(int capability)
{
    const std::unique_ptr<char, int (*)(void*)> name(cap_to_name(capability), cap_free);
    std::string upper(name ? name.get() : "cap_" + std::to_string(capability));
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    return upper;
}

std::vector<std::string> namesOf(const Set& set)
{
    std::vector<std::string> names;
    for (const int capability : set)
        names.push_back(nameOf(capability));
    std::ranges::sort(names);
    return names;
}

Result<Set> combine(const std::vector<std::string>& add, const std::vector<std::string>& drop)
{
    Set set = defaultCapabilities();
    if (std::ranges::any_of(drop, isAll))
        set.clear();
    if (std::ranges::any_of(add, isAll))
        set = everything();
    for (const std::string& name : add)
        if (!isAll(name))
            set.insert(TRY(fromName(name)));
    for (const std::string& name : drop)
        if (!isAll(name))
            set.erase(TRY(fromName(name)));
    return set;
}

Result<> limitBoundingTo(const Set& set)
{
    for (int capability = 0; capability < int(cap_max_bits()); ++capability)
        if (!set.contains(capability) && cap_get_bound(capability) == 1 && cap_drop_bound(capability) != 0)
            return fail(Error::fromErrno(errno).in("drop " + nameOf(capability) + " from the bounding set"));
    return {};
}

Result<> limitTo(const Set& set)
{
    const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> state(cap_init(), cap_free);
    if (!state)
        return fail(Error::fromErrno(errno));
    const std::vector<cap_value_t> values(set.begin(), set.end());
    for (const cap_flag_t flag : {CAP_INHERITABLE, CAP_PERMITTED, CAP_EFFECTIVE})
        if (!values.empty() && cap_set_flag(state.get(), flag, int(values.size()), values.data(), CAP_SET) != 0)
            return fail(Error::fromErrno(errno).in("assemble the capability sets"));
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return fail(Error::fromErrno(errno).in("empty the ambient set"));
    if (cap_set_proc(state.get()) != 0)
        return fail(Error::fromErrno(errno).in("set the capabilities"));
    return {};
}

} // namespace rocker::capability
