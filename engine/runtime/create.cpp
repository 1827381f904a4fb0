#include "engine/runtime/creation.h"
#include "engine/runtime/dispatch.h"

namespace rocker::runtime {

Result<int> create(Context& context)
{
    const auto make = [&]() -> Result<> {
        const auto creation = TRY(Creation::begin(context, bundle::StartedBy::Anybody));
        TRY(creation->announce());
        creation->leave();
        return {};
    };
    TRY(make(), "{} create failed", context.program);
    return 0;
}

} // namespace rocker::runtime
