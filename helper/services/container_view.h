#pragma once

#include "engine/container/engine_config.h"
#include "engine/container/record.h"
#include "helper/protocol/containers.h"

// Between what the engine remembers of a container and what the wire says of it.
namespace rocker {

protocol::ContainerState stateOf(const container::State& state);
protocol::Container rowOf(const container::ContainerInfo& info);
protocol::ContainerDetails detailsOf(const container::ContainerInfo& info, const container::EngineConfig& config);
cgroup::Limits limitsOf(const protocol::Limits& limits);

} // namespace rocker
