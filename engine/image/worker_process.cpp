#include "engine/image/worker_process.h"

#include "engine/os/process.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

namespace rocker::image {

namespace {

constexpr std::size_t textLimit = 1000;
constexpr int firstSafeFd = 64; // above every descriptor number a worker starts with

// How many bytes at `at` are a character that a terminal would obey or that nobody sees: controls (C0, DEL, C1), and what
// turns the direction of writing or has no width (U+061C, U+200B to F, U+2028 to E, U+2060 to F).
std::size_t unseen(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? std::uint8_t(text[at + i]) : std::uint8_t(0); };
    if (byte(0) < 0x20 || byte(0) == 0x7f)
        return 1;
    if ((byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) || (byte(0) == 0xd8 && byte(1) == 0x9c))
        return 2;
    const bool general = byte(0) == 0xe2 && byte(1) == 0x80 && ((byte(2) >= 0x8b && byte(2) <= 0x8f) || (byte(2) >= 0xa8 && byte(2) <= 0xae));
    const bool invisible = byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa0 && byte(2) <= 0xaf;
    return general || invisible ? 3 : 0;
}

// Names that strangers chose stand in it, and it will be printed on terminals; no more than a person reads, the middle
// left out.
std::string harmless(std::string text)
{
    if (text.size() > textLimit)
        text.replace(textLimit / 2, text.size() - textLimit, "…");
    for (std::size_t i = 0; i < text.size(); ++i)
        if (const std::size_t bytes = unseen(text, i))
            text.replace(i, bytes, "?");
    return text;
}

struct SpawnActions {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    SpawnActions()
    {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnActions(const SpawnActions&) = delete;
    ~SpawnActions()
    {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
};

// A copy of `fd` that no dup2 onto a worker's number can overwrite.
Result<UniqueFd> safeCopy(BorrowedFd fd)
{
    const int copy = fcntl(fd.value(), F_DUPFD_CLOEXEC, firstSafeFd);
    if (copy < 0)
        return fail(Error::fromErrno(errno).in("duplicate a descriptor"));
    return UniqueFd(copy);
}

} // namespace

WorkerProcess::WorkerProcess(std::string mode, UniqueFd process, UniqueFd messages)
    : m_mode(std::move(mode)), m_process(std::move(process)), m_messages(std::move(messages))
{
}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept
{
    if (this != &other) {
        this->~WorkerProcess();
        new (this) WorkerProcess(std::move(other));
    }
    return *this;
}

WorkerProcess::~WorkerProcess()
{
    if (!m_process.valid())
        return;
    (void)os::sendSignal(m_process, SIGKILL);
    reap();
}

Result<WorkerProcess> WorkerProcess::start(const Launch& launch)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(Error::fromErrno(errno).in("make a pipe"));
    UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    fcntl(reading.value(), F_SETFL, O_NONBLOCK);

    SpawnActions spawn;
    std::vector<UniqueFd> copies;
    const auto give = [&](BorrowedFd fd, int number) -> Result<> {
        if (fd.value() < 0) {
            posix_spawn_file_actions_addopen(&spawn.actions, number, "/dev/null", O_RDWR, 0);
            return {};
        }
        copies.push_back(TRY(safeCopy(fd)));
        posix_spawn_file_actions_adddup2(&spawn.actions, copies.back().value(), number);
        return {};
    };
    for (const int standard : {0, 1, 2})
        posix_spawn_file_actions_addopen(&spawn.actions, standard, "/dev/null", O_RDWR, 0);
    TRY(give(writing, MessagesFd));
    TRY(give(launch.input, InputFd));
    TRY(give(launch.output, OutputFd));
    TRY(give(launch.extra, IndexFd));
    posix_spawn_file_actions_addclosefrom_np(&spawn.actions, IndexFd + 1);

    std::string name = launch.program.substr(launch.program.rfind('/') + 1);
    std::string mode = launch.mode;
    std::string request = json::dump(launch.request);
    char* const arguments[] = {name.data(), mode.data(), request.data(), nullptr};
    char* const environment[] = {nullptr};
    pid_t pid = 0;
    if (const int errnum = posix_spawn(&pid, launch.program.c_str(), &spawn.actions, &spawn.attributes, arguments, environment))
        return fail(Error::fromErrno(errnum).in(std::format("start '{}'", launch.program)).as(ErrorCode::Internal));
    auto process = os::openPidfd(pid); // our own unreaped child: its number cannot have been reused
    if (!process) {
        ::kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return fail(std::move(process).error().in("watch the worker"));
    }
    return WorkerProcess(launch.mode, std::move(*process), std::move(reading));
}

void WorkerProcess::takeLine(std::string_view text, const std::function<void(const WorkerProgress&)>& onProgress)
{
    auto line = json::readText<WorkerLine>(text, json::UnknownKeys::Refuse);
    if (!line)
        m_outcome = fail(std::move(line).error().in("the worker's message").as(ErrorCode::Internal));
    else if (line->failure)
        m_outcome = fail(Error{errorCodeFromName(line->failure->code), int(line->failure->errnum), harmless(std::move(line->failure->what))});
    else if (line->outcome)
        m_outcome = std::move(*line->outcome);
    else if (line->progress && onProgress) {
        line->progress->step = harmless(std::move(line->progress->step));
        onProgress(*line->progress);
    }
}

bool WorkerProcess::pump(const std::function<void(const WorkerProgress&)>& onProgress)
{
    char buffer[16 * 1024];
    for (;;) {
        const ssize_t count = ::read(m_messages.value(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno == EAGAIN;
        if (count == 0)
            return false;
        m_buffer.append(buffer, count);
        for (std::size_t end; (end = m_buffer.find('\n', m_scanned)) != std::string::npos; m_scanned = 0) {
            takeLine(std::string_view(m_buffer).substr(0, end), onProgress);
            m_buffer.erase(0, end + 1);
        }
        m_scanned = m_buffer.size();
        if (m_buffer.size() > workerLineLimit) {
            m_outcome = fail(ErrorCode::Corrupt, "the archive describes more than {} bytes of images", workerLineLimit);
            return false;
        }
    }
}

// The exit status, or minus the signal that ended it.
int WorkerProcess::reap()
{
    siginfo_t info{};
    while (waitid(P_PIDFD, id_t(m_process.value()), &info, WEXITED) != 0 && errno == EINTR) { }
    m_process.reset();
    return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

Result<json::Value> WorkerProcess::finish()
{
    m_messages.reset();
    const int status = reap();
    if (m_outcome && (!*m_outcome || status == 0))
        return std::move(*m_outcome);
    if (status < 0)
        return fail(ErrorCode::Internal, "the worker ({}) was ended by signal {}", m_mode, -status);
    return fail(ErrorCode::Internal, "the worker ({}) ended with status {} and no outcome", m_mode, status);
}

Result<json::Value> WorkerProcess::run(const std::function<void(const WorkerProgress&)>& onProgress)
{
    while (pump(onProgress)) {
        pollfd waiting{m_messages.value(), POLLIN, 0};
        poll(&waiting, 1, -1);
    }
    return finish();
}

} // namespace rocker::image
