#pragma once

#include "engine/image/worker_messages.h"
#include "helper/fetch/network.h"
#include "helper/fetch/site.h"

#include <QElapsedTimer>

// What the modes of this program have in common.
namespace rocker::fetch {

// A line to the helper.
void say(const image::WorkerLine& line);

// A client whose helper has gone works for nobody. To be said after every change of credentials, each of which takes it
// back (prctl(2)).
Result<> endWithHelper(pid_t helper);

// Everything that is read from this machine, before anything is read from another.
Result<std::vector<Site>> prepare(const image::FetchCaller& caller, const image::RegistrySettings& settings,
                                  const std::string& reference, Network& network);
// The one among them that is no mirror, which knows only what it was asked for before.
Site ownSite(std::vector<Site> sites);

// Says how far something is, not more often than anybody looks.
class ProgressSpeaker
{
public:
    void operator()(const std::string& step, std::int64_t done, std::int64_t total);

private:
    QElapsedTimer m_since;
    std::string m_shown;
};

// Runs the event loop until `start`, called from it, has told its outcome.
using Told = std::function<void(Result<json::Value>)>;
Result<json::Value> untilTold(const std::function<void(Told)>& start);

Result<json::Value> pull(const image::PullRequest& request);
Result<json::Value> tags(const image::TagsRequest& request);
Result<json::Value> push(const image::PushRequest& request);
Result<json::Value> search(const image::SearchRequest& request);
// Without a QCoreApplication, as these fork.
Result<json::Value> login(const image::LoginRequest& request);
Result<json::Value> logout(const image::LogoutRequest& request);

// The blobs of a plan, from the helper's socket; to be taken while this process may still have so many.
Result<std::vector<UniqueFd>> receiveBlobs();
void keepBlobs(std::vector<UniqueFd> blobs);

} // namespace rocker::fetch
