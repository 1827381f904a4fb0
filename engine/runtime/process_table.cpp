#include "engine/runtime/process_table.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/runtime/users.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::runtime {

namespace {

struct Row {
    std::string user;
    pid_t pid = 0;
    std::string parent;
    std::string processor; // percent
    std::string started;
    std::string terminal;
    std::string time;
    std::string command;
};

std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> found;
    for (std::size_t at = line.find_first_not_of(" \t"); at < line.size(); at = line.find_first_not_of(" \t", at)) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        found.push_back(line.substr(at, end - at));
        at = end;
    }
    return found;
}

std::uint64_t number(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string terminalName(std::uint64_t device)
{
    const unsigned kind = major(dev_t(device));
    const unsigned which = minor(dev_t(device));
    if (kind >= 136 && kind <= 143) // Documentation/admin-guide/devices.txt
        return std::format("pts/{}", (kind - 136) * 256 + which);
    if (kind == 4)
        return which < 64 ? std::format("tty{}", which) : std::format("ttyS{}", which - 64);
    return "?";
}

// Local time of day, or the day when that is not today.
std::string startText(std::time_t started, std::time_t now)
{
    tm then{};
    tm today{};
    ::localtime_r(&started, &then);
    ::localtime_r(&now, &today);
    char text[16];
    const bool sameDay = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
    return std::string(text, std::strftime(text, sizeof text, sameDay ? "%H:%M" : then.tm_year == today.tm_year ? "%b%d" : "%Y", &then));
}

// proc_pid_stat(5); the numbers in comments are its fields.
std::optional<Row> readRow(pid_t pid, std::uint64_t bootTime, std::time_t now)
{
    const std::string path = std::format("/proc/{}", pid);
    const auto directory = os::open(path, O_RDONLY | O_DIRECTORY);
    if (!directory)
        return std::nullopt;
    const auto status = os::status(*directory);
    const auto stat = os::readFile(*directory, "stat");
    const auto commandLine = os::readFile(*directory, "cmdline");
    if (!status || !stat || !commandLine)
        return std::nullopt;
    const std::size_t nameStart = stat->find('(');
    const std::size_t nameEnd = stat->rfind(')');
    if (nameStart == std::string::npos || nameEnd == std::string::npos)
        return std::nullopt;
    const auto fields = words(std::string_view(*stat).substr(nameEnd + 1)); // from 3 on
    if (fields.size() < 20)
        return std::nullopt;

    const auto ticks = std::uint64_t(::sysconf(_SC_CLK_TCK));
    const std::uint64_t used = (number(fields[11]) + number(fields[12])) / ticks; // 14, 15
    const std::time_t started = std::time_t(bootTime + number(fields[19]) / ticks); // 22
    Row row{.user = userName(status->st_uid), .pid = pid, .parent = std::string(fields[1])}; // 4
    row.processor = std::to_string(std::min<std::uint64_t>(99, 100 * used / std::uint64_t(std::max<std::time_t>(1, now - started))));
    row.started = startText(started, now);
    row.terminal = terminalName(number(fields[4])); // 7
    row.time = std::format("{:02}:{:02}:{:02}", used / 3600, used / 60 % 60, used % 60);
    row.command = *commandLine;
    while (row.command.ends_with('\0'))
        row.command.pop_back();
    std::ranges::replace_if(row.command, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    if (row.command.empty())
        row.command = std::format("[{}]", std::string_view(*stat).substr(nameStart + 1, nameEnd - nameStart - 1));
    return row;
}

std::uint64_t bootTime()
{
    const auto stat = os::readFile("/proc/stat");
    const std::size_t at = stat ? stat->find("btime ") : std::string::npos;
    return at == std::string::npos ? 0 : number(std::string_view(*stat).substr(at + 6));
}

} // namespace

std::string processTable(const std::vector<pid_t>& pids)
{
    std::string text = std::format("{:<8} {:>7} {:>7} {:>2} {:<5} {:<8} {:>8} {}\n", "UID", "PID", "PPID", "C", "STIME", "TTY",
                                   "TIME", "CMD");
    const std::uint64_t boot = bootTime();
    const std::time_t now = std::time(nullptr);
    for (const pid_t pid : pids)
        if (const auto row = readRow(pid, boot, now))
            text += std::format("{:<8} {:>7} {:>7} {:>2} {:<5} {:<8} {:>8} {}\n", row->user, row->pid, row->parent,
                                row->processor, row->started, row->terminal, row->time, row->command);
    return text;
}

Result<std::string> selectProcesses(std::string_view output, const std::vector<pid_t>& pids)
{
    const std::string_view heading = output.substr(0, output.find('\n'));
    const auto columns = words(heading);
    const auto column = std::ranges::find(columns, "PID");
    if (column == columns.end())
        return fail(ErrorCode::InvalidArgument, "couldn't find PID field in ps output");
    const auto index = std::size_t(column - columns.begin());
    std::string text = std::string(heading) + "\n";
    for (std::string_view rest = output.substr(std::min(heading.size() + 1, output.size())); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto found = words(line);
        if (index < found.size() && std::ranges::contains(pids, pid_t(number(found[index]))))
            text += std::string(line) + "\n";
    }
    return text;
}

Result<std::string> psOutput(const std::vector<std::string>& options, const std::vector<pid_t>& pids)
{
    os::Pipe pipe = TRY(os::makePipe(), "make a pipe");
    os::Child child = TRY(os::cloneProcess(0), "start ps");
    if (child.pid == 0) {
        std::vector<std::string> words{"ps"};
        words.insert(words.end(), options.begin(), options.end());
        ::dup2(pipe.writeEnd.value(), STDOUT_FILENO);
        ::dup2(pipe.writeEnd.value(), STDERR_FILENO);
        ::execvp("ps", os::pointersOf(words).data());
        ::_exit(127);
    }
    pipe.writeEnd.reset();
    std::string output;
    char buffer[4096];
    for (ssize_t count; (count = ::read(pipe.readEnd.value(), buffer, sizeof buffer)) > 0;)
        output.append(buffer, std::size_t(count));
    const os::ExitStatus status = TRY(os::reap(child.pidfd), "wait for ps");
    if (status.code == 127 && output.empty())
        return fail(ErrorCode::NotFound, "ps is not installed");
    if (status.code != 0)
        return fail(ErrorCode::InvalidArgument, "exit status {}: {}", status.code, output);
    return selectProcesses(output, pids);
}

} // namespace rocker::runtime
