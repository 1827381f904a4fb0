#include "engine/runtime/dispatch.h"

namespace rocker::runtime {

Result<int> checkpoint(Context& context)
{
    TRY(TRY(context.open()).record());
    return fail(ErrorCode::FailedPrecondition, "{} does not support checkpoint", context.program);
}

Result<int> restore(Context& context)
{
    return fail(ErrorCode::FailedPrecondition, "{} does not support restore", context.program);
}

} // namespace rocker::runtime
