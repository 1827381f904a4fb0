#pragma once

#include "engine/base/unique_fd.h"
#include "helper/protocol/system.h"
#include "helper/protocol/varlink.h"

#include <chrono>
#include <functional>
#include <string>

namespace rocker::cli {

// A connection that has left Varlink: frames from here on, the first of them perhaps read already.
struct Upgraded {
    UniqueFd socket;
    std::string received;
};

// The helper as a blocking peer: one connection, one call at a time.
class Client
{
public:
    static Result<Client> connect(const std::string& socketPath);

    // How long an answer may take; without this, for ever. Then the error's errno is EAGAIN.
    void setPatience(std::chrono::seconds patience);

    template<protocol::Method M>
    Result<typename M::Reply> call(const typename M::Parameters& parameters)
        requires(M::flow == protocol::Flow::Once)
    {
        TRY(send<M>(parameters));
        return protocol::replyOf<M>(TRY(receive()));
    }

    // Every reply that continues goes to `progress`; the last one is returned.
    template<protocol::Method M>
    Result<typename M::Reply> stream(const typename M::Parameters& parameters,
                                     const std::function<void(const typename M::Reply&)>& progress)
        requires(M::flow == protocol::Flow::Stream)
    {
        TRY(send<M>(parameters));
        for (;;) {
            const protocol::Answer answer = TRY(receive());
            typename M::Reply reply = TRY(protocol::replyOf<M>(answer));
            if (!answer.continues)
                return reply;
            progress(reply);
        }
    }

    template<protocol::Method M>
    Result<Upgraded> upgrade(const typename M::Parameters& parameters, typename M::Reply* reply = nullptr) &&
        requires(M::flow == protocol::Flow::Upgrade)
    {
        TRY(send<M>(parameters));
        auto received = TRY(protocol::replyOf<M>(TRY(receive())));
        if (reply)
            *reply = std::move(received);
        return Upgraded{std::move(m_socket), m_input.takeRest()};
    }

private:
    explicit Client(UniqueFd socket) : m_socket(std::move(socket)) {}
    template<protocol::Method M>
    Result<> send(const typename M::Parameters& parameters)
    {
        return send(protocol::callOf<protocol::InterfaceOf<M>, M>(parameters));
    }
    Result<> send(const protocol::Call& call);
    Result<protocol::Answer> receive();

    UniqueFd m_socket;
    protocol::MessageBuffer m_input{protocol::replyLimit};
};

} // namespace rocker::cli
