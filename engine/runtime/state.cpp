#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/output.h"

namespace rocker::runtime {

Result<int> state(Context& context)
{
    const StateDirectory directory = TRY(context.open());
    const Shown shown = TRY(directory.show(TRY(directory.record())));
    TRY(print(json::text(shown, "  ") + "\n"));
    return 0;
}

} // namespace rocker::runtime
