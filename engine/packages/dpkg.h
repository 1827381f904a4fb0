#pragma once

#include "engine/packages/package.h"

namespace rocker::packages {

// /var/lib/dpkg/status (dpkg(1), deb-control(5)), or one file of distroless's status.d, which has no Status field.
// Packages that are removed and have left their configuration are not installed. What is not understood is passed over.
std::vector<Package> parseDpkgStatus(std::string_view text);

// info/<package>.list: a path a line, directories among them, as absolute paths.
std::vector<std::string> parseDpkgList(std::string_view text);
// <package>.md5sums: "<digest>  <path>" a line, of regular files.
std::vector<std::string> parseMd5sums(std::string_view text);

// The licences that /usr/share/doc/<package>/copyright names: those of a machine-readable one, joined by " AND " without
// repetition, else those of /usr/share/common-licenses that it mentions. Empty when it names none.
std::string licensesOfCopyright(std::string_view text);

} // namespace rocker::packages
