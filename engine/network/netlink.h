#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string>
#include <string_view>

namespace rocker::network {

// One message to rtnetlink(7), put together.
class Request
{
public:
    // `flags` besides NLM_F_REQUEST; NLM_F_DUMP, or an acknowledgement is asked for.
    Request(std::uint16_t type, std::uint16_t flags);

    // The fixed part that belongs to the type (ifinfomsg, ifaddrmsg): first, once.
    template<typename T>
    void append(const T& header)
    {
        appendAligned({reinterpret_cast<const char*>(&header), sizeof header});
    }
    template<typename T>
    void add(std::uint16_t attribute, const T& value)
    {
        addBytes(attribute, {reinterpret_cast<const char*>(&value), sizeof value});
    }
    void addText(std::uint16_t attribute, const std::string& text) { addBytes(attribute, {text.c_str(), text.size() + 1}); }
    void addBytes(std::uint16_t attribute, std::string_view value);
    void appendAligned(std::string_view bytes);

    // With its length and this sequence number.
    std::string_view finish(std::uint32_t sequence);

private:
    std::string m_bytes;
};

// A connection to rtnetlink in the network namespace that the caller was in when it was opened.
class Netlink
{
public:
    static Result<Netlink> open();

    // Sends and waits for the end of the answer; each message of it goes to `receive`. The kernel's own words join the
    // error. A dump that something changed meanwhile is asked for again.
    Result<> ask(Request& request, const std::function<void(const nlmsghdr&)>& receive = {});

private:
    explicit Netlink(UniqueFd socket) : m_socket(std::move(socket)) {}
    Result<bool> receiveSome(std::uint32_t sequence, const std::function<void(const nlmsghdr&)>& receive, bool& interrupted);

    UniqueFd m_socket;
    std::uint32_t m_sequence = 0;
};

// Every attribute behind a fixed part of `headerSize` bytes.
template<typename F>
void forEachAttribute(const nlmsghdr& message, std::size_t headerSize, F function)
{
    const char* position = static_cast<const char*>(NLMSG_DATA(&message)) + NLMSG_ALIGN(headerSize);
    const char* const end = reinterpret_cast<const char*>(&message) + message.nlmsg_len;
    while (end - position >= std::ptrdiff_t(sizeof(rtattr))) {
        const auto* attribute = reinterpret_cast<const rtattr*>(position);
        if (attribute->rta_len < sizeof(rtattr) || attribute->rta_len > end - position)
            return;
        function(*attribute);
        position += RTA_ALIGN(attribute->rta_len);
    }
}

} // namespace rocker::network
