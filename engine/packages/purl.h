#pragma once

#include "engine/packages/distribution.h"
#include "engine/packages/package.h"

namespace rocker::packages {

// A package URL (package-url.github.io): "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc".
std::string packageUrl(const Package& package, const Distribution& distribution);

// As it stands in a package URL: all but letters, digits and ".-_~:" by their bytes in percent.
std::string percentEncoded(std::string_view text);

} // namespace rocker::packages
