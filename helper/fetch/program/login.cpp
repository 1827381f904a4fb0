#include "engine/base/frame.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "helper/fetch/confine.h"
#include "helper/fetch/login_check.h"
#include "helper/fetch/program/work.h"

#include <QCoreApplication>

#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// A login is checked by a child that reads what the registry says and may touch nothing else, and kept by its parent,
// which never hears more of the registry than whether that is in order.
namespace rocker::fetch {

namespace {

constexpr int patienceMilliseconds = 60'000;
constexpr std::size_t passwordLimit = 64 << 10;

// The client, which sends the password in Input frames up to InputEnd.
class Client
{
public:
    Result<std::string> password()
    {
        std::string password;
        for (;;) {
            while (const auto frame = m_frames.next()) {
                if (frame->type == FrameType::InputEnd)
                    return password;
                if (frame->type != FrameType::Input || password.size() + frame->payload.size() > passwordLimit)
                    return fail(ErrorCode::InvalidArgument, "a password is expected");
                password += frame->payload;
            }
            pollfd entry{image::InputFd, POLLIN, 0};
            if (m_frames.broken() || ::poll(&entry, 1, patienceMilliseconds) <= 0)
                return fail(ErrorCode::InvalidArgument, "no password has come");
            char buffer[4096];
            const ssize_t count = ::recv(image::InputFd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (count < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (count <= 0)
                return fail(ErrorCode::Cancelled, "the client has gone");
            m_frames.append({buffer, std::size_t(count)});
        }
    }

    // Small enough for any socket's buffer.
    static void tell(const Result<image::LoginOutcome>& outcome)
    {
        const std::string frames = outcome
            ? frame(FrameType::Output, outcome->place.substr(0, 1000)) + frame(FrameType::End, {})
            : frame(FrameType::Failed, outcome.error().what.substr(0, 4000));
        (void)::send(image::InputFd, frames.data(), frames.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }

private:
    FrameReader m_frames;
};

Result<> check(const image::LoginRequest& request, const Endpoint& endpoint, const Credentials& credentials)
{
    int count = 1;
    char name[] = "rocker-fetch";
    char* words[] = {name, nullptr};
    ::setenv("QT_NO_GLIB", "1", 1);
    const QCoreApplication application(count, words);
    Network network(request.settings);
    TRY(network.loadCertificates(endpoint.host, certificateDirectories), "certificates");
    TRY(closeBehind(), "confine the registry client");
    std::optional<LoginCheck> check;
    TRY(untilTold([&](const Told& told) {
        check.emplace(network, LoginCheck::Entry{endpoint, credentials}, [told](const Result<>& checked) {
            told(checked ? Result<json::Value>(json::Value()) : fail(checked.error()));
        });
        check->start();
    }));
    return {};
}

// In the child; nothing on the pipe is a yes.
Result<> checkApart(const image::LoginRequest& request, const Endpoint& endpoint, const Credentials& credentials)
{
    os::Pipe pipe = TRY(os::makePipe());
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0)
        return fail(Error::fromErrno(errno).in("fork"));
    if (child == 0) {
        ::close(image::InputFd);
        pipe.readEnd.reset();
        const auto alive = endWithHelper(parent);
        const auto checked = alive ? check(request, endpoint, credentials) : fail(alive.error());
        if (!checked) {
            const Error& error = checked.error();
            const image::WorkerFailure failure{std::string(errorCodeName(error.code)), error.errnum, error.what};
            (void)os::writeAll(pipe.writeEnd, json::dump(json::write(failure)));
        }
        ::_exit(checked ? 0 : 1);
    }
    pipe.writeEnd.reset();
    auto said = os::readAll(pipe.readEnd, 64 << 10);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && said && said->empty())
        return {};
    const auto failure = json::readText<image::WorkerFailure>(TRY(std::move(said)), json::UnknownKeys::Refuse);
    if (!failure)
        return fail(ErrorCode::Internal, "the login could not be checked");
    return fail(Error{errorCodeFromName(failure->code), int(failure->errnum), failure->what});
}

Result<image::LoginOutcome> loginWith(const image::LoginRequest& request)
{
    const std::string registry = normalizedKey(request.registry);
    if (!image::isRegistryHost(registry))
        return fail(
            ErrorCode::InvalidArgument, "'{}' is not a registry: it should read host or host:port", request.registry);
    if (request.user.empty() || request.user.contains(':') || request.user.contains('\n'))
        return fail(ErrorCode::InvalidArgument, "a user's name has no colon in it, and is not empty");
    const std::string password = TRY(Client().password());
    if (password.empty() || password.contains('\n') || password.contains('\0'))
        return fail(ErrorCode::InvalidArgument, "a password is one line, and not empty");
    const Person person = personOf(unsigned(request.caller.uid), request.caller.authFile);
    const CredentialPlace place = TRY(placeFor(person, registry, request.helper)); // before the registry hears of it
    const Credentials credentials{request.user, password, {}};
    TRY(checkApart(request, endpointsOf(registry, request.settings).back(), credentials));
    TRY(keepCredentials(person, place, registry, credentials), "keep the login");
    return image::LoginOutcome{registry, place.text()};
}

} // namespace

Result<json::Value> login(const image::LoginRequest& request)
{
    auto outcome = loginWith(request);
    if (!outcome)
        outcome = fail(std::move(outcome).error().in("log in to " + request.registry));
    Client::tell(outcome);
    return outcome ? Result<json::Value>(json::write(*outcome)) : fail(outcome.error());
}

Result<json::Value> logout(const image::LogoutRequest& request)
{
    const std::string registry = normalizedKey(request.registry);
    if (!image::isRegistryHost(registry))
        return fail(
            ErrorCode::InvalidArgument, "'{}' is not a registry: it should read host or host:port", request.registry);
    const Person person = personOf(unsigned(request.caller.uid), request.caller.authFile);
    return json::write(image::LoginOutcome{registry, TRY(removeCredentials(person, registry))});
}

} // namespace rocker::fetch
