#pragma once

#include "helper/fetch/credentials.h"
#include "helper/fetch/site.h"
#include "helper/fetch/transfer.h"

namespace rocker::fetch {

// Rights at one registry: Basic, or Bearer with a token from the realm that the registry names
// (distribution's token authentication, with the OAuth 2 form for identity tokens). One token serves all transfers.
class Authorizer final : public Authorization
{
public:
    struct Access {
        std::string host;       // of the registry, for messages
        std::string authority;  // what one logs in to: "docker.io"
        bool plain = false;     // it is itself reached without TLS
        // "repository:library/alpine:pull", the main one first: of that one the registry may have another name for the
        // repository. None: no more than who one is.
        std::vector<std::string> scopes;
        Credentials credentials;
        std::string trouble;    // why there may be none
    };
    Authorizer(Network& network, Access access) : m_network(network), m_access(std::move(access)) {}

    QByteArray header() const override { return m_header; }
    void answer(
        const std::vector<Challenge>& challenges, const QByteArray& sent, std::function<void(Result<>)> done) override;

    // What is asked for with `site`'s own registry.
    static Access accessTo(const Site& site, std::vector<std::string> scopes);

private:
    Result<> useBasic(const QByteArray& sent);
    Result<> askForToken(const Challenge& challenge);
    void tokenArrived(Result<Answer> answer);
    void finish(const Result<>& outcome);
    std::vector<std::string> scopesFor(const Challenge& challenge) const;
    QByteArray basic() const;
    std::unexpected<Error> denied(std::string_view why) const;
    std::unexpected<Error> loginWanted(std::string_view why) const; // ENOKEY, for who can offer one

    Network& m_network;
    Access m_access;
    QByteArray m_header;
    std::unique_ptr<Transfer> m_asking;
    std::vector<std::function<void(Result<>)>> m_waiting;
};

} // namespace rocker::fetch
