#include "helper/fetch/confine.h"
#include "helper/fetch/program/work.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace rocker::fetch {

namespace {

using json::Value;

// `open` is how many descriptors it holds that others of its kind do not.
template<typename Request>
Result<Value> perform(const Value& value, Result<Value> (*work)(const Request&), std::size_t open = 0)
{
    const pid_t helper = ::getppid();
    const Request request = TRY(json::read<Request>(value, json::UnknownKeys::Refuse), "the request");
    TRY(becomeCaller(request.caller, open), "become the caller");
    TRY(endWithHelper(helper));
    return work(request);
}

// One that is a single process all the time.
template<typename Request>
Result<Value> converse(const Value& value, Result<Value> (*work)(const Request&), std::size_t open = 0)
{
    static Result<Value> (*inside)(const Request&) = work;
    return perform<Request>(value, [](const Request& request) -> Result<Value> {
        int count = 1;
        char name[] = "rocker-fetch";
        char* words[] = {name, nullptr};
        ::setenv("QT_NO_GLIB", "1", 1);
        const QCoreApplication application(count, words);
        return inside(request);
    }, open);
}

Result<Value> run(std::string_view mode, std::string_view text)
{
    const Value request = TRY(json::parse(text), "the request");
    if (mode == "pull")
        return converse<image::PullRequest>(request, pull);
    if (mode == "tags")
        return converse<image::TagsRequest>(request, tags);
    if (mode == "push") {
        std::vector<UniqueFd> blobs = TRY(receiveBlobs());
        const std::size_t count = blobs.size();
        keepBlobs(std::move(blobs));
        return converse<image::PushRequest>(request, push, count);
    }
    if (mode == "search")
        return converse<image::SearchRequest>(request, search);
    if (mode == "login")
        return perform<image::LoginRequest>(request, login);
    if (mode == "logout")
        return perform<image::LogoutRequest>(request, logout);
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
