#pragma once

#include "engine/os/file.h"
#include "helper/services/jobs.h"
#include "helper/services/outgoing.h"
#include "helper/services/request.h"

#include <memory>

namespace rocker {

// A whole file as what follows the reply, which `reply` makes of its size; sent in a child, at the client's own pace.
template<protocol::Method M, typename MakeReply>
void handOut(Jobs& jobs, Request<M> request, Result<UniqueFd> opened, MakeReply reply)
{
    const auto status = opened ? os::status(*opened) : Result<struct stat>(fail(opened.error()));
    if (!status)
        return request.fail(status.error());
    const auto file = std::make_shared<UniqueFd>(std::move(*opened));
    const std::int64_t size = status->st_size;
    request.upgrade(reply(size), [&jobs, file, size](UniqueFd socket, const std::string&) {
        const auto client = std::make_shared<UniqueFd>(std::move(socket));
        jobs.run([=] { return sendToItsEnd(*client, [&] { return sendFile(*client, *file, std::uint64_t(size)); }); },
                 [](const Result<>&) {}, {client->value(), file->value()});
    });
}

} // namespace rocker
