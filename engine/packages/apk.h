#pragma once

#include "engine/packages/package.h"

namespace rocker::packages {

// /lib/apk/db/installed (apk(8), "APK installed database"): a letter, a colon and a value a line, a blank line between
// packages. What is not understood is passed over.
std::vector<Package> parseApkInstalled(std::string_view text);

} // namespace rocker::packages
