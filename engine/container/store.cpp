#include "engine/container/store.h"

#include "engine/json/json.h"
#include "engine/os/file.h"

#include <algorithm>
#include <set>

namespace rocker::container {

namespace {

constexpr std::int64_t firstHostId = 524288;
constexpr std::int64_t lastHostId = 1879048191;
constexpr std::int64_t rangeSize = 65536;

} // namespace

Result<Store> Store::open(const EngineConfig& config)
{
    Store store;
    store.m_directory = config.containersDirectory();
    TRY(os::makeDirectories(store.m_directory, 0700));
    for (const std::string& id : TRY(os::listDirectory(os::currentDirectory, store.m_directory), "list '{}'", store.m_directory)) {
        auto text = os::readFile(store.pathOf(id) + "/" + configName);
        auto info = text ? json::readText<ContainerInfo>(*text, json::UnknownKeys::Ignore) : std::unexpected(text.error());
        if (info && info->id == id)
            store.m_containers[id] = std::move(*info);
        else
            store.m_unreadable.push_back(id);
    }
    return store;
}

Result<std::string> Store::find(const std::string& key, const std::function<bool(const ContainerInfo&)>& visible) const
{
    std::vector<std::string> matches;
    for (const auto& [id, info] : m_containers) {
        if (!visible(info))
            continue;
        if (id == key || info.name == key)
            return id;
        if (!key.empty() && id.starts_with(key))
            matches.push_back(id);
    }
    if (matches.empty())
        return fail(ErrorCode::NotFound, "no container is called '{}'", key);
    if (matches.size() > 1)
        return fail(ErrorCode::Ambiguous, "'{}' is the beginning of {} containers' IDs: give more digits", key, matches.size());
    return matches.front();
}

const ContainerInfo* Store::get(const std::string& id) const
{
    const auto found = m_containers.find(id);
    return found == m_containers.end() ? nullptr : &found->second;
}

bool Store::nameTaken(const std::string& name) const
{
    return std::ranges::any_of(m_containers, [&](const auto& entry) { return entry.second.name == name; });
}

Result<std::int64_t> Store::freeHostIds() const
{
    std::set<std::int64_t> used;
    for (const auto& [id, info] : m_containers)
        used.insert(info.settings.firstHostId);
    for (std::int64_t first = firstHostId; first + rangeSize - 1 <= lastHostId; first += rangeSize)
        if (!used.contains(first))
            return first;
    return fail(ErrorCode::ResourceExhausted, "every range of user ids for containers is taken");
}

Result<> Store::save(const ContainerInfo& info)
{
    TRY(os::makeDirectories(pathOf(info.id), 0700));
    const UniqueFd directory = TRY(directoryOf(info.id));
    TRY(os::replaceFile(directory, configName, json::dumpPretty(json::write(info)), 0600), "write '{}/{}'",
        pathOf(info.id), configName);
    m_containers[info.id] = info;
    return {};
}

Result<> Store::erase(const std::string& id)
{
    const UniqueFd directory = TRY(os::open(m_directory, O_RDONLY | O_DIRECTORY), "open '{}'", m_directory);
    TRY(os::removeTree(directory, id), "remove '{}'", pathOf(id));
    m_containers.erase(id);
    return {};
}

Result<UniqueFd> Store::directoryOf(const std::string& id) const
{
    return TRY(os::open(pathOf(id), O_RDONLY | O_DIRECTORY | O_NOFOLLOW), "open '{}'", pathOf(id));
}

} // namespace rocker::container
