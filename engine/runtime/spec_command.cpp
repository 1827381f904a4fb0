#include "engine/cgroup/layout.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/pid_file.h"
#include "engine/spec/spec.h"

#include <cerrno>
#include <unistd.h>

namespace rocker::runtime {

Result<int> spec(Context& context)
{
    const bool rootless = context.arguments.isOn("rootless");
    spec::Spec made = rootless ? spec::rootlessExample(::geteuid(), ::getegid()) : spec::example();
    made.hostname = context.program;
    if (const auto layout = cgroup::Layout::detect(); layout && layout->pureUnified())
        made.platform->namespaces.push_back({.type = "cgroup"});
    const std::string text = spec::toJson(made);

    if (const std::string bundle = context.arguments.text("bundle"); !bundle.empty())
        TRY(os::checkDone(::chdir(bundle.c_str())), "go to the bundle '{}'", bundle);
    const bool named = context.arguments.has("file");
    const std::string name = context.arguments.text("file", "config.json");
    auto file = os::open(name, O_WRONLY | O_CREAT | (named ? O_TRUNC : O_EXCL), 0666);
    if (!file && file.error().errnum == EEXIST)
        return fail(ErrorCode::AlreadyExists, "File {} exists. Remove it first", name);
    TRY(os::writeAll(TRY(std::move(file), "write '{}'", name), text), "write '{}'", name);
    return 0;
}

} // namespace rocker::runtime
