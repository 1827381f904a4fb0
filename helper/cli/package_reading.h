#pragma once

#include "engine/packages/inventory.h"
#include "helper/cli/image_contents.h"

#include <memory>

namespace rocker::cli {

// An image and what is installed in it.
struct ImagePackages {
    protocol::InspectImage::Reply image;
    std::shared_ptr<const layers::ImageTree> tree; // all of it
    packages::Inventory inventory;
};
Result<ImagePackages> readPackages(const Context& context, const std::string& image);

} // namespace rocker::cli
