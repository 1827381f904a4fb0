#pragma once

#include "engine/image/image_store.h"

#include <string>
#include <vector>

namespace rocker {

// Keeps blobs in the store as long as it lives.
class PinnedBlobs
{
public:
    explicit PinnedBlobs(image::ImageStore& store) : m_store(store) {}
    PinnedBlobs(const PinnedBlobs&) = delete;
    ~PinnedBlobs()
    {
        for (const std::string& digest : m_digests)
            m_store.unpin(digest);
    }
    void add(const std::string& digest)
    {
        m_store.pin(digest);
        m_digests.push_back(digest);
    }

private:
    image::ImageStore& m_store;
    std::vector<std::string> m_digests;
};

} // namespace rocker
