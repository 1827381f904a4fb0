#include "engine/runtime/dispatch.h"
#include "engine/runtime/feature_list.h"
#include "engine/runtime/output.h"

namespace rocker::runtime {

Result<int> features(Context&)
{
    TRY(print(featuresJson()));
    return 0;
}

} // namespace rocker::runtime
