#pragma once

#include "engine/json/json.h"

#include <map>
#include <string>

// The files of logins as podman and docker write them (containers-auth.json(5), docker's config.json), as far as we read
// them.
namespace rocker::fetch {

inline constexpr std::size_t authFileLimit = 1 << 20;

struct AuthEntry {
    std::string auth; // base64 of user:password
    std::string username;
    std::string password;
    std::string identityToken;
    static constexpr auto fields()
    {
        using json::defaulted;
        using A = AuthEntry;
        return std::tuple(defaulted("auth", &A::auth), defaulted("username", &A::username),
            defaulted("password", &A::password), defaulted("identitytoken", &A::identityToken));
    }
};

struct AuthFile {
    std::map<std::string, AuthEntry> auths;
    std::map<std::string, std::string> credHelpers;
    std::string credsStore;
    static constexpr auto fields()
    {
        using json::defaulted;
        using A = AuthFile;
        return std::tuple(defaulted("auths", &A::auths), defaulted("credHelpers", &A::credHelpers),
                          defaulted("credsStore", &A::credsStore));
    }
};

} // namespace rocker::fetch
