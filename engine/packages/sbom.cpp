#include "engine/packages/sbom.h"

#include "engine/packages/sbom_parts.h"

namespace rocker::packages {

std::optional<SbomFormat> sbomFormat(std::string_view name)
{
    if (name == "spdx")
        return SbomFormat::Spdx;
    return name == "cyclonedx" ? std::optional(SbomFormat::CycloneDx) : std::nullopt;
}

std::string billOfMaterials(SbomFormat format, const Subject& subject, const Inventory& inventory)
{
    return format == SbomFormat::Spdx ? spdxDocument(subject, inventory) : cycloneDxDocument(subject, inventory);
}

std::string hexDigits(std::string_view digest)
{
    const std::size_t colon = digest.find(':');
    return std::string(colon == digest.npos ? digest : digest.substr(colon + 1));
}

// RFC 9562, version 8: bits of one's own choice, here of the image's ID.
std::string uuidOf(std::string_view digest)
{
    std::string hex = hexDigits(digest);
    for (char& c : hex)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            c = '0';
    hex.resize(32, '0');
    hex[12] = '8';
    hex[16] = 'a';
    return std::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4), hex.substr(20, 12));
}

std::string layerText(const Subject& subject, const Package& package)
{
    const std::string diffId = package.layer < subject.diffIds.size() ? ", " + subject.diffIds[package.layer] : "";
    return std::format("/{}, since layer {}{}", package.database, package.layer + 1, diffId);
}

} // namespace rocker::packages
