#pragma once

#include "engine/base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::fetch {

// What somebody has logged in with.
struct Credentials {
    std::string user;
    std::string password;
    std::string identityToken; // an OAuth 2 refresh token, instead of both
    bool isEmpty() const { return user.empty() && password.empty() && identityToken.empty(); }
};

// The person whose credentials are looked for.
struct Person {
    std::string home;
    std::string runtimeDirectory; // "/run/user/1000"
    std::string authFile;         // alone, instead of the usual places; may be empty
    std::string programs = "/usr/local/bin:/usr/bin:/bin"; // where docker-credential-… is looked for
};

// The caller's own: home from the user database, which is asked as whoever this process is.
Person personOf(unsigned uid, std::string authFile);

// Credentials as podman and docker keep them (containers-auth.json(5), docker's config.json), in this order:
// <runtime>/containers/auth.json, ~/.config/containers/auth.json, ~/.docker/config.json.
class CredentialFinder
{
public:
    explicit CredentialFinder(Person person) : m_person(std::move(person)) {}

    // For an image of a registry ("docker.io", "library/alpine"); empty credentials when there are none. Files that are
    // broken and helpers that cannot be run are no error: an image may be public. They are remembered in trouble().
    Credentials find(const std::string& registry, const std::string& repository);
    const std::string& trouble() const { return m_trouble; }

private:
    Result<std::optional<Credentials>> findIn(
        const std::string& file, const std::string& registry, const std::string& repository);

    Person m_person;
    std::string m_trouble;
};

// `docker-credential-<name> get`, told the registry on its standard input; nothing when it knows none.
Result<std::optional<Credentials>> askCredentialHelper(
    const std::string& name, const std::string& registry, const Person& person);

} // namespace rocker::fetch
