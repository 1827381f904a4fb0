#include "engine/cgroup/device_rules.h"

#include "engine/os/file.h"

#include <algorithm>
#include <charconv>

namespace rocker::cgroup {

namespace {

constexpr std::int64_t any = -1;

bool isForAll(const spec::DeviceRule& rule)
{
    return rule.type.empty() || rule.type == "a";
}

std::int64_t majorOf(const spec::DeviceRule& rule) { return rule.major.value_or(any); }
std::int64_t minorOf(const spec::DeviceRule& rule) { return rule.minor.value_or(any); }

std::string without(const std::string& access, const std::string& taken)
{
    std::string rest;
    for (const char letter : access)
        if (taken.find(letter) == std::string::npos)
            rest += letter;
    return rest;
}

// In the order in which the kernel lists them. An 'a' beside other letters says nothing.
std::string accessOf(const spec::DeviceRule& rule)
{
    return rule.access.empty() ? "rwm" : without(rule.access, "a");
}

spec::DeviceRule allow(const char* type, std::int64_t major, std::int64_t minor, const char* access = "rwm")
{
    return {.allow = true, .type = type, .major = major, .minor = minor, .access = access};
}

bool contains(std::int64_t wider, std::int64_t narrower)
{
    return wider == any || wider == narrower;
}

// What v1 keeps for a cgroup: everything or nothing, and exceptions, each by exactly its own numbers.
struct Table {
    bool allowsAll = false;
    DeviceRules exceptions;
};

// Works a rule into the table as "the last that fits decides" has it.
Result<> apply(Table& table, const spec::DeviceRule& rule)
{
    if (isForAll(rule)) {
        table = {rule.allow, {}};
        return {};
    }
    const std::string access = accessOf(rule);
    const bool excepts = rule.allow != table.allowsAll;
    spec::DeviceRule* same = nullptr;
    for (spec::DeviceRule& exception : table.exceptions) {
        if (exception.type != rule.type)
            continue;
        if (majorOf(exception) == majorOf(rule) && minorOf(exception) == minorOf(rule))
            same = &exception;
        if (excepts)
            continue;
        if (contains(majorOf(rule), majorOf(exception)) && contains(minorOf(rule), minorOf(exception)))
            exception.access = without(exception.access, access);
        else if ((contains(majorOf(exception), majorOf(rule)) || contains(majorOf(rule), majorOf(exception))) &&
                 (contains(minorOf(exception), minorOf(rule)) || contains(minorOf(rule), minorOf(exception))) &&
                 without(exception.access, access) != exception.access)
            return fail(ErrorCode::InvalidArgument, "'{}' is a part of '{}', which devices of cgroup v1 cannot {}",
                        ruleText(rule), ruleText(exception), rule.allow ? "allow" : "deny");
    }
    if (excepts && same)
        same->access += without(access, same->access);
    else if (excepts)
        table.exceptions.push_back({rule.allow, rule.type, rule.major, rule.minor, access});
    std::erase_if(table.exceptions, [](const spec::DeviceRule& exception) { return exception.access.empty(); });
    return {};
}

Result<Table> tableOf(const DeviceRules& rules)
{
    Table table;
    for (std::size_t i = 0; i < rules.size(); ++i)
        TRY(apply(table, rules[i]), "linux.resources.devices[{}]", i);
    return table;
}

Result<> writeRules(BorrowedFd directory, const char* file, const DeviceRules& rules)
{
    if (rules.empty())
        return {};
    const UniqueFd opened = TRY(os::open(directory, file, O_WRONLY | O_NOFOLLOW), "open {}", file);
    for (const spec::DeviceRule& rule : rules)
        TRY(os::writeAll(opened, ruleText(rule)), "write '{}' to {}", ruleText(rule), file);
    return {};
}

// devices.list: "c 136:* rwm" on each line.
DeviceRules listed(std::string_view text)
{
    const auto next = [&](char separator) {
        const std::size_t end = std::min(text.find(separator), text.size());
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return part;
    };
    const auto number = [](std::string_view word) {
        std::int64_t value = any;
        std::from_chars(word.data(), word.data() + word.size(), value);
        return value;
    };
    DeviceRules rules;
    while (!text.empty()) {
        spec::DeviceRule& rule = rules.emplace_back(spec::DeviceRule{.allow = true, .type = std::string(next(' '))});
        rule.major = number(next(':'));
        rule.minor = number(next(' '));
        rule.access = next('\n');
    }
    return rules;
}

Result<> checkRule(const spec::DeviceRule& rule)
{
    if (!isForAll(rule) && rule.type != "b" && rule.type != "c")
        return fail(ErrorCode::InvalidArgument, "invalid cgroup device type \"{}\"", rule.type);
    if (rule.access.find_first_not_of("rwma") != std::string::npos || rule.access == "a")
        return fail(ErrorCode::InvalidArgument, "invalid mode specified `{}`", rule.access);
    for (const std::int64_t number : {majorOf(rule), minorOf(rule)})
        if (number < any || number > UINT32_MAX)
            return fail(ErrorCode::InvalidArgument, "{} is neither a device's number nor -1 for any", number);
    return {};
}

} // namespace

Result<> validate(const DeviceRules& rules, Version version)
{
    for (std::size_t i = 0; i < rules.size(); ++i)
        TRY(checkRule(rules[i]), "linux.resources.devices[{}]", i);
    if (version == Version::V1)
        TRY(tableOf(rules));
    return {};
}

DeviceRules withDefaults(const DeviceRules& rules)
{
    DeviceRules all;
    all.reserve(rules.size() + 12);
    all.insert(all.end(), rules.begin(), rules.end());
    for (const spec::DeviceRule& rule :
         {allow("c", any, any, "m"), allow("b", any, any, "m"), allow("c", 1, 3), allow("c", 1, 5), allow("c", 1, 7),
          allow("c", 1, 8), allow("c", 1, 9), allow("c", 5, 0), allow("c", 5, 1), allow("c", 5, 2),
          allow("c", 136, any), allow("c", 10, 200)})
        all.push_back(rule);
    return all;
}

DeviceRules containerDevices()
{
    return {allow("c", 1, 3),     allow("c", 1, 5),          allow("c", 1, 7),         allow("c", 1, 8),
            allow("c", 1, 9),     allow("c", 5, 0),          allow("c", 5, 1),         allow("c", 5, 2),
            allow("c", 136, any), allow("c", any, any, "m"), allow("b", any, any, "m")};
}

std::string ruleText(const spec::DeviceRule& rule)
{
    const auto number = [](std::int64_t value) { return value == any ? "*" : std::to_string(value); };
    return std::format("{} {}:{} {}", rule.type, number(majorOf(rule)), number(minorOf(rule)), accessOf(rule));
}

Result<> writeDevices(BorrowedFd directory, const DeviceRules& rules)
{
    const Table table = TRY(tableOf(rules));
    const char* const reset = table.allowsAll ? "devices.allow" : "devices.deny";
    const char* const except = table.allowsAll ? "devices.deny" : "devices.allow";
    TRY(os::writeControlFile(directory, reset, "a"), "write 'a' to {}", reset);
    return writeRules(directory, except, table.exceptions);
}

Result<> changeDevices(BorrowedFd directory, const DeviceRules& rules)
{
    const Table wanted = TRY(tableOf(rules));
    const std::string list = TRY(os::readFile(directory, "devices.list"), "read devices.list");
    // A list of all does not say what is denied.
    if (wanted.allowsAll || list.starts_with("a "))
        return writeDevices(directory, rules);
    TRY(writeRules(directory, "devices.allow", wanted.exceptions));
    DeviceRules dropped;
    for (spec::DeviceRule& old : listed(list)) {
        for (const spec::DeviceRule& rule : wanted.exceptions)
            if (rule.type == old.type && majorOf(rule) == majorOf(old) && minorOf(rule) == minorOf(old))
                old.access = without(old.access, rule.access);
        if (!old.access.empty())
            dropped.push_back(std::move(old));
    }
    return writeRules(directory, "devices.deny", dropped);
}

} // namespace rocker::cgroup
