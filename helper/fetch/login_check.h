#pragma once

#include "helper/fetch/authorizer.h"

namespace rocker::fetch {

// Whether a registry lets somebody in with these credentials: its front door, /v2/, is asked (distribution-spec,
// "Determining Support").
class LoginCheck
{
public:
    struct Entry {
        Endpoint endpoint;
        Credentials credentials;
    };
    using Done = std::function<void(Result<>)>;
    LoginCheck(Network& network, Entry entry, Done done);
    void start();

private:
    Network& m_network;
    Entry m_entry;
    Done m_done;
    Authorizer m_authorizer;
    std::unique_ptr<Transfer> m_door;
};

} // namespace rocker::fetch
