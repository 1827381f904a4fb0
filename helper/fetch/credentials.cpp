#include "helper/fetch/credentials.h"

#include "engine/os/file.h"
#include "helper/fetch/auth_document.h"

#include <QByteArray>

#include <format>
#include <pwd.h>
#include <unistd.h>

namespace rocker::fetch {

namespace {

Result<Credentials> decode(const AuthEntry& entry)
{
    if (!entry.identityToken.empty())
        return Credentials{.identityToken = entry.identityToken};
    if (entry.auth.empty())
        return Credentials{entry.username, entry.password, {}};
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray::fromStdString(entry.auth), QByteArray::AbortOnBase64DecodingErrors);
    const std::string text = decoded ? decoded.decoded.toStdString() : "";
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos)
        return fail(ErrorCode::Corrupt, "an entry is not the base64 form of user:password");
    std::string password = text.substr(colon + 1);
    while (password.ends_with('\0'))
        password.pop_back(); // as docker's own reader does
    return Credentials{text.substr(0, colon), std::move(password), {}};
}

// The most particular entry: "host/a/b" before "host/a" before "host".
const AuthEntry* lookUp(const AuthFile& file, const std::string& registry, const std::string& repository)
{
    for (std::string wanted = registry + "/" + repository;; wanted.erase(wanted.rfind('/'))) {
        for (const auto& [key, entry] : file.auths)
            if (normalizedKey(key) == wanted)
                return &entry;
        if (!wanted.contains('/'))
            return nullptr;
    }
}

} // namespace

// "https://index.docker.io/v1/" and "registry-1.docker.io" are both "docker.io". A key with a scheme is a server's
// address, whose path says nothing; one without may name a part of a registry.
std::string normalizedKey(std::string_view key)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if (key.starts_with(scheme)) {
            key.remove_prefix(scheme.size());
            key = key.substr(0, key.find('/'));
        }
    while (key.ends_with('/'))
        key.remove_suffix(1);
    const std::string_view host = key.substr(0, key.find('/'));
    if (host == "index.docker.io" || host == "registry-1.docker.io")
        return key == host || key.substr(host.size()) == "/v1" ? "docker.io"
                                                               : "docker.io" + std::string(key.substr(host.size()));
    return std::string(key);
}

std::string serverName(const std::string& registry)
{
    return registry == "docker.io" ? "https://index.docker.io/v1/" : registry;
}

Person personOf(unsigned uid, std::string authFile)
{
    Person person{.home = {}, .runtimeDirectory = std::format("/run/user/{}", uid), .authFile = std::move(authFile)};
    if (const passwd* entry = ::getpwuid(uid); entry && entry->pw_dir)
        person.home = entry->pw_dir;
    return person;
}

AuthFiles authFilesOf(const Person& person)
{
    if (!person.authFile.empty())
        return {{person.authFile}, 1};
    AuthFiles files{{person.runtimeDirectory + "/containers/auth.json"}, 1};
    if (person.runtimeDirectory == "/run/user/0" && ::access("/run/user/0", F_OK) != 0)
        files.paths.front() = "/run/containers/0/auth.json";
    if (person.home.starts_with('/')) {
        files.paths.push_back(person.home + "/.config/containers/auth.json");
        files.own = 2;
        files.paths.push_back(person.home + "/.docker/config.json");
    }
    return files;
}

Credentials CredentialFinder::find(const std::string& registry, const std::string& repository)
{
    for (const std::string& file : authFilesOf(m_person).paths) {
        auto found = findIn(file, registry, repository);
        if (!found)
            m_trouble = std::move(found).error().in(std::format("'{}'", file)).what;
        else if (*found && !(*found)->isEmpty())
            return **found;
    }
    return {};
}

Result<std::optional<Credentials>> CredentialFinder::findIn(const std::string& file, const std::string& registry,
                                                            const std::string& repository)
{
    const auto text = os::readFile(file, authFileLimit);
    if (!text) {
        const bool absent
            = text.error().errnum == ENOENT || text.error().errnum == ENOTDIR || text.error().errnum == EACCES;
        if (absent && file != m_person.authFile)
            return std::optional<Credentials>();
        return fail(text.error());
    }
    const auto document = json::readText<AuthFile>(*text, json::UnknownKeys::Ignore);
    if (!document) // no more words: they would quote what is secret
        return fail(ErrorCode::Corrupt, "it is not a JSON document with credentials");
    const AuthFile& read = *document;
    for (const auto& [key, helper] : read.credHelpers)
        if (normalizedKey(key) == registry)
            return TRY(askCredentialHelper(helper, serverName(registry), m_person));
    if (!read.credsStore.empty())
        if (auto kept = TRY(askCredentialHelper(read.credsStore, serverName(registry), m_person)))
            return kept;
    if (const AuthEntry* entry = lookUp(read, registry, repository))
        return TRY(decode(*entry), "'{}'", registry);
    return std::optional<Credentials>();
}

} // namespace rocker::fetch
