#include "engine/network/netlink.h"

#include "engine/os/syscall.h"

#include <sys/socket.h>

namespace rocker::network {

namespace {

// The text of an extended acknowledgement, or nothing.
std::string words(const nlmsghdr& message)
{
    const auto* error = static_cast<const nlmsgerr*>(NLMSG_DATA(&message));
    if (!(message.nlmsg_flags & NLM_F_ACK_TLVS))
        return {};
    // The request comes back in full before them, unless it is capped to its header.
    std::size_t before = sizeof *error;
    if (!(message.nlmsg_flags & NLM_F_CAPPED))
        before += NLMSG_ALIGN(error->msg.nlmsg_len) - sizeof error->msg;
    std::string text;
    forEachAttribute(message, before, [&](const rtattr& attribute) {
        if (attribute.rta_type == NLMSGERR_ATTR_MSG && RTA_PAYLOAD(&attribute) > 0)
            text.assign(static_cast<const char*>(RTA_DATA(&attribute)), RTA_PAYLOAD(&attribute) - 1);
    });
    return text;
}

} // namespace

Request::Request(std::uint16_t type, std::uint16_t flags)
{
    const bool dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
    append(nlmsghdr{.nlmsg_type = type, .nlmsg_flags = std::uint16_t(flags | NLM_F_REQUEST | (dump ? 0 : NLM_F_ACK))});
}

void Request::addBytes(std::uint16_t attribute, std::string_view value)
{
    append(rtattr{.rta_len = std::uint16_t(RTA_LENGTH(value.size())), .rta_type = attribute});
    appendAligned(value);
}

void Request::appendAligned(std::string_view bytes)
{
    m_bytes.append(bytes);
    m_bytes.resize(NLMSG_ALIGN(m_bytes.size()));
}

std::string_view Request::finish(std::uint32_t sequence)
{
    const std::uint32_t length = std::uint32_t(m_bytes.size());
    std::memcpy(m_bytes.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
    std::memcpy(m_bytes.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof sequence);
    return m_bytes;
}

Result<Netlink> Netlink::open()
{
    UniqueFd socket(TRY(os::check(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)), "open a netlink socket"));
    const int on = 1;
    (void)::setsockopt(socket.value(), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on); // older kernels have no words
    return Netlink(std::move(socket));
}

Result<> Netlink::ask(Request& request, const std::function<void(const nlmsghdr&)>& receive)
{
    for (int attempt = 0;; ++attempt) {
        const std::string_view bytes = request.finish(++m_sequence);
        TRY(os::check(::send(m_socket.value(), bytes.data(), bytes.size(), 0)));
        bool interrupted = false;
        while (!TRY(receiveSome(m_sequence, receive, interrupted))) { }
        if (!interrupted)
            return {};
        if (attempt == 10)
            return fail(Error::fromErrno(EAGAIN));
    }
}

// One datagram; whether it was the last.
Result<bool> Netlink::receiveSome(std::uint32_t sequence, const std::function<void(const nlmsghdr&)>& receive, bool& interrupted)
{
    alignas(nlmsghdr) char buffer[32 * 1024]; // what the kernel fills at most for a dump
    ssize_t count;
    do
        count = ::recv(m_socket.value(), buffer, sizeof buffer, 0);
    while (count < 0 && errno == EINTR);
    TRY(os::check(count));
    int left = int(count);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer); NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        if (message->nlmsg_seq != sequence)
            continue;
        interrupted = interrupted || message->nlmsg_flags & NLM_F_DUMP_INTR;
        if (message->nlmsg_type == NLMSG_ERROR) {
            const int error = -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
            if (error == 0)
                return true;
            Error failure = Error::fromErrno(error);
            if (const std::string text = words(*message); !text.empty())
                failure.what += " (" + text + ")";
            return fail(std::move(failure));
        }
        if (message->nlmsg_type == NLMSG_DONE)
            return true;
        if (receive)
            receive(*message);
    }
    return false;
}

} // namespace rocker::network
