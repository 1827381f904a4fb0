#pragma once

#include "gui/client/attached_stream.h"
#include "gui/layers/layer_source.h"

namespace rocker::gui {

// A layer's index as the helper hands it out (LayerIndex, ChangesIndex), checked.
QFuture<Result<layers::LayerIndex>> downloadIndex(std::unique_ptr<AttachedStream> stream, QObject* parent);

} // namespace rocker::gui
