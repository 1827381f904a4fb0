#pragma once

#include "engine/bundle/bundle.h"
#include "engine/runtime/context.h"
#include "engine/runtime/document.h"

namespace rocker::runtime {

// What `create` and `run` have in common: a bundle, a place for the container's state, and the container.
class Creation
{
public:
    // Reads and checks the bundle, goes into its directory (where hooks run), makes the state directory, and in it the
    // container. On failure nothing of these remains.
    static Result<Creation> begin(const Context& context, bundle::StartedBy startedBy);

    bundle::Container& container() { return *m_container; }
    const spec::Spec& spec() const { return m_document.spec; }
    // Its process is told to whom --pid-file and --pidfd-socket name.
    Result<> announce(const Context& context);
    // The state is left to others; until then, it goes with this object.
    void leave();
    // Everything of a container that has ended: cgroup, state; its poststop hooks run.
    void destroy(const Context& context);

    Creation(Creation&& other) noexcept = default;
    ~Creation();

private:
    explicit Creation(StateDirectory state) : m_state(std::move(state)) {}
    Result<> make(const Context& context, bundle::StartedBy startedBy, const std::string& bundlePath);

    std::optional<StateDirectory> m_state;
    Document m_document;
    std::string m_pidFile;
    std::shared_ptr<Record> m_record = std::make_shared<Record>();
    std::optional<bundle::Container> m_container;
};

// Before anything is made: what a terminal and a console socket have to do with each other.
Result<> checkTerminal(const Context& context, bool terminal, bool detached);

// The state in the words of `record`, for hooks.
std::string hookState(const Record& record, pid_t pid, std::string_view status);

} // namespace rocker::runtime
