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

// The files of somebody's logins, in that order, and how many of them are podman's kind, ahead of docker's.
struct AuthFiles {
    std::vector<std::string> paths;
    std::size_t own = 0;
};
AuthFiles authFilesOf(const Person& person);

// The caller's own: home from the user database, which is asked as whoever this process is.
Person personOf(unsigned uid, std::string authFile);

// Credentials as podman and docker keep them (containers-auth.json(5), docker's config.json), in this order:
// <runtime>/containers/auth.json, ~/.config/containers/auth.json, ~/.docker/config.json. Where root has no session,
// podman's place for its logins, /run/containers/0, is the first.
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

// A registry as keys of such files name it, and as people do: "https://index.docker.io/v1/" is "docker.io".
std::string normalizedKey(std::string_view key);

// Where a registry's credentials are to be kept, and in words what that is.
struct CredentialPlace {
    std::string file;   // of podman's kind
    std::string helper; // when one is set for the registry; then the file names it
    std::string text() const;
};
// As the files say: a credential helper that the first of them that has one names, else the first file. `helper`, when
// not empty, is taken instead, and the file is one that outlives the session.
Result<CredentialPlace> placeFor(const Person& person, const std::string& registry, const std::string& helper);

// Keeps them; a file that is not understood stays as it is, and so does everything else in one that is. Atomic, 0600.
Result<> keepCredentials(
    const Person& person, const CredentialPlace& place, const std::string& registry, const Credentials& credentials);
// Takes a registry's out of where podman and this program keep them; the place in words. NotFound when there are none.
Result<std::string> removeCredentials(const Person& person, const std::string& registry);

// `docker-credential-<name> get`, told the registry on its standard input; nothing when it knows none.
Result<std::optional<Credentials>> askCredentialHelper(
    const std::string& name, const std::string& registry, const Person& person);
// `… store`, and `… erase`, which is true when there was something.
Result<> tellCredentialHelper(
    const std::string& name, const std::string& registry, const Credentials& credentials, const Person& person);
Result<bool> clearCredentialHelper(const std::string& name, const std::string& registry, const Person& person);
// Helpers know Docker Hub by its oldest address.
std::string serverName(const std::string& registry);

} // namespace rocker::fetch
