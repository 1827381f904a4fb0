#pragma once

#include "engine/base/frame.h"
#include "helper/cli/command.h"

#include <functional>
#include <string>

namespace rocker::cli {

// The file that an upgraded connection carries (LayerIndex, ReadFile, Save), piece by piece, to its end: anything but
// exactly `size` bytes and a last frame that says so is an error, and so is what `take` returns as one.
Result<> receiveFile(Upgraded connection, std::int64_t size, const std::function<Result<>(std::string_view)>& take);

// A short text instead of a file: all Output up to End, or Failed as an error.
Result<std::string> receiveAnswer(const Upgraded& connection);

template<protocol::Method M>
Result<> download(const Context& context, const typename M::Parameters& parameters,
                  const std::function<Result<>(std::string_view)>& take)
{
    typename M::Reply reply;
    Upgraded connection = TRY(TRY(context.connect()).template upgrade<M>(parameters, &reply));
    return receiveFile(std::move(connection), reply.size, take);
}

// A whole file of at most `limit` bytes.
template<protocol::Method M>
Result<std::string> downloadText(const Context& context, const typename M::Parameters& parameters, std::size_t limit)
{
    std::string text;
    TRY(download<M>(context, parameters, [&](std::string_view piece) -> Result<> {
        if (text.size() + piece.size() > limit)
            return fail(ErrorCode::ResourceExhausted, "it has more than {} bytes", limit);
        text += piece;
        return {};
    }));
    return text;
}

} // namespace rocker::cli
