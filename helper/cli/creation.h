#pragma once

#include "helper/cli/command.h"

namespace rocker::cli {

// What `run` and `create` have in common.
std::vector<Option> creationOptions();
Result<protocol::Create::Parameters> creationParameters(const Arguments& arguments);

} // namespace rocker::cli
