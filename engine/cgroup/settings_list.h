#pragma once

#include "engine/cgroup/settings.h"

#include <optional>
#include <string>
#include <vector>

// What both versions' lists of settings are made with.
namespace rocker::cgroup {

// 0 stands for "not set" in what Go programs write.
template<typename T>
bool isSet(const std::optional<T>& value)
{
    return value && *value != 0;
}

class SettingList
{
public:
    // `origin` is the path below linux.resources.
    Setting& add(std::string controller, std::string file, std::string value, const std::string& origin)
    {
        return m_all.emplace_back(std::move(controller), std::move(file), std::move(value),
                                  "linux.resources." + origin);
    }
    template<typename T>
    Setting& number(const char* controller, const char* file, T value, const char* origin)
    {
        return add(controller, file, std::to_string(value), origin);
    }
    std::vector<Setting> take() && { return std::move(m_all); }

private:
    std::vector<Setting> m_all;
};

void addPids(SettingList& settings, const spec::PidsResources& pids);
// `file` is what the limit's file is called behind the page size: "limit_in_bytes", "max".
void addHugepages(SettingList& settings, const std::vector<spec::HugepageLimit>& limits, const std::string& file);
void addRdma(SettingList& settings, const std::map<std::string, spec::RdmaLimit>& limits);
// "8:0 "
std::string deviceNumbers(std::int64_t major, std::int64_t minor);

} // namespace rocker::cgroup
