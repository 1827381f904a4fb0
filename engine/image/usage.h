#pragma once

#include "engine/image/image_store.h"

namespace rocker::image {

// Bytes on disk of an image: its unpacked layers (once per chain ID) and its layers as they came (once per digest).
struct Footprint {
    std::int64_t own = 0;    // no other image needs them
    std::int64_t shared = 0;
};

// How much space images take together and apart; pure, over the store's records.
class Usage
{
public:
    explicit Usage(const std::vector<StoredImage>& images);

    Footprint of(const StoredImage& image) const;
    std::int64_t total() const;
    // Takes an image away: the bytes that only it still needed.
    std::int64_t remove(const StoredImage& image);

private:
    struct Part {
        std::int64_t size = 0;
        int users = 0;
    };
    template<typename Each>
    static void eachPart(const StoredImage& image, Each each);

    std::map<std::string, Part> m_parts; // by chain ID, and by digest of the blob
};

// Whether labels fit a filter: "key", "key=value", "!key", "key!=value".
bool labelFits(const std::map<std::string, std::string>& labels, std::string_view filter);

} // namespace rocker::image
