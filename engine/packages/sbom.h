#pragma once

#include "engine/packages/inventory.h"

#include <optional>

namespace rocker::packages {

// The image that a bill of materials is of.
struct Subject {
    std::string name;           // "debian:12", or its ID
    std::string id;             // "sha256:…", of its configuration
    std::string manifestDigest; // empty when it came without one
    std::string architecture;
    std::int64_t created = 0;   // seconds since 1970: an image's bill is of its own time, and the same whenever it is made
    std::string tool;           // "rocker 0.1.0"
    std::vector<std::string> diffIds; // of its layers, lowest first
};

enum class SbomFormat { Spdx, CycloneDx };
std::optional<SbomFormat> sbomFormat(std::string_view name); // "spdx", "cyclonedx"

// SPDX 2.3, or CycloneDX 1.6, as JSON; the same image gives the same bytes.
std::string billOfMaterials(SbomFormat format, const Subject& subject, const Inventory& inventory);

} // namespace rocker::packages
