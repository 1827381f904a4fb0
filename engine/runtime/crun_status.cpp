#include "engine/runtime/crun_status.h"

#include "engine/base/unique_fd.h"
#include "engine/json/text.h"
#include "engine/os/file.h"

namespace rocker::runtime {

namespace {

struct CrunStatus {
    pid_t pid = 0;
    std::uint64_t startTime = 0;
    std::string rootfs;
    std::string bundle;
    std::string created;
    std::string descriptors;
    static constexpr auto fields()
    {
        using json::required;
        using C = CrunStatus;
        return std::tuple(required("pid", &C::pid), required("process-start-time", &C::startTime), required("rootfs", &C::rootfs),
                          required("bundle", &C::bundle), required("created", &C::created),
                          required("external_descriptors", &C::descriptors));
    }
};

} // namespace

Result<std::string> crunStatus(const Record& record)
{
    std::vector<std::string> streams;
    for (int fd = 0; fd < 3; ++fd)
        streams.push_back(TRY(os::pathOf(BorrowedFd(fd)), "standard stream {}", fd));
    return json::text(CrunStatus{record.pid, record.startTime, record.rootfs, record.bundle, record.created, json::text(streams)});
}

} // namespace rocker::runtime
