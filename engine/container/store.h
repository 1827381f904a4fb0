#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/container/engine_config.h"
#include "engine/container/record.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rocker::container {

// Every container's record: in memory, and in <id>/config.json replaced atomically. One process owns it.
class Store
{
public:
    // Reads what is there. A directory without a readable record is left alone and named in `unreadable()`.
    static Result<Store> open(const EngineConfig& config);

    const std::map<std::string, ContainerInfo>& all() const { return m_containers; }
    const std::vector<std::string>& unreadable() const { return m_unreadable; }

    // By full ID, unique prefix of one, or name, among those that `visible` admits. Unknown and ambiguous are different
    // errors; a name wins over a prefix.
    Result<std::string> find(const std::string& key, const std::function<bool(const ContainerInfo&)>& visible) const;
    const ContainerInfo* get(const std::string& id) const;
    bool nameTaken(const std::string& name) const;

    // A free range of 65,536 ids from 524288 to 1879048191, aligned.
    Result<std::int64_t> freeHostIds() const;

    // Until the next save() only in memory: for what a crash of the machine makes untrue anyway.
    void remember(const ContainerInfo& info) { m_containers[info.id] = info; }
    Result<> save(const ContainerInfo& info);
    // The record and all files beside it. Missing is fine.
    Result<> erase(const std::string& id);
    Result<UniqueFd> directoryOf(const std::string& id) const;
    std::string pathOf(const std::string& id) const { return m_directory + "/" + id; }

private:
    std::string m_directory;
    std::map<std::string, ContainerInfo> m_containers;
    std::vector<std::string> m_unreadable;
};

inline constexpr const char* configName = "config.json";

} // namespace rocker::container
