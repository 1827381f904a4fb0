#pragma once

#include "gui/client/helper_client.h"
#include "gui/layers/searchable_tree.h"

namespace rocker::gui {

// What a container has changed of its image, as a tree over the image's layers.
QFuture<Result<SharedTree>> readChanges(HelperClient& client, const std::string& container);

} // namespace rocker::gui
