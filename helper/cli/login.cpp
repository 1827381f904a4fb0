#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"
#include "helper/cli/download.h"
#include "helper/cli/tty.h"

#include <cerrno>
#include <iostream>
#include <sys/socket.h>
#include <unistd.h>

namespace rocker::cli {

using namespace protocol;

namespace {

constexpr std::size_t passwordLimit = 60'000; // what one frame holds

std::string withoutLineEnd(std::string line)
{
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.pop_back();
    return line;
}

Result<std::string> askedFor(const char* what, Echo echo)
{
    std::fputs(what, stderr);
    std::string line;
    const std::optional<QuietMode> quiet = echo == Echo::Off ? std::make_optional<QuietMode>() : std::nullopt;
    std::getline(std::cin, line);
    if (echo == Echo::Off)
        std::fputs("\n", stderr);
    if (line.empty())
        return fail(ErrorCode::Cancelled, "nothing was typed: nothing is changed");
    return line;
}

Result<std::string> passwordFor(const Arguments& arguments)
{
    if (!arguments.has("password-stdin") && ::isatty(STDIN_FILENO))
        return askedFor("Password: ", Echo::Off);
    if (!arguments.has("password-stdin"))
        return fail(
            ErrorCode::InvalidArgument, "there is no terminal to ask for the password: give it with --password-stdin");
    const std::string all{std::istreambuf_iterator<char>(std::cin), {}};
    const std::string password = withoutLineEnd(all);
    if (password.empty() || password.size() > passwordLimit)
        return fail(ErrorCode::InvalidArgument, "--password-stdin: there is no password in it, or more than one");
    return password;
}

Result<> sendAll(BorrowedFd socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("send the password"));
        bytes.remove_prefix(std::size_t(std::max<ssize_t>(count, 0)));
    }
    return {};
}

Result<int> login(const Context& context, const Arguments& arguments)
{
    const std::string registry = arguments.operands().empty() ? "docker.io" : arguments.operands()[0];
    LoginToRegistry::Parameters parameters{.registry = registry,
                                           .user = arguments.valueOr("username", ""),
                                           .authFile = TRY(authFileOf(arguments)),
                                           .helper = arguments.valueOr("helper", "")};
    if (parameters.user.empty() && (arguments.has("password-stdin") || !::isatty(STDIN_FILENO)))
        return fail(ErrorCode::InvalidArgument, "--password-stdin needs the user's name as well: --username NAME");
    if (parameters.user.empty())
        parameters.user = TRY(askedFor("User name: ", Echo::On));
    const std::string password = TRY(passwordFor(arguments));
    const Upgraded connection = TRY(TRY(context.connect()).upgrade<LoginToRegistry>(parameters));
    TRY(sendAll(connection.socket, frame(FrameType::Input, password) + frame(FrameType::InputEnd, {})));
    const std::string place = TRY(receiveAnswer(connection));
    print(std::format("Logged in to {}; that is kept in {}.\n", registry, place));
    return 0;
}

} // namespace

Command loginCommand()
{
    return {.syntax = {.names = {"login"},
                .operands = "[REGISTRY]",
                .summary = "Log in to a registry, docker.io when none is named.",
                .options = {{'u', "username", "NAME", "as whom; asked for otherwise"},
                    {0, "password-stdin", "", "read the password from standard input"},
                    {0, "helper", "NAME", "keep it in docker-credential-NAME: secretservice, the desktop's keyring"},
                    authFileOption},
                .fewest = 0,
                .most = 1},
        .run = login};
}

} // namespace rocker::cli
