#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/image/worker_messages.h"

#include <functional>

namespace rocker::image {

// One run of a worker program (rocker-unpack, rocker-fetch): started with nothing but its descriptors, heard through a pipe,
// killed and reaped when dropped. It confines itself before it reads a byte of what strangers wrote.
class WorkerProcess
{
public:
    struct Launch {
        std::string program; // absolute path
        std::string mode;    // "index", "stream", "unpack", "pack", "commit", "survey"; "pull", "tags"
        json::Value request = json::Value::object();
        BorrowedFd input{-1};
        BorrowedFd output{-1};
        BorrowedFd extra{-1}; // IndexFd, BlobFd or BaseFd
    };
    static Result<WorkerProcess> start(const Launch& launch);
    WorkerProcess(WorkerProcess&& other) noexcept = default;
    WorkerProcess& operator=(WorkerProcess&& other) noexcept;
    ~WorkerProcess();

    // Readable when there is something to pump(); does not block.
    BorrowedFd messages() const { return m_messages; }
    // Takes in what has arrived. True until the worker has ended.
    bool pump(const std::function<void(const WorkerProgress&)>& onProgress);
    // Why it has failed, as soon as it said so: before it closes its other descriptors.
    const Error* failure() const { return m_outcome && !*m_outcome ? &m_outcome->error() : nullptr; }
    // Once pump() said false: the worker's outcome, or why it has none.
    Result<json::Value> finish();
    // All of it at once, blocking: for tests and start-up.
    Result<json::Value> run(const std::function<void(const WorkerProgress&)>& onProgress = {});

private:
    WorkerProcess(std::string mode, UniqueFd process, UniqueFd messages);
    void takeLine(std::string_view line, const std::function<void(const WorkerProgress&)>& onProgress);
    int reap();

    std::string m_mode;
    UniqueFd m_process; // a pidfd; closed once reaped
    UniqueFd m_messages;
    std::string m_buffer;
    std::size_t m_scanned = 0;
    std::optional<Result<json::Value>> m_outcome;
};

} // namespace rocker::image
