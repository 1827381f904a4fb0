#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "tests/bench/figures.h"

#include <string>

namespace rocker::bench {

// runc as a measured peer: a container of a prepared bundle, whose config.json asks for a terminal or for none.
class RuncPeer
{
public:
    // `state` is its --root; both bundles have the same root file system.
    RuncPeer(std::string state, std::string terminalBundle, std::string trueBundle);

    // `runc run --detach --console-socket` until the first byte of the terminal; then killed and deleted, unmeasured.
    Result<Clock::duration> firstByte();
    // `runc run` of a command that ends at once, until runc has ended and nothing of it is left.
    Result<Clock::duration> wholeLife();

private:
    std::string m_state;
    std::string m_terminalBundle;
    std::string m_trueBundle;
};

} // namespace rocker::bench
