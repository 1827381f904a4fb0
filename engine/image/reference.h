#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace rocker::image {

// A reference as it is stored and shown: "name:tag". The tag defaults to "latest"; what everybody leaves out
// ("docker.io/", "docker.io/library/", "index.docker.io/") is left out. Grammar: the distribution project's reference.
Result<std::string> normalizedReference(std::string_view text);

// A reference for an archive that names none: its file name made into a name ("My Image.tar.gz" -> "my-image"), with `tag`.
std::string referenceFromFileName(std::string_view path, std::string_view tag);

// True for a bare word that can only be a tag of an archive's own image ("latest", "12", "v1.2").
bool isBareTag(std::string_view text);

// Whether the first component of a name is a registry's host: what has a dot or a port, or is localhost.
bool namesRegistry(std::string_view first);

// Where a normalized reference is, nothing left out: {"docker.io", "library/alpine"}.
struct RepositoryPlace {
    std::string registry;
    std::string repository;
};
RepositoryPlace placeOf(std::string_view reference);

} // namespace rocker::image
