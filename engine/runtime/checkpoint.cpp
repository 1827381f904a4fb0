#include "engine/os/file.h"
#include "engine/runtime/dispatch.h"

#include <fcntl.h>

namespace rocker::runtime {

Result<int> checkpoint(Context& context)
{
    TRY(TRY(context.open()).record());
    // Where scripts look whether their call was right, they must not hear of something else.
    if (const std::string parent = context.arguments.text("parent-path"); !parent.empty()) {
        if (parent.starts_with('/'))
            return fail(ErrorCode::InvalidArgument, "--parent-path must be relative");
        const std::string path = context.arguments.text("image-path", "checkpoint") + "/" + parent;
        TRY(os::open(path, O_PATH | O_DIRECTORY), "invalid --parent-path: open '{}'", path);
    }
    return fail(ErrorCode::FailedPrecondition, "{} does not support checkpoint", context.program);
}

Result<int> restore(Context& context)
{
    return fail(ErrorCode::FailedPrecondition, "{} does not support restore", context.program);
}

} // namespace rocker::runtime
