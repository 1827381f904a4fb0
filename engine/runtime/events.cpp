#include "engine/cgroup/cgroup.h"
#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/duration.h"
#include "engine/runtime/output.h"

#include <cerrno>
#include <poll.h>

namespace rocker::runtime {

namespace {

struct StatisticsEvent {
    std::string type = "stats";
    std::string id;
    cgroup::Statistics data;
    static constexpr auto fields()
    {
        using E = StatisticsEvent;
        return std::tuple(json::required("type", &E::type), json::required("id", &E::id), json::required("data", &E::data));
    }
};

struct OomEvent {
    std::string type = "oom";
    std::string id;
    static constexpr auto fields()
    {
        return std::tuple(json::required("type", &OomEvent::type), json::required("id", &OomEvent::id));
    }
};

Result<> printStatistics(const cgroup::Cgroup& cgroup, const std::string& id)
{
    return print(json::text(StatisticsEvent{.id = id, .data = TRY(cgroup.statistics(), "get the statistics of {}", id)}) + "\n");
}

// Until the container's cgroup is gone.
Result<> follow(Context& context, const cgroup::Cgroup& cgroup, std::chrono::milliseconds interval)
{
    using Clock = std::chrono::steady_clock;
    cgroup::OomWatch watch = TRY(cgroup.watchOom(), "watch the memory of {}", context.id());
    for (auto next = Clock::now() + interval;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
        pollfd news{.fd = watch.descriptor().value(), .events = POLLIN};
        const int count = ::poll(&news, 1, int(std::max<std::int64_t>(0, left.count())));
        if (count < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("wait for events"));
        if (count > 0)
            switch (TRY(watch.next(), "watch the memory of {}", context.id())) {
            case cgroup::OomWatch::News::Killed:
                TRY(print(json::text(OomEvent{.id = context.id()}) + "\n"));
                break;
            case cgroup::OomWatch::News::Gone:
                return {};
            case cgroup::OomWatch::News::Nothing:
                break;
            }
        if (Clock::now() < next)
            continue;
        if (!cgroup.exists())
            return {};
        if (auto printed = printStatistics(cgroup, context.id()); !printed)
            context.log.error(printed.error().what);
        next += interval;
    }
}

} // namespace

Result<int> events(Context& context)
{
    const auto interval = TRY(parseDuration(context.arguments.text("interval", "5s")), "invalid value for interval");
    if (interval <= std::chrono::milliseconds(0))
        return fail(ErrorCode::InvalidArgument, "duration interval must be greater than 0");
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    if (directory.status(record) == Status::Stopped)
        return fail(ErrorCode::FailedPrecondition, "container with id {} is not running", context.id());
    if (record.cgroupPaths.empty())
        return fail(ErrorCode::FailedPrecondition, "the container has no cgroup of its own");
    const auto cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
    if (context.arguments.isOn("stats"))
        TRY(printStatistics(cgroup, context.id()));
    else
        TRY(follow(context, cgroup, interval));
    return 0;
}

} // namespace rocker::runtime
