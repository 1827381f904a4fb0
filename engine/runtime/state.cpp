#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/output.h"

namespace rocker::runtime {

// "creating" is what a hook is to see, which asks meanwhile; anybody else is told what becomes of it.
static bool mayWait(const StateDirectory& directory)
{
    const auto configuration = directory.configuration();
    return configuration && !configuration->contains("\"hooks\"");
}

Result<int> state(Context& context)
{
    StateDirectory directory = TRY(context.open());
    Shown shown = TRY(directory.show(TRY(directory.record())));
    if (shown.status == Status::Creating && mayWait(directory)) {
        directory.awaitOthers();
        shown = TRY(directory.show(TRY(directory.record())));
    }
    TRY(print(json::text(shown, "  ") + "\n"));
    return 0;
}

} // namespace rocker::runtime
