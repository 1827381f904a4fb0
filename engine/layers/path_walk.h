#pragma once

#include "engine/layers/image_tree.h"

namespace rocker::layers {

enum class LastLink { Follow, Keep };

// The node that a path leads to, through links, as a container would find it; with Keep, the last name itself when it is
// a link. NotFound, or InvalidArgument for more links than the kernel follows.
Result<std::uint32_t> walkPath(const ImageTree& tree, std::string_view path, LastLink last = LastLink::Follow);

// An entry of a directory that is there, by its name; or none.
std::uint32_t childNamed(const ImageTree& tree, std::uint32_t directory, std::string_view name);

} // namespace rocker::layers
