#pragma once

#include "helper/cli/command.h"

namespace rocker::cli {

// What `run` and `create` have in common.
std::vector<Option> creationOptions();
Result<protocol::Create::Parameters> creationParameters(const Arguments& arguments);

// Makes the container; its image is pulled first where --pull says so.
Result<protocol::Container> makeContainer(
    Client& client, const protocol::Create::Parameters& parameters, const Arguments& arguments);

} // namespace rocker::cli
