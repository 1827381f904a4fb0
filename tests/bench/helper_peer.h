#pragma once

#include "helper/cli/client.h"
#include "tests/bench/figures.h"

#include <string>

namespace rocker::bench {

// The helper, asked over its socket as the window asks: calls on one lasting connection, a terminal on one of its own.
class HelperPeer
{
public:
    static Result<HelperPeer> connect(const std::string& socketPath, const std::string& image);

    // Create, Start and Attach until the terminal's first byte; then removed, unmeasured.
    Result<Clock::duration> firstByte();
    // Create and Start of a command that waits; then removed, unmeasured.
    Result<Clock::duration> createAndStart();
    // Create, Start, Wait and Remove of a command that ends at once.
    Result<Clock::duration> wholeLife();
    // From sending a Rename until another connection has read the event of it.
    Result<Samples> eventLatency(int rounds);

private:
    HelperPeer(std::string socketPath, std::string image, cli::Client client)
        : m_socketPath(std::move(socketPath)), m_image(std::move(image)), m_client(std::move(client))
    {
    }
    std::string m_socketPath;
    std::string m_image;
    cli::Client m_client;
};

} // namespace rocker::bench
