#pragma once

#include "gui/client/connection.h"
#include "helper/protocol/system.h"

#include <concepts>

namespace rocker::gui {

// Whether a call may take long, and so must not stand in the way of others, and how long is too long.
struct CallPolicy {
    bool ownConnection = false;
    Deadlines deadlines;
};

template<protocol::Method M>
CallPolicy policyOf(const typename M::Parameters& parameters)
{
    using namespace std::chrono_literals;
    if constexpr (std::same_as<M, protocol::Stop>)
        return {true, {std::chrono::seconds(parameters.graceSeconds) + 30s, 0s}};
    else if constexpr (std::same_as<M, protocol::Wait>)
        return {true, {0s, 0s}};
    else if constexpr (std::same_as<M, protocol::ImportImage> || std::same_as<M, protocol::PullImage> || std::same_as<M, protocol::PushImage>
                       || std::same_as<M, protocol::CommitContainer>)
        return {true, {60s, 300s}};
    else if constexpr (std::same_as<M, protocol::ListTags> || std::same_as<M, protocol::SearchImages>)
        return {true, {300s, 0s}}; // the registry client gives up earlier, and says why
    else if constexpr (std::same_as<M, protocol::Start> || std::same_as<M, protocol::Create>
                       || std::same_as<M, protocol::Remove> || std::same_as<M, protocol::RemoveImage>)
        return {true, {60s, 0s}};
    else
        return {};
}

} // namespace rocker::gui
