#pragma once

#include "engine/image/registry_messages.h"
#include "helper/services/request.h"

#include <string>

namespace rocker {

// The program that talks to registries, and the administrator's settings for it.
struct RegistryClient {
    std::string program;      // rocker-fetch
    std::string settingsFile; // registries.json; one that is not there says nothing
};

Result<image::RegistrySettings> readRegistrySettings(const std::string& path);
// As whom it works. A named file of credentials must be an absolute path; it is opened as the caller, by the client.
Result<image::FetchCaller> fetchCaller(const Caller& caller, const std::string& authFile);

// Of a name that the client judges further.
Result<> checkLength(const std::string& text, std::string_view parameter);

} // namespace rocker
