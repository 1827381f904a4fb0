#pragma once

#include "helper/services/image_service.h"

namespace rocker {

inline constexpr std::size_t jobsAtOnce = 4;
inline constexpr std::size_t jobsWaiting = 64;

template<protocol::Method M>
void ImageService::inTurn(Request<M> request, void (ImageService::*begin)(Request<M>, Slots::Slot))
{
    Slots& turns = m_turns.try_emplace(request.caller().uid, m_loop, jobsAtOnce).first->second;
    if (turns.waiting() >= jobsWaiting)
        return request.fail({ErrorCode::ResourceExhausted, 0,
                             std::format("{} imports, pulls and commits of yours wait already: come back when some are done", jobsWaiting)});
    if (turns.busy())
        request.progress({.progress = protocol::ImportProgress{"Waiting for imports, pulls or commits of yours to end", 0, 0}});
    const auto shared = std::make_shared<Request<M>>(std::move(request));
    auto wait = turns.ask([this, shared, begin](Slots::Slot place) { (this->*begin)(std::move(*shared), std::move(place)); });
    shared->onGone([wait]() mutable { wait.reset(); });
}

} // namespace rocker
