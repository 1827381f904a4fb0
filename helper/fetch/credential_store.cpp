#include "helper/fetch/credentials.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "helper/fetch/auth_document.h"

#include <QByteArray>

#include <filesystem>
#include <functional>
#include <sys/file.h>

// Logins are kept as podman keeps them, so that each finds those of the other.
namespace rocker::fetch {

namespace {

constexpr const char* auths = "auths";
constexpr const char* helpers = "credHelpers";

// What a file says; nothing for one that is not there.
Result<std::optional<AuthFile>> readAuthFile(const std::string& path)
{
    auto text = os::readFile(path, authFileLimit);
    if (!text && (text.error().errnum == ENOENT || text.error().errnum == ENOTDIR || text.error().errnum == EACCES))
        return std::optional<AuthFile>();
    const auto document = json::readText<AuthFile>(TRY(std::move(text)), json::UnknownKeys::Ignore);
    if (!document) // no more words: they would quote what is secret
        return fail(ErrorCode::Corrupt, "it is not a JSON document with credentials");
    return std::optional(*document);
}

std::string helperIn(const AuthFile& file, const std::string& registry)
{
    for (const auto& [key, helper] : file.credHelpers)
        if (normalizedKey(key) == registry)
            return helper;
    return file.credsStore;
}

// The directory of a file, with every link in the file's name followed, and the file's own name there.
Result<std::pair<UniqueFd, std::string>> placeOf(const std::string& path)
{
    std::error_code error;
    const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
    if (error)
        return fail(Error::fromErrno(error.value()));
    TRY(os::makeDirectories(real.parent_path().string(), 0700));
    return std::pair(TRY(os::open(real.parent_path().string(), O_RDONLY | O_DIRECTORY)), real.filename().string());
}

// Reads, lets `change` change, and replaces the file when that says so. One at a time.
Result<bool> edit(const std::string& path, const std::function<bool(json::Value&)>& change)
{
    const auto work = [&]() -> Result<bool> {
        const auto [directory, name] = TRY(placeOf(path));
        TRY(os::checkDone(::flock(directory.value(), LOCK_EX)), "wait for others that change it");
        const auto text = os::readFile(directory, name, authFileLimit);
        if (!text && text.error().errnum != ENOENT)
            return fail(text.error());
        json::Value document = json::Value::object();
        if (text && text->find_first_not_of(" \t\r\n") != std::string::npos) {
            auto parsed = json::parse(*text);
            if (!parsed || !parsed->is_object() || !json::read<AuthFile>(*parsed, json::UnknownKeys::Ignore))
                return fail(ErrorCode::Corrupt, "it is not a JSON document with credentials, and stays as it is");
            document = std::move(*parsed);
        }
        if (!change(document))
            return false;
        TRY(os::replaceFile(directory, name, json::dumpPretty(document) + "\n", 0600));
        return true;
    };
    return TRY(work(), "'{}'", path);
}

bool removeKeys(json::Value& document, const char* member, const std::string& registry)
{
    bool removed = false;
    const auto found = document.find(member);
    if (found == document.end() || !found->is_object())
        return false;
    for (auto entry = found->begin(); entry != found->end();) {
        const bool fits = normalizedKey(entry.key()) == registry;
        removed = removed || fits;
        entry = fits ? found->erase(entry) : std::next(entry);
    }
    return removed;
}

} // namespace

std::string CredentialPlace::text() const
{
    return helper.empty() ? std::format("'{}'", file) : std::format("the credential helper '{}'", helper);
}

Result<CredentialPlace> placeFor(const Person& person, const std::string& registry, const std::string& helper)
{
    const AuthFiles files = authFilesOf(person);
    if (!helper.empty())
        return CredentialPlace{files.paths[files.own - 1], helper};
    for (const std::string& path : files.paths)
        if (const auto read = TRY(readAuthFile(path), "'{}'", path))
            if (const std::string named = helperIn(*read, registry); !named.empty())
                return CredentialPlace{"", named};
    std::error_code error;
    for (const std::string& path : files.paths) // without a session there is no directory for its logins
        if (files.own == 1 || person.runtimeDirectory.empty() || !path.starts_with(person.runtimeDirectory)
            || std::filesystem::is_directory(person.runtimeDirectory, error))
            return CredentialPlace{path, ""};
    return fail(ErrorCode::FailedPrecondition, "there is no directory for logins: name a file with --authfile");
}

Result<> keepCredentials(
    const Person& person, const CredentialPlace& place, const std::string& registry, const Credentials& credentials)
{
    if (!place.helper.empty())
        TRY(tellCredentialHelper(place.helper, serverName(registry), credentials, person));
    if (place.file.empty())
        return {};
    TRY(edit(place.file, [&](json::Value& document) {
        removeKeys(document, auths, registry);
        if (place.helper.empty())
            document[auths][registry] = {{"auth",
                QByteArray::fromStdString(credentials.user + ":" + credentials.password).toBase64().toStdString()}};
        else
            document[helpers][registry] = place.helper;
        return true;
    }));
    return {};
}

Result<std::string> removeCredentials(const Person& person, const std::string& registry)
{
    const AuthFiles files = authFilesOf(person);
    std::string places;
    const auto add = [&](const std::string& place) { places += (places.empty() ? "" : ", ") + place; };
    for (std::size_t i = 0; i < files.paths.size(); ++i) {
        const std::string& path = files.paths[i];
        const auto read = TRY(readAuthFile(path), "'{}'", path);
        if (!read)
            continue;
        const std::string helper = helperIn(*read, registry);
        if (!helper.empty() && TRY(clearCredentialHelper(helper, serverName(registry), person)))
            add(CredentialPlace{"", helper}.text());
        const bool kept = std::ranges::any_of(read->auths, [&](const auto& entry) {
            return normalizedKey(entry.first) == registry
                && !(entry.second.auth.empty() && entry.second.identityToken.empty());
        });
        if (kept && i >= files.own && places.empty())
            return fail(ErrorCode::FailedPrecondition, "the login at {} is docker's, in '{}': docker logout {}",
                registry, path, registry);
        if (i < files.own && TRY(edit(path, [&](json::Value& document) {
                const bool helped = removeKeys(document, helpers, registry);
                return removeKeys(document, auths, registry) || helped;
            })) && kept)
            add(CredentialPlace{path, ""}.text());
    }
    if (places.empty())
        return fail(ErrorCode::NotFound, "there is no login at {}", registry);
    return places;
}

} // namespace rocker::fetch
