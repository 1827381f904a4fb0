#include "engine/image/usage.h"

#include <set>

namespace rocker::image {

// Each part once, though an image may have a layer twice.
template<typename Each>
void Usage::eachPart(const StoredImage& image, Each each)
{
    std::set<std::string_view> seen;
    for (const StoredLayer& layer : image.layers) {
        if (seen.insert(layer.chainId).second)
            each("layer " + layer.chainId, layer.size);
        if (!layer.blobDigest.empty() && seen.insert(layer.blobDigest).second)
            each("blob " + layer.blobDigest, layer.blobSize);
    }
}

Usage::Usage(const std::vector<StoredImage>& images)
{
    for (const StoredImage& image : images)
        eachPart(image, [this](const std::string& name, std::int64_t size) {
            Part& part = m_parts[name];
            part.size = size;
            ++part.users;
        });
}

Footprint Usage::of(const StoredImage& image) const
{
    Footprint footprint;
    eachPart(image, [&](const std::string& name, std::int64_t size) {
        const auto part = m_parts.find(name);
        (part == m_parts.end() || part->second.users <= 1 ? footprint.own : footprint.shared) += size;
    });
    return footprint;
}

std::int64_t Usage::total() const
{
    std::int64_t total = 0;
    for (const auto& [name, part] : m_parts)
        total += part.size;
    return total;
}

std::int64_t Usage::remove(const StoredImage& image)
{
    std::int64_t freed = 0;
    eachPart(image, [&](const std::string& name, std::int64_t size) {
        const auto part = m_parts.find(name);
        if (part == m_parts.end() || --part->second.users > 0)
            return;
        freed += size;
        m_parts.erase(part);
    });
    return freed;
}

bool labelFits(const std::map<std::string, std::string>& labels, std::string_view filter)
{
    if (filter.starts_with('!'))
        return !labelFits(labels, filter.substr(1));
    const std::size_t equal = filter.find('=');
    const bool wanted = equal == filter.npos || equal == 0 || filter[equal - 1] != '!';
    const std::string key(filter.substr(0, equal == filter.npos ? equal : wanted ? equal : equal - 1));
    const auto label = labels.find(key);
    if (equal == filter.npos)
        return label != labels.end();
    return (label != labels.end() && label->second == filter.substr(equal + 1)) == wanted;
}

} // namespace rocker::image
