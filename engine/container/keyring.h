#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>

namespace rocker::container {

// A session keyring by name (keyctl(2), session-keyring(7)): a container must not search its starter's keys.
struct SessionKeyring {
    std::string name;            // "_ses.<container>"
    std::uint32_t addedRights = 0; // on the new one: searchByOthers in a user namespace, else searchByOwner; 0 for exec
};
inline constexpr std::uint32_t searchByOthers = 0x00000008;
inline constexpr std::uint32_t searchByOwner = 0x00080000;

// Joins it, made when it is not there yet. A kernel without keys is no error: there is nothing to hide.
Result<> joinSessionKeyring(const SessionKeyring& keyring);

} // namespace rocker::container
