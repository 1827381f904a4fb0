#pragma once

#include "engine/bundle/bundle.h"
#include "engine/runtime/context.h"
#include "engine/runtime/document.h"
#include "engine/runtime/notify.h"

#include <memory>

namespace rocker::runtime {

// What `create` and `run` have in common: a bundle, a place for the container's state, and the container.
class Creation
{
public:
    // Reads and checks the bundle, goes into its directory (where hooks run), makes the state directory, and in it the
    // container. On failure nothing of these remains.
    static Result<std::unique_ptr<Creation>> begin(const Context& context, bundle::StartedBy startedBy);

    bundle::Container& container() { return *m_container; }
    // What the container says to its service manager; `run` only.
    std::optional<NotifyProxy>& notifyProxy() { return m_notifyProxy; }
    const spec::Spec& spec() const { return m_document.spec; }
    // Tells those whom --pid-file and --pidfd-socket name about its process.
    Result<> announce();
    // Lets other calls act on it as well.
    void release() { m_state->unlock(); }
    // It exists from now on without this object.
    void leave();
    // Of a container that has ended: cgroup, poststop hooks, state. Fine when another call has done it already.
    void destroy();

    explicit Creation(const Context& context) : m_context(context) {}
    Creation(const Creation&) = delete;
    Creation& operator=(const Creation&) = delete;
    ~Creation();

private:
    Result<> read();
    Result<> make(bundle::StartedBy startedBy);
    Result<> recordProcess(const bundle::Created& created, const cgroup::Cgroup* cgroup);

    const Context& m_context;
    std::string m_bundlePath;
    std::string m_pidFile;
    Document m_document;
    Record m_record;
    std::optional<StateDirectory> m_state;
    std::optional<bundle::Container> m_container;
    std::optional<NotifyProxy> m_notifyProxy;
};

// What a terminal, a console socket and going away have to do with each other, before anything is made.
Result<> checkTerminal(const Context& context, bool terminal, bool detached);
// Where the container's cgroup is to be (cgroup/path.h); empty for none of its own.
Result<std::string> cgroupPlace(const Context& context, const spec::Spec& spec);
// The value of NOTIFY_SOCKET.
std::string serviceManager();
NotifyPlace notifyPlace(const Context& context, const std::string& manager);
// As hooks get it: what `record` says, with another status.
std::string hookState(const Record& record, pid_t pid, std::string_view status);
// For what is compiled once and found again by later calls; not valid when the configuration has none of it.
UniqueFd openFilterCache(const Context& context, const spec::Spec& spec);

} // namespace rocker::runtime
