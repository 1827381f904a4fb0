#pragma once

#include "engine/image/digest.h"
#include "engine/layers/record.h"

#include <cstdint>
#include <span>

namespace rocker::layout {

// The content id of a file from the pieces that a tar gives of it, in order; what lies between them are zeros. A tar of a
// few blocks can speak of terabytes of them: `zeros` is how many a layer's holes may have hashed, all files together. A
// hole beyond it counts by its length only, so that such a file still has the id of one written the same way.
class ContentHash
{
public:
    explicit ContentHash(std::uint64_t& zeros) : m_zeros(zeros) {}
    void add(std::uint64_t offset, std::span<const char> bytes);
    layers::ContentId finish(std::uint64_t size);

private:
    void skipTo(std::uint64_t offset);

    image::Sha256 m_hash;
    std::uint64_t& m_zeros;
    std::uint64_t m_position = 0;
};

} // namespace rocker::layout
