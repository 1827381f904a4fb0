#include "engine/cgroup/statistics_text.h"

#include "engine/os/file.h"

#include <algorithm>
#include <charconv>

namespace rocker::cgroup {

Result<std::optional<std::string>> readIfThere(BorrowedFd group, const std::string& file)
{
    auto text = os::readFile(group, file);
    if (text)
        return std::optional(std::move(*text));
    const int error = text.error().errnum;
    // EOPNOTSUPP: measured only when asked for at boot (pressure).
    if (error == ENOENT || error == ENODEV || error == EOPNOTSUPP)
        return std::optional<std::string>();
    return fail(std::move(text).error().in(std::format("read {}", file)));
}

Result<std::uint64_t> readNumber(BorrowedFd group, const std::string& file)
{
    const auto text = TRY(readIfThere(group, file));
    return text ? numberIn(*text) : 0;
}

std::string_view nextWord(std::string_view& rest, std::string_view separators)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(separators));
    rest.remove_prefix(word.size());
    return word;
}

std::uint64_t numberIn(std::string_view word)
{
    if (word.starts_with("max"))
        return UINT64_MAX;
    std::uint64_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
}

void forEachLine(std::string_view text, const std::function<void(std::string_view)>& line)
{
    while (!text.empty())
        if (const std::string_view next = nextWord(text, "\n"); !next.empty())
            line(next);
}

std::map<std::string, std::uint64_t> keyedNumbers(std::string_view text)
{
    std::map<std::string, std::uint64_t> numbers;
    forEachLine(text, [&](std::string_view line) {
        const std::string_view key = nextWord(line);
        numbers.emplace(key, numberIn(nextWord(line)));
    });
    return numbers;
}

std::vector<std::uint64_t> numbersOfList(std::string_view text)
{
    std::vector<std::uint64_t> numbers;
    while (!text.empty()) {
        std::string_view range = nextWord(text, ",\n");
        if (range.empty())
            break;
        const std::uint64_t first = numberIn(nextWord(range, "-"));
        const std::string_view second = nextWord(range, "-");
        const std::uint64_t last = second.empty() ? first : numberIn(second);
        for (std::uint64_t number = first; number <= last && numbers.size() < 65536; ++number)
            numbers.push_back(number);
    }
    return numbers;
}

Result<std::optional<Pressure>> readPressure(BorrowedFd group, const char* file)
{
    const auto text = TRY(readIfThere(group, file));
    if (!text)
        return std::optional<Pressure>();
    Pressure pressure;
    forEachLine(*text, [&](std::string_view line) {
        PressureData& data = nextWord(line) == "full" ? pressure.full : pressure.some;
        while (!line.empty()) {
            std::string_view pair = nextWord(line);
            const std::string_view key = nextWord(pair, "=");
            const std::string_view value = nextWord(pair, "=");
            if (key == "total")
                data.total = numberIn(value);
            else if (double* const average = key == "avg10"    ? &data.avg10
                                             : key == "avg60"  ? &data.avg60
                                             : key == "avg300" ? &data.avg300
                                                               : nullptr)
                std::from_chars(value.data(), value.data() + value.size(), *average);
        }
    });
    return std::optional(pressure);
}

std::vector<std::string> hugepageSizes()
{
    std::vector<std::string> sizes;
    for (std::string_view name :
         os::listDirectory(os::currentDirectory, "/sys/kernel/mm/hugepages").value_or(std::vector<std::string>{})) {
        constexpr std::string_view prefix = "hugepages-"; // hugepages-2048kB
        if (!name.starts_with(prefix))
            continue;
        std::uint64_t size = numberIn(name.substr(prefix.size()));
        std::size_t unit = 0;
        for (; size >= 1024 && unit < 2; ++unit)
            size /= 1024;
        sizes.push_back(std::to_string(size) + "KMG"[unit] + "B");
    }
    std::ranges::sort(sizes);
    return sizes;
}

} // namespace rocker::cgroup
