#include "helper/services/registry_call.h"

#include "engine/os/file.h"

#include <cerrno>
#include <sys/epoll.h>

namespace rocker {

namespace {

constexpr std::size_t settingsLimit = 64 << 10; // it becomes part of a command line

} // namespace

Result<image::RegistrySettings> readRegistrySettings(const std::string& path)
{
    auto text = os::readFile(path, settingsLimit);
    if (!text && text.error().errnum == ENOENT)
        return image::RegistrySettings{};
    const auto read = [&]() -> Result<image::RegistrySettings> {
        auto settings = TRY(json::readText<image::RegistrySettings>(TRY(std::move(text)), json::UnknownKeys::Refuse));
        TRY(image::checkSettings(settings));
        return settings;
    };
    auto settings = read();
    if (!settings) // the administrator's fault, not the caller's
        return fail(std::move(settings)
                        .error()
                        .in(std::format("the settings in '{}'", path))
                        .as(ErrorCode::FailedPrecondition));
    return settings;
}

Result<image::FetchCaller> fetchCaller(const Caller& caller, const std::string& authFile)
{
    if (!authFile.empty() && (!authFile.starts_with('/') || authFile.size() > 4096 || authFile.contains('\0')))
        return fail(ErrorCode::InvalidArgument, "authFile: '{}' is not an absolute path", authFile.substr(0, 300));
    return image::FetchCaller{caller.uid, caller.gid, {caller.groups.begin(), caller.groups.end()}, authFile};
}

Result<> RegistryCall::start(const image::WorkerProcess::Launch& launch, Progress progress, Done done)
{
    m_process = TRY(image::WorkerProcess::start(launch));
    m_source = m_loop.onReady(
        m_process->messages(), EPOLLIN, [this, progress = std::move(progress), done = std::move(done)](std::uint32_t) {
            if (m_process->pump(progress))
                return;
            auto outcome = m_process->finish();
            m_process.reset();
            const Done finished = done; // dropping the source drops what it calls
            m_source.reset();
            finished(std::move(outcome));
        });
    return {};
}

} // namespace rocker
