#pragma once

#include "engine/base/result.h"
#include "engine/packages/package.h"

// Packages of languages, each in a file of its own.
namespace rocker::packages {

// METADATA of a *.dist-info, PKG-INFO of a *.egg-info (Python's core metadata: mail headers). Corrupt without a name or
// a version.
Result<Package> parsePythonMetadata(std::string_view text);
// RECORD of a *.dist-info: CSV of path, digest and size; paths are from the directory that the *.dist-info stands in.
std::vector<std::string> parsePythonRecord(std::string_view text, std::string_view directory);

// A package.json. Corrupt for what is no JSON, or has no name and version (which then is not an installed package).
Result<Package> parseNpmPackage(std::string_view text);

} // namespace rocker::packages
