#pragma once

#include "engine/packages/sbom.h"

#include <format>

// What both formats are made with.
namespace rocker::packages {

std::string spdxDocument(const Subject& subject, const Inventory& inventory);
std::string cycloneDxDocument(const Subject& subject, const Inventory& inventory);

std::string hexDigits(std::string_view digest);
std::string uuidOf(std::string_view digest);
// Where a package was found.
std::string layerText(const Subject& subject, const Package& package);

} // namespace rocker::packages
