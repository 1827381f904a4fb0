#pragma once

#include "helper/protocol/images.h"

#include <optional>

namespace rocker::cli {

// What an import or a pull is at: on a terminal one line that changes; elsewhere nothing.
void showProgress(const std::optional<protocol::ImportProgress>& progress);
void clearProgress();

} // namespace rocker::cli
