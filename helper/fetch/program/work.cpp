#include "helper/fetch/program/work.h"

#include "engine/os/file.h"
#include "helper/fetch/confine.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace rocker::fetch {

namespace {

constexpr qint64 progressInterval = 100; // milliseconds

} // namespace

void say(const image::WorkerLine& line)
{
    (void)os::writeAll(BorrowedFd(image::MessagesFd), json::dump(json::write(line)) + "\n");
}

Result<> endWithHelper(pid_t helper)
{
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return fail(Error::fromErrno(errno));
    return ::getppid() == helper ? Result<>() : fail(ErrorCode::Unavailable, "the helper has ended");
}

Result<std::vector<Site>> prepare(const image::FetchCaller& caller, const image::RegistrySettings& settings,
                                  const std::string& reference, Network& network)
{
    CredentialFinder finder(personOf(unsigned(caller.uid), caller.authFile));
    std::vector<Site> sites = TRY(sitesOf(reference, settings, finder));
    for (const Site& site : sites)
        TRY(network.loadCertificates(site.endpoint.host, certificateDirectories), "certificates");
    TRY(closeBehind(), "confine the registry client");
    return sites;
}

Site ownSite(std::vector<Site> sites)
{
    return std::move(*std::ranges::find_if(sites, [](const Site& site) { return !site.endpoint.mirror; }));
}

void ProgressSpeaker::operator()(const std::string& step, std::int64_t done, std::int64_t total)
{
    if (m_shown == step && m_since.isValid() && m_since.elapsed() < progressInterval && done < total)
        return;
    m_shown = step;
    m_since.restart();
    say({.progress = image::WorkerProgress{done, total, step}});
}

Result<json::Value> untilTold(const std::function<void(Told)>& start)
{
    Result<json::Value> outcome;
    QTimer::singleShot(0, [&] {
        start([&](Result<json::Value> told) {
            outcome = std::move(told);
            QCoreApplication::quit();
        });
    });
    QCoreApplication::exec();
    return outcome;
}

} // namespace rocker::fetch
