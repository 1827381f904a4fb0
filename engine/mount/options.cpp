#include "engine/mount/options.h"

#include <algorithm>
#include <charconv>
#include <ranges>
#include <string_view>
#include <sys/mount.h>

namespace rocker::mount {

namespace {

using namespace std::string_view_literals;

struct Flag {
    std::string_view name;
    std::uint64_t attribute;
    bool set;
};

// Each exists with an "r" in front as well, for the whole tree.
constexpr Flag flags[]{
    {"ro", MOUNT_ATTR_RDONLY, true},           {"rw", MOUNT_ATTR_RDONLY, false},
    {"nosuid", MOUNT_ATTR_NOSUID, true},       {"suid", MOUNT_ATTR_NOSUID, false},
    {"nodev", MOUNT_ATTR_NODEV, true},         {"dev", MOUNT_ATTR_NODEV, false},
    {"noexec", MOUNT_ATTR_NOEXEC, true},       {"exec", MOUNT_ATTR_NOEXEC, false},
    {"nodiratime", MOUNT_ATTR_NODIRATIME, true}, {"diratime", MOUNT_ATTR_NODIRATIME, false},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, true}, {"symfollow", MOUNT_ATTR_NOSYMFOLLOW, false},
};

// The access time is one choice of three; "atime", "norelatime" and "nostrictatime" only take a choice back, and what
// then holds is the kernel's default, relatime.
constexpr Flag accessTimes[]{
    {"relatime", MOUNT_ATTR_RELATIME, true},       {"norelatime", MOUNT_ATTR_RELATIME, false},
    {"noatime", MOUNT_ATTR_NOATIME, true},         {"atime", MOUNT_ATTR_NOATIME, false},
    {"strictatime", MOUNT_ATTR_STRICTATIME, true}, {"nostrictatime", MOUNT_ATTR_STRICTATIME, false},
};

constexpr std::pair<std::string_view, unsigned long> propagations[]{
    {"private", MS_PRIVATE}, {"shared", MS_SHARED}, {"slave", MS_SLAVE}, {"unbindable", MS_UNBINDABLE}};

// Words of the superblock (mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS"): fsconfig(2) takes them as they are.
constexpr std::string_view superblockWords[]{"sync", "async", "dirsync", "lazytime", "nolazytime", "mand", "nomand"};
// Said by who mounts by hand or from fstab(5); nothing to do here.
constexpr std::string_view silentWords[]{"defaults", "silent", "loud", "noiversion", ""};

template<typename Table>
const Flag* find(const Table& table, std::string_view word)
{
    const auto found = std::ranges::find(table, word, &Flag::name);
    return found == std::end(table) ? nullptr : &*found;
}

void change(std::uint64_t& to, std::uint64_t& from, std::uint64_t attribute)
{
    to |= attribute;
    from &= ~attribute;
}

bool takeFlag(Options& options, std::string_view word)
{
    if (const Flag* flag = find(flags, word)) {
        change(flag->set ? options.set : options.cleared, flag->set ? options.cleared : options.set, flag->attribute);
        options.accessTime |= flag->set && flag->attribute == MOUNT_ATTR_NODIRATIME;
        options.flagsGiven = true;
        return true;
    }
    if (const Flag* time = find(accessTimes, word)) {
        options.flagsGiven = true;
        if (!time->set) {
            if ((options.set & MOUNT_ATTR__ATIME) == time->attribute)
                options.set &= ~std::uint64_t(MOUNT_ATTR__ATIME);
            return true;
        }
        options.accessTime = true;
        // As mount(2): strictatime beats noatime beats relatime.
        options.set = (options.set & ~std::uint64_t(MOUNT_ATTR__ATIME))
            | std::max(options.set & MOUNT_ATTR__ATIME, time->attribute);
        return true;
    }
    return false;
}

// mount_setattr(2): the access time class is set by clearing all of its bits first.
bool takeRecursiveFlag(Options& options, std::string_view word)
{
    if (!word.starts_with('r'))
        return false;
    word.remove_prefix(1);
    if (const Flag* flag = find(flags, word)) {
        change(flag->set ? options.recursiveSet : options.recursiveCleared,
               flag->set ? options.recursiveCleared : options.recursiveSet, flag->attribute);
        return true;
    }
    if (const Flag* time = find(accessTimes, word)) {
        options.recursiveCleared |= MOUNT_ATTR__ATIME;
        options.recursiveSet &= ~std::uint64_t(MOUNT_ATTR__ATIME);
        if (time->set)
            options.recursiveSet |= time->attribute;
        return true;
    }
    return false;
}

// One mapping "disk-host-count".
Result<Options::Mapping> parseMapping(std::string_view text)
{
    std::uint32_t numbers[3]{};
    const bool ofContainer = text.starts_with('@');
    text.remove_prefix(ofContainer);
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int i = 0; i < 3; ++i) {
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        if (error != std::errc() || (i < 2 && (next == end || *next != '-')) || (i == 2 && next != end))
            return fail(ErrorCode::InvalidArgument, "'{}' is no mapping of the form disk-host-count", text);
        at = next + 1;
    }
    return Options::Mapping{{numbers[0], numbers[1], numbers[2]}, ofContainer};
}

// "uids=0-1-10#10-11-10;gids=0-100-10", as crun has it.
Result<> parseMappings(Options& options, std::string_view text)
{
    for (const auto part : text | std::views::split(';')) {
        const std::string_view word(part.begin(), part.end());
        const bool uids = word.starts_with("uids=");
        if (!uids && !word.starts_with("gids="))
            return fail(ErrorCode::InvalidArgument, "'{}' is neither uids= nor gids=", word);
        for (const auto mapping : word.substr(5) | std::views::split('#'))
            (uids ? options.uidMappings : options.gidMappings)
                .push_back(TRY(parseMapping(std::string_view(mapping.begin(), mapping.end()))));
    }
    return {};
}

Result<bool> takeExtension(Options& options, std::string_view word)
{
    if (word == "bind")
        options.bind = std::max(options.bind, Options::Bind::One);
    else if (word == "rbind")
        options.bind = Options::Bind::Recursive;
    else if (word == "remount")
        options.remount = true;
    else if (word == "tmpcopyup")
        options.copyUp = true;
    else if (word == "idmap" || word.starts_with("idmap="))
        options.idMap = Options::IdMap::One;
    else if (word == "ridmap" || word.starts_with("ridmap="))
        options.idMap = Options::IdMap::Recursive;
    else if (word == "copy-symlink")
        options.copySymlink = true;
    else if (word == "src-nofollow")
        options.sourceNoFollow = true;
    else if (word == "dest-nofollow")
        options.targetNoFollow = true;
    else if (word == "iversion")
        options.iversion = true;
    else
        return false;
    if (const auto equals = word.find('='); equals != word.npos)
        TRY(parseMappings(options, word.substr(equals + 1)), "'{}'", word.substr(0, equals));
    return true;
}

unsigned long propagationOf(std::string_view word)
{
    for (const auto& [name, flag] : propagations)
        if (word == name)
            return flag;
        else if (word.size() == name.size() + 1 && word[0] == 'r' && word.substr(1) == name)
            return flag | MS_REC;
    return 0;
}

Result<> take(Options& options, std::string_view word)
{
    if (std::ranges::contains(silentWords, word) || takeFlag(options, word) || takeRecursiveFlag(options, word))
        return {};
    if (const unsigned long propagation = propagationOf(word)) {
        options.propagation.push_back(propagation);
        return {};
    }
    if (std::ranges::contains(superblockWords, word)) {
        options.superblock.push_back({std::string(word), ""});
        return {};
    }
    if (word.starts_with('r') && std::ranges::contains(superblockWords, word.substr(1)))
        return fail(ErrorCode::InvalidArgument, "'{}' cannot be: '{}' belongs to a file system, not to its mounts",
            word, word.substr(1));
    if (TRY(takeExtension(options, word)))
        return {};
    const auto equals = word.find('=');
    options.data.push_back(
        {std::string(word.substr(0, equals)), equals == word.npos ? "" : std::string(word.substr(equals + 1))});
    return {};
}

// A list in one string is what mount(2) would make of it; quotes hold a security label's commas together.
std::vector<std::string> splitList(std::string_view text)
{
    std::vector<std::string> words(1);
    bool quoted = false;
    for (const char letter : text)
        if (letter == '"')
            quoted = !quoted;
        else if (letter == ',' && !quoted)
            words.emplace_back();
        else
            words.back() += letter;
    return words;
}

} // namespace

Result<Options> parseOptions(const std::vector<std::string>& words)
{
    Options options;
    for (const std::string& text : words) {
        if (text.contains('\0'))
            return fail(ErrorCode::InvalidArgument, "an option contains a null byte");
        for (const std::string& word : splitList(text))
            TRY(take(options, word));
    }
    if (options.copySymlink && (options.sourceNoFollow || options.targetNoFollow))
        return fail(ErrorCode::InvalidArgument, "copy-symlink cannot be together with src-nofollow or dest-nofollow");
    return options;
}

Result<unsigned long> parsePropagation(const std::string& word)
{
    if (const unsigned long found = propagationOf(word))
        return found;
    return fail(ErrorCode::InvalidArgument, "'{}' is no mount propagation", word);
}

} // namespace rocker::mount
