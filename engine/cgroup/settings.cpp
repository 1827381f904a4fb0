#include "engine/cgroup/settings_list.h"

#include "engine/os/file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <unistd.h>

namespace rocker::cgroup {

namespace {

std::string readWord(BorrowedFd directory, const char* file)
{
    std::string text = os::readFile(directory, file).value_or("?");
    return text.substr(0, text.find('\n'));
}

Error explained(Error&& error, BorrowedFd directory, const Setting& setting)
{
    // The kernel could not shrink the cgroup to the limit: say what stands against it.
    if (error.errnum == EBUSY && setting.file == "memory.limit_in_bytes")
        return std::move(error).in(std::format(
            "{}: unable to set memory limit to {} (current usage: {}, peak usage: {})", setting.origin, setting.value,
            readWord(directory, "memory.usage_in_bytes"), readWord(directory, "memory.max_usage_in_bytes")));
    return std::move(error).in(std::format("{}: write '{}' to {}", setting.origin, setting.value, setting.file));
}

// The file that takes a setting, held open as long as the settings go on to the same one.
class ControlFile
{
public:
    explicit ControlFile(BorrowedFd directory) : m_directory(directory) {}

    Result<> write(const std::string& name, const std::string& value)
    {
        if (!m_file.valid() || name != m_name) {
            m_file = TRY(os::open(m_directory, name, O_WRONLY | O_NOFOLLOW));
            m_name = name;
        }
        return os::writeAll(m_file, value);
    }

private:
    BorrowedFd m_directory;
    std::string m_name;
    UniqueFd m_file;
};

} // namespace

std::vector<Setting> settings(const spec::Resources& resources, Version version)
{
    return version == Version::V2 ? settingsV2(resources) : settingsV1(resources);
}

Result<> write(BorrowedFd directory, const std::vector<Setting>& settings)
{
    ControlFile file(directory);
    std::vector<const Setting*> refused;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const Setting& setting = settings[i];
        auto written = file.write(setting.file, setting.value);
        if (!written && written.error().errnum == ENOENT && !setting.otherFile.empty())
            written = file.write(setting.otherFile, setting.otherValue);
        if (!written && written.error().errnum == EINVAL && setting.again)
            refused.push_back(&setting);
        else if (!written && !(written.error().errnum == ENOENT && setting.optional))
            return fail(explained(std::move(written).error(), directory, setting));
        if (i + 1 < settings.size() && settings[i + 1].controller == setting.controller)
            continue;
        for (const Setting* earlier : refused)
            if (auto second = file.write(earlier->file, earlier->value); !second)
                return fail(explained(std::move(second).error(), directory, *earlier));
        refused.clear();
    }
    return {};
}

void addPids(SettingList& settings, const spec::PidsResources& pids)
{
    // 0 becomes 1, as with systemd: the group's first process is in it in any case.
    if (pids.limit)
        settings.add("pids", "pids.max",
                     *pids.limit < 0 ? "max" : std::to_string(std::max<std::int64_t>(*pids.limit, 1)), "pids.limit");
}

void addHugepages(SettingList& settings, const std::vector<spec::HugepageLimit>& limits, const std::string& file)
{
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const auto& [size, limit] = limits[i];
        const std::string origin = std::format("hugepageLimits[{}].limit", i);
        settings.add("hugetlb", "hugetlb." + size + "." + file, std::to_string(limit), origin);
        settings.add("hugetlb", "hugetlb." + size + ".rsvd." + file, std::to_string(limit), origin).optional = true;
    }
}

void addRdma(SettingList& settings, const std::map<std::string, spec::RdmaLimit>& limits)
{
    for (const auto& [device, limit] : limits) {
        std::string text = device;
        if (limit.hcaHandles)
            text += std::format(" hca_handle={}", *limit.hcaHandles);
        if (limit.hcaObjects)
            text += std::format(" hca_object={}", *limit.hcaObjects);
        settings.add("rdma", "rdma.max", text, "rdma." + device);
    }
}

std::string deviceNumbers(std::int64_t major, std::int64_t minor)
{
    return std::to_string(major) + ":" + std::to_string(minor) + " ";
}

std::uint64_t weightOfShares(std::uint64_t shares)
{
    if (shares <= 2)
        return 1;
    if (shares >= 262144)
        return 10000;
    // A quadratic through (2, 1), (1024, 100) and (262144, 10000) in logarithms, so that defaults meet.
    const double l = std::log2(double(shares));
    return std::uint64_t(std::ceil(std::pow(10.0, (l * l + 125.0 * l) / 612.0 - 7.0 / 34.0)));
}

std::uint64_t ioWeightOfBlkio(std::uint64_t weight)
{
    return weight <= 10 ? 1 : 1 + (weight - 10) * 9999 / 990;
}

} // namespace rocker::cgroup
