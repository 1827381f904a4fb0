#include "engine/image/worker_messages.h"
#include "engine/os/file.h"
#include "helper/fetch/confine.h"
#include "helper/fetch/pull.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <unistd.h>

namespace rocker::fetch {

namespace {

using image::WorkerLine;
using json::UnknownKeys;
using json::Value;

constexpr qint64 progressInterval = 100; // milliseconds

void say(const WorkerLine& line)
{
    (void)os::writeAll(BorrowedFd(image::MessagesFd), json::dump(json::write(line)) + "\n");
}

// A client whose helper has gone works for nobody. To be said after every change of credentials, each of which takes it
// back (prctl(2)).
Result<> endWithHelper(pid_t helper)
{
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return fail(Error::fromErrno(errno));
    return ::getppid() == helper ? Result<>() : fail(ErrorCode::Unavailable, "the helper has ended");
}

// Everything that is read from this machine, before anything is read from another.
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

Result<Value> pull(const image::PullRequest& request)
{
    const Platform platform = TRY(parsePlatform(request.platform));
    Network network(request.settings);
    std::vector<Site> sites = TRY(prepare(request.caller, request.settings, request.reference, network));
    Result<Value> outcome;
    QElapsedTimer since;
    std::string shown;
    const auto progress = [&](const std::string& step, std::int64_t done, std::int64_t total) {
        if (shown == step && since.isValid() && since.elapsed() < progressInterval && done < total)
            return;
        shown = step;
        since.restart();
        say({.progress = image::WorkerProgress{done, total, step}});
    };
    const auto ready = [](const std::string& what) { say({.progress = image::WorkerProgress{.ready = what}}); };
    Wishes wishes{BorrowedFd(image::InputFd)};
    const auto documentsReady = [&](Wishes::Heard heard) {
        wishes.ask(std::move(heard));
        ready(image::documentsReady);
    };
    Pull pull(network,
              {std::move(sites), platform, request.spoolLimit, BorrowedFd(image::OutputFd), documentsReady, ready,
               [&] { ready(image::beginAnew); }},
              progress,
              [&](const Result<image::PullOutcome>& pulled) {
                  outcome = pulled ? Result<Value>(json::write(*pulled)) : fail(pulled.error());
                  QCoreApplication::quit();
              });
    pull.start();
    QCoreApplication::exec();
    return outcome;
}

Result<Value> tags(const image::TagsRequest& request)
{
    Network network(request.settings);
    std::vector<Site> sites = TRY(prepare(request.caller, request.settings, request.repository, network));
    Result<Value> outcome;
    // A mirror knows only what it was asked for before.
    const auto site = std::ranges::find_if(sites, [](const Site& candidate) { return !candidate.endpoint.mirror; });
    const std::string name = site->reference.registry + "/" + site->reference.repository;
    TagList list(network, std::move(*site), [&](const Result<image::TagsOutcome>& listed) {
        outcome
            = listed ? Result<Value>(json::write(*listed)) : fail(Error(listed.error()).in("list the tags of " + name));
        QCoreApplication::quit();
    });
    list.start();
    QCoreApplication::exec();
    return outcome;
}

template<typename Request>
Result<Value> perform(const Value& value, Result<Value> (*work)(const Request&))
{
    const pid_t helper = ::getppid();
    const Request request = TRY(json::read<Request>(value, UnknownKeys::Refuse), "the request");
    TRY(becomeCaller(request.caller), "become the caller");
    TRY(endWithHelper(helper));
    int count = 1;
    char name[] = "rocker-fetch";
    char* words[] = {name, nullptr};
    ::setenv("QT_NO_GLIB", "1", 1);
    const QCoreApplication application(count, words);
    return work(request);
}

Result<Value> run(std::string_view mode, std::string_view text)
{
    const Value request = TRY(json::parse(text), "the request");
    if (mode == "pull")
        return perform<image::PullRequest>(request, pull);
    if (mode == "tags")
        return perform<image::TagsRequest>(request, tags);
    return fail(ErrorCode::InvalidArgument, "'{}' is no mode of this program", mode);
}

} // namespace

} // namespace rocker::fetch

int main(int argc, char** argv)
{
    using namespace rocker;
    if (argc != 3) {
        std::fputs("rocker-fetch is started by rocker-helper, not by hand\n", stderr);
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    const auto outcome = fetch::run(argv[1], argv[2]);
    if (!outcome) {
        const Error& error = outcome.error();
        fetch::say({.failure = image::WorkerFailure{std::string(errorCodeName(error.code)), error.errnum, error.what}});
        return 0;
    }
    fetch::say({.outcome = *outcome});
    return 0;
}
