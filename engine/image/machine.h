#pragma once

#include <string>

namespace rocker::image {

// What a machine is in the names of images (GOARCH, and the variant that the OCI image-spec gives it).
struct Machine {
    std::string architecture; // "amd64"; uname(2)'s own word for one that is not known
    std::string variant;      // "v8"; mostly empty
};
Machine thisMachine();

} // namespace rocker::image
