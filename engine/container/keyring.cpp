#include "engine/container/keyring.h"

#include "engine/os/syscall.h"

#include <charconv>
#include <linux/keyctl.h>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// "keyring;0;0;3f010000;_ses.web": the fourth field (keyctl_describe(3)).
Result<std::uint32_t> rightsOf(long key)
{
    char description[512];
    const long length = TRY(os::check(::syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, description, sizeof description)));
    std::string_view text(description, std::size_t(std::min<long>(length, sizeof description)));
    for (int field = 0; field < 3; ++field)
        text.remove_prefix(std::min(text.find(';'), text.size() - 1) + 1);
    std::uint32_t rights = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), rights, 16).ec != std::errc{})
        return fail(ErrorCode::Internal, "the kernel describes the keyring in an unknown way");
    return rights;
}

} // namespace

Result<> joinSessionKeyring(const SessionKeyring& keyring)
{
    const long key = ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, keyring.name.c_str());
    if (key < 0 && errno == ENOSYS)
        return {};
    TRY(os::checkDone(key), "join the session keyring '{}'", keyring.name);
    if (keyring.addedRights != 0) {
        const std::uint32_t rights = TRY(rightsOf(key), "describe the session keyring") | keyring.addedRights;
        TRY(os::checkDone(::syscall(SYS_keyctl, KEYCTL_SETPERM, key, rights)), "set the session keyring's rights");
    }
    return {};
}

} // namespace rocker::container
