#pragma once

#include "engine/image/image_store.h"
#include "helper/services/event_hub.h"
#include "helper/services/import_job.h"
#include "helper/services/jobs.h"
#include "helper/services/pull_job.h"
#include "helper/services/push_job.h"
#include "helper/services/request.h"
#include "helper/services/slots.h"

#include <functional>
#include <list>
#include <map>

namespace rocker {

// org.rockerworkstation.Images: the store, shared by all who may use the helper; an image is removed by who imported it.
class ImageService
{
public:
    ImageService(EventLoop& loop, image::ImageStore store, std::string workerProgram, EventHub& events);

    // Who tells which containers are made from an image.
    struct User {
        std::string name;
        uid_t owner = 0;
    };
    using UsersOf = std::function<std::vector<User>(const std::string& imageId)>;
    void setUsers(UsersOf usersOf) { m_usersOf = std::move(usersOf); }

    // What a container has changed of its image.
    struct ContainerChanges {
        std::string name;
        std::string imageId;
        UniqueFd directory;
        std::shared_ptr<void> paused; // stands still as long as this lives; null when it may go on
    };
    using ChangesOf = std::function<Result<ContainerChanges>(const Caller& caller, const std::string& container, bool pause)>;
    void setChangesOf(ChangesOf changesOf) { m_changesOf = std::move(changesOf); }

    // Gives up what is under way, while the containers that wait for it can still be told.
    void stop() { m_imports.clear(); }

    void setRegistryClient(RegistryClient client) { m_registryClient = std::move(client); }

    Result<image::ResolvedImage> resolve(const std::string& reference) { return m_store.resolve(reference); }
    std::vector<protocol::Image> all();
    Result<std::vector<image::StoredImage>> stored() { return m_store.images(); }

    void handle(Request<protocol::ListImages> request);
    void handle(Request<protocol::InspectImage> request);
    void handle(Request<protocol::ImportImage> request);
    void handle(Request<protocol::RemoveImage> request);
    void handle(Request<protocol::PushImage> request);  // image_pushes.cpp
    void handle(Request<protocol::PullImage> request);  // image_pulls.cpp
    void handle(Request<protocol::ListTags> request);   // these four: registry_questions.cpp
    void handle(Request<protocol::SearchImages> request);
    void handle(Request<protocol::LoginToRegistry> request);
    void handle(Request<protocol::LogoutFromRegistry> request);
    void handle(Request<protocol::LayerIndex> request);
    void handle(Request<protocol::ReadFile> request);
    void handle(Request<protocol::SaveImages> request);
    void handle(Request<protocol::ReadFiles> request);
    void handle(Request<protocol::TagImage> request); // these three: image_upkeep.cpp
    void handle(Request<protocol::UntagImage> request);
    void handle(Request<protocol::PruneImages> request);
    void handle(Request<protocol::CommitContainer> request); // these: image_commits.cpp
    void handle(Request<protocol::ChangesIndex> request);
    void handle(Request<protocol::ExportContainer> request);

private:
    // One user's imports, pulls and commits: a few at a time, the others wait and are told so; too many are refused. `begin`
    // gets the place that the work has as long as it lasts.
    template<protocol::Method M>
    void inTurn(Request<M> request, void (ImageService::*begin)(Request<M>, Slots::Slot));
    void beginImport(Request<protocol::ImportImage> request, Slots::Slot place);
    void beginPull(Request<protocol::PullImage> request, Slots::Slot place);
    void beginCommit(Request<protocol::CommitContainer> request, Slots::Slot place);
    Result<> remove(const Caller& caller, const std::string& text);
    // Runs an import until it is done or its caller has gone.
    struct ImportCall {
        ImportJob::Progress progress;
        ImportJob::Done done;
        std::function<void(std::function<void()> gone)> onGone;
        Slots::Slot place;
    };
    ImportJob::Means means() { return {m_loop, m_store, m_jobs, m_workers}; }
    void runImport(UniqueFd source, ImportJob::Options options, ImportCall call);
    // What is in the store now, told to everybody.
    Result<std::vector<protocol::Image>> stored(const Result<std::vector<std::string>>& ids);
    Result<ImportJob::Changes> changesFor(const protocol::CommitContainer::Parameters& parameters, const std::string& imageId,
                                          const std::string& container);
    Result<PushJob::Options> pushOptions(const Caller& caller, const protocol::PushImage::Parameters& parameters);
    void pulled(Request<protocol::PullImage>& request, const Result<PullJob::Pulled>& pulled);
    // Asks the registry client something that is answered at once; `read` makes the reply of its outcome.
    template<protocol::Method M, typename Asked>
    void ask(Request<M> request, const char* mode, const Result<Asked>& asked,
             std::function<Result<typename M::Reply>(const json::Value&)> read);
    Result<image::LoginRequest> loginRequest(const Caller& caller, const protocol::LoginToRegistry::Parameters& parameters);
    // What a worker writes of a container, once it has; the client that has gone ends it.
    template<protocol::Method M, typename MakeReply>
    void handOutOf(Request<M> request, ContainerChanges source, const std::string& mode, json::Value parameters, MakeReply reply);
    void emptyTrash();
    // What nothing needs any more goes, at the next occasion where it cannot now.
    void collect();
    static protocol::Image rowOf(const image::StoredImage& image);
    // Why an image is kept whatever is asked, as far as the caller may know; empty when nothing speaks for it.
    std::string inUse(const Caller& caller, const std::string& imageId) const;
    Result<protocol::PruneImages::Reply> prune(const Caller& caller, const protocol::PruneImages::Parameters& parameters);
    Result<protocol::TagImage::Reply> tag(const Caller& caller, const protocol::TagImage::Parameters& parameters);
    Result<protocol::Image> untag(const Caller& caller, const std::string& text);
    Result<image::StoredLayer> layerOf(const std::string& image, std::int64_t number);

    EventLoop& m_loop;
    image::ImageStore m_store;
    std::string m_workerProgram;
    EventHub& m_events;
    Jobs m_jobs;
    Slots m_workers; // layers at work
    std::map<uid_t, Slots> m_turns;
    bool m_emptying = false; // the trash, one job at a time
    UsersOf m_usersOf;
    ChangesOf m_changesOf;
    std::list<ImportJob> m_imports;
    RegistryClient m_registryClient;
    std::list<PullJob> m_pulls;
    std::list<PushJob> m_pushes;
    std::list<WorkerCall> m_questions; // to the registry client
    std::list<WorkerCall> m_surveys;
};

} // namespace rocker
