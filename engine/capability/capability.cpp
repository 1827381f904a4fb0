#include "engine/capability/capability.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <memory>
#include <sys/capability.h>

namespace rocker::capability {

namespace {

bool isAll(std::string_view name)
{
    return name.size() == 3 && std::toupper(name[0]) == 'A' && std::toupper(name[1]) == 'L' && std::toupper(name[2]) == 'L';
}

// Both words of each set at once, as the kernel has them (capset(2)).
struct Raw {
    Set effective;
    Set permitted;
    Set inheritable;
};

Result<Raw> readSets()
{
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct words[2]{};
    if (capget(&header, words) != 0)
        return fail(Error::fromErrno(errno).in("read the capabilities"));
    const auto join = [&](auto member) { return Set(std::uint64_t(words[1].*member) << 32 | words[0].*member); };
    return Raw{join(&__user_cap_data_struct::effective), join(&__user_cap_data_struct::permitted),
               join(&__user_cap_data_struct::inheritable)};
}

Result<> writeSets(const Raw& sets)
{
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct words[2]{};
    for (int i = 0; i < 2; ++i)
        words[i] = {.effective = std::uint32_t(sets.effective.bits() >> 32 * i),
                    .permitted = std::uint32_t(sets.permitted.bits() >> 32 * i),
                    .inheritable = std::uint32_t(sets.inheritable.bits() >> 32 * i)};
    if (capset(&header, words) != 0)
        return fail(Error::fromErrno(errno).in("set the capabilities"));
    return {};
}

template<typename F>
void forEach(Set set, F function)
{
    for (std::uint64_t bits = set.bits(); bits != 0; bits &= bits - 1)
        function(std::countr_zero(bits));
}

} // namespace

const Set& defaultCapabilities()
{
    static constexpr Set set{CAP_AUDIT_WRITE, CAP_CHOWN,            CAP_DAC_OVERRIDE, CAP_FOWNER,  CAP_FSETID,
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

std::vector<std::string> namesOf(Set set)
{
    std::vector<std::string> names;
    forEach(set, [&](int capability) { names.push_back(nameOf(capability)); });
    std::ranges::sort(names);
    return names;
}

Set everything()
{
    const int count = int(cap_max_bits());
    return Set(count >= 64 ? ~std::uint64_t(0) : (std::uint64_t(1) << count) - 1);
}

Result<Set> combine(const std::vector<std::string>& add, const std::vector<std::string>& drop)
{
    Set set = defaultCapabilities();
    if (std::ranges::any_of(drop, isAll))
        set = {};
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

Sets fromSpec(const spec::Capabilities& capabilities, std::vector<std::string>& ignored)
{
    const Set known = everything();
    const auto read = [&](const std::vector<std::string>& names) {
        Set set;
        for (const std::string& name : names) {
            const bool lower = std::ranges::any_of(name, [](unsigned char c) { return std::islower(c); });
            const auto capability = fromName(name);
            if (capability && !lower && name.starts_with("CAP_") && known.contains(*capability))
                set.insert(*capability);
            else if (!std::ranges::contains(ignored, name))
                ignored.push_back(name);
        }
        return set;
    };
    return {.bounding = read(capabilities.bounding),
            .effective = read(capabilities.effective),
            .inheritable = read(capabilities.inheritable),
            .permitted = read(capabilities.permitted),
            .ambient = read(capabilities.ambient)};
}

Result<> limitBoundingTo(Set set)
{
    Result<> result;
    // Dropping what is not there is no error, and no dearer than asking whether it is.
    forEach(everything() & ~set, [&](int capability) {
        if (!result || cap_drop_bound(capability) == 0)
            return;
        const int error = errno;
        if (cap_get_bound(capability) == 1)
            result = fail(Error::fromErrno(error).in("drop " + nameOf(capability) + " from the bounding set"));
    });
    return result;
}

Result<> raise(int capability)
{
    Raw sets = TRY(readSets());
    if (sets.effective.contains(capability))
        return {};
    sets.effective.insert(capability);
    return writeSets(sets);
}

Result<> apply(const Sets& sets, std::vector<std::string>& warnings)
{
    const Raw old = TRY(readSets());
    // capset(2): permitted can only shrink, effective lies in it; what becomes inheritable must be in the bounding set,
    // and without CAP_SETPCAP in the permitted one as well.
    Raw wanted{.permitted = sets.permitted & old.permitted};
    wanted.effective = sets.effective & wanted.permitted;
    forEach(sets.inheritable, [&](int capability) {
        if (old.inheritable.contains(capability)
            || (cap_get_bound(capability) == 1 && (old.effective.contains(CAP_SETPCAP) || old.permitted.contains(capability))))
            wanted.inheritable.insert(capability);
    });
    const Set missing = (sets.permitted & ~wanted.permitted) | (sets.effective & ~wanted.effective)
        | (sets.inheritable & ~wanted.inheritable);
    forEach(missing, [&](int capability) { warnings.push_back("capability " + nameOf(capability) + " cannot be granted"); });

    if (cap_reset_ambient() != 0 && errno != EINVAL)
        return fail(Error::fromErrno(errno).in("empty the ambient set"));
    TRY(writeSets(wanted));
    forEach(sets.ambient, [&](int capability) {
        if (cap_set_ambient(capability, CAP_SET) != 0)
            warnings.push_back("can't raise ambient capability " + nameOf(capability) + ": " + Error::fromErrno(errno).what);
    });
    return {};
}

} // namespace rocker::capability
