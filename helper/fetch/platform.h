#pragma once

#include "engine/base/result.h"
#include "engine/image/documents.h"

#include <string>
#include <vector>

namespace rocker::fetch {

// What an image is for, in the names of images (GOARCH).
struct Platform {
    std::string architecture;          // "arm64"
    std::vector<std::string> variants; // that will do, the best first; "" is an image that says none
    bool asked = false;                // by name; else it is this machine

    std::string text() const; // "linux/arm/v7"
};

// "linux/arm64", "linux/arm/v7", "arm64"; empty for this machine. Other systems than linux are refused.
Result<Platform> parsePlatform(std::string_view text);

// The manifest for a platform out of an index.
Result<image::Descriptor> choose(const image::Index& index, const Platform& platform);

} // namespace rocker::fetch
