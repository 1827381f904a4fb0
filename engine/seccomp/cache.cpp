#include "engine/seccomp/cache.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "engine/seccomp/program.h"

#include <cstring>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <unistd.h>

namespace rocker::seccomp {

namespace {

constexpr std::size_t largestFile = 4 << 20;
constexpr unsigned possibleFlags = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW
    | SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

// A file: this, the instructions, the key. In the machine's own byte order: the directory does not travel.
struct Header {
    char magic[8] = {'r', 'o', 'c', 'k', 's', 'c', 'm', '1'};
    std::uint64_t checksum = 0; // of all that follows it
    std::uint64_t keySize = 0;
    std::uint32_t instructions = 0;
    std::uint32_t flags = 0;
    std::uint32_t flagsAreImplied = 0;
    std::uint32_t reserved = 0;
};
constexpr std::size_t checkedFrom = offsetof(Header, keySize);

// Good enough to name files and to notice damage; nothing is trusted for it.
std::uint64_t hashOf(std::string_view bytes)
{
    std::uint64_t hash = 0x9e3779b97f4a7c15 ^ bytes.size();
    const auto mix = [&](std::uint64_t word) {
        hash = (hash ^ word) * 0xff51afd7ed558ccd;
        hash ^= hash >> 32;
    };
    for (; bytes.size() >= sizeof hash; bytes.remove_prefix(sizeof hash)) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), sizeof word);
        mix(word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, bytes.data(), bytes.size());
    mix(rest);
    return hash;
}

std::string nameOf(std::string_view key)
{
    return std::format("{:016x}", hashOf(key));
}

bool othersMayWrite(const struct stat& status)
{
    return status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

std::optional<std::string> readTrusted(BorrowedFd cache, const std::string& name)
{
    const auto file = os::open(cache, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (!file)
        return std::nullopt;
    const auto status = os::status(*file);
    if (!status || !S_ISREG(status->st_mode) || othersMayWrite(*status) || std::size_t(status->st_size) > largestFile)
        return std::nullopt;
    std::string bytes;
    const std::size_t size = std::size_t(status->st_size);
    bytes.resize_and_overwrite(size, [&](char* to, std::size_t) {
        const ssize_t count = ::read(file->value(), to, size);
        return count > 0 ? std::size_t(count) : 0;
    });
    return bytes;
}

std::optional<Filter> decode(std::string_view bytes, std::string_view key)
{
    Header header;
    const Header own;
    if (bytes.size() < sizeof header)
        return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::size_t programSize = std::size_t(header.instructions) * sizeof(sock_filter);
    if (std::memcmp(header.magic, own.magic, sizeof own.magic) != 0 || header.keySize != key.size()
        || bytes.size() != sizeof header + programSize + key.size() || !bytes.ends_with(key)
        || header.checksum != hashOf(bytes.substr(checkedFrom)) || (header.flags & ~possibleFlags) != 0)
        return std::nullopt;
    Filter filter{.flags = header.flags, .flagsAreImplied = header.flagsAreImplied != 0};
    filter.program.resize(header.instructions);
    std::memcpy(filter.program.data(), bytes.data() + sizeof header, programSize);
    if (!wellFormed(filter.program))
        return std::nullopt;
    return filter;
}

std::string encode(std::string_view key, const Filter& filter)
{
    Header header{.keySize = key.size(),
        .instructions = std::uint32_t(filter.program.size()),
        .flags = filter.flags,
        .flagsAreImplied = filter.flagsAreImplied};
    const std::size_t programSize = filter.program.size() * sizeof(sock_filter);
    std::string bytes(sizeof header, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.append(reinterpret_cast<const char*>(filter.program.data()), programSize);
    bytes.append(key);
    header.checksum = hashOf(std::string_view(bytes).substr(checkedFrom));
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

// Leaves room for one more.
Result<> evict(BorrowedFd cache)
{
    std::vector<std::string> names = TRY(os::listDirectory(cache, "."));
    if (names.size() < maximumCacheEntries)
        return {};
    std::vector<std::pair<std::int64_t, std::string>> entries;
    for (std::string& name : names)
        if (const auto status = os::status(cache, name))
            entries.emplace_back(status->st_mtim.tv_sec * 1'000'000'000 + status->st_mtim.tv_nsec, std::move(name));
    std::ranges::sort(entries);
    for (std::size_t i = 0; i + maximumCacheEntries <= entries.size(); ++i)
        if (auto removed = os::remove(cache, entries[i].second); !removed && removed.error().errnum != ENOENT)
            return fail(std::move(removed).error());
    return {};
}

void append(std::string& key, std::uint64_t number)
{
    key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append(std::string& key, std::string_view text)
{
    append(key, text.size());
    key.append(text);
}

void append(std::string& key, const std::optional<std::uint32_t>& number)
{
    append(key, number ? std::uint64_t(*number) : UINT64_MAX);
}

void append(std::string& key, const std::vector<std::string>& texts)
{
    append(key, texts.size());
    for (const std::string& text : texts)
        append(key, text);
}

} // namespace

Result<UniqueFd> openCache(BorrowedFd stateRoot)
{
    auto opened = os::open(stateRoot, cacheDirectoryName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!opened && opened.error().errnum == ENOENT) {
        TRY(os::makeDirectory(stateRoot, cacheDirectoryName, 0700));
        opened = os::open(stateRoot, cacheDirectoryName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    }
    UniqueFd directory = TRY(std::move(opened), "open the directory of seccomp filters");
    if (othersMayWrite(TRY(os::status(directory))))
        return fail(ErrorCode::PermissionDenied,
            "the directory of seccomp filters belongs to another user, or others may write");
    return directory;
}

std::string cacheKey(const spec::Seccomp& profile, std::string_view text, UnknownSyscalls unknown)
{
    std::string key;
    key.reserve(text.empty() ? 16 << 10 : text.size() + 128);
    const scmp_version* version = seccomp_version();
    append(key, std::string_view("rules and rewriting of version 1"));
    for (const unsigned part : {version->major, version->minor, version->micro, unsigned(seccomp_arch_native())})
        append(key, std::uint64_t(part));
    append(key, std::uint64_t(unknown == UnknownSyscalls::Refuse));
    append(key, text);
    if (!text.empty())
        return key;
    append(key, profile.defaultAction);
    append(key, profile.defaultErrnoRet);
    append(key, profile.architectures);
    append(key, std::uint64_t(profile.flags.has_value()));
    if (profile.flags)
        append(key, *profile.flags);
    append(key, profile.listenerPath);
    append(key, profile.listenerMetadata);
    append(key, profile.syscalls.size());
    for (const spec::SyscallRule& rule : profile.syscalls) {
        append(key, rule.names);
        append(key, rule.action);
        append(key, rule.errnoRet);
        append(key, rule.args.size());
        for (const spec::SyscallArgument& argument : rule.args) {
            append(key, std::uint64_t(argument.index));
            append(key, argument.value);
            append(key, argument.valueTwo);
            append(key, argument.op);
        }
    }
    return key;
}

std::optional<Filter> findCached(BorrowedFd cache, std::string_view key)
{
    const auto bytes = readTrusted(cache, nameOf(key));
    return bytes ? decode(*bytes, key) : std::nullopt;
}

Result<> storeCached(BorrowedFd cache, std::string_view key, const Filter& filter)
{
    TRY(evict(cache));
    const std::string name = nameOf(key);
    const std::string temporary = std::format(".{}.{}", name, ::getpid());
    // What stands under that name is of a dead process of the same number, or of nobody who may write here.
    if (auto removed = os::remove(cache, temporary); !removed && removed.error().errnum != ENOENT)
        return fail(std::move(removed).error());
    {
        const UniqueFd file = TRY(os::open(cache, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
        if (auto written = os::writeAll(file, encode(key, filter)); !written) {
            (void)os::remove(cache, temporary);
            return written;
        }
    }
    return os::rename(cache, temporary, cache, name);
}

Result<Filter> compileCached(
    BorrowedFd cache, const spec::Seccomp& profile, std::string_view text, UnknownSyscalls unknown)
{
    if (cache.value() < 0)
        return compile(profile, unknown);
    const std::string key = cacheKey(profile, text, unknown);
    if (auto found = findCached(cache, key))
        return std::move(*found);
    Filter filter = TRY(compile(profile, unknown));
    (void)storeCached(cache, key, filter);
    return filter;
}

} // namespace rocker::seccomp
