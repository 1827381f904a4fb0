#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/runtime/record.h"

#include <chrono>
#include <string>
#include <vector>

namespace rocker::runtime {

// `<root>/<id>`: state.json, config.json (the bundle's, as it was at the creation), and the socket on which a created
// container waits. Mode 0700. Who creates or deletes a container holds the directory's lock (flock(2)); a container
// without a process and without a holder of its lock is what a crash has left: stopped, and to be deleted.
class StateDirectory
{
public:
    // Letters, digits and "_+.-", not beginning with a dot.
    static Result<> checkId(std::string_view id);
    // A new one, locked; AlreadyExists when the name is taken.
    static Result<StateDirectory> create(const std::string& root, const std::string& id);
    // NotFound: "container does not exist".
    static Result<StateDirectory> open(const std::string& root, const std::string& id);
    // Names below the root that could be containers, sorted.
    static Result<std::vector<std::string>> list(const std::string& root);

    const std::string& id() const { return m_id; }
    BorrowedFd descriptor() const { return m_directory; }
    Result<std::string> owner() const; // a user's name, or "#uid"

    // NotFound ("container does not exist") when there is no record yet, one that was not written to its end, or one of
    // a container that is being made and has no process.
    Result<Record> record() const;
    Result<> write(const Record& record) const;
    // Another file beside it; whoever reads sees all of the text or none.
    Result<> write(const std::string& name, std::string_view text) const;
    Result<std::string> configuration() const;
    Result<> keepConfiguration(std::string_view text) const;

    Status status(const Record& record) const;
    Result<Shown> show(const Record& record) const;

    // Waits so long for the lock, FailedPrecondition then.
    Result<> lock(std::chrono::milliseconds patience);
    // Explicitly, since processes that were forked meanwhile hold it as well.
    void unlock();
    // With everything in it.
    Result<> remove();

private:
    StateDirectory(UniqueFd parent, UniqueFd directory, std::string id)
        : m_parent(std::move(parent)), m_directory(std::move(directory)), m_id(std::move(id))
    {
    }
    bool isLockedByOther() const;

    UniqueFd m_parent;
    UniqueFd m_directory;
    std::string m_id;
    bool m_locked = false;
};

} // namespace rocker::runtime
