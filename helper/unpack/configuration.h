#pragma once

#include "engine/image/configuration_edits.h"

namespace rocker::unpack {

// A member that is made, or made anew, when it is not of this type: those of Docker's time are null where there is nothing.
json::Value& memberOf(json::Value& object, const char* name, json::Value::value_t type);

// What an image says of how its containers run (OCI image-spec, config.md "config"), otherwise.
void editConfiguration(json::Value& configuration, const image::ConfigurationEdits& edits);

} // namespace rocker::unpack
