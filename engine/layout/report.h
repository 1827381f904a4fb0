#pragma once

#include "engine/layers/comparison.h"

#include <map>
#include <string>
#include <vector>

namespace rocker::layout {

// What an image's configuration says, name by name, in words that can be compared.
using Settings = std::map<std::string, std::string>;
std::string wordsText(const std::vector<std::string>& words);
template<typename Configuration>
Settings settingsOf(const Configuration& from, const std::string& architecture)
{
    Settings settings;
    const auto set = [&](const std::string& name, const std::string& value) {
        if (!value.empty())
            settings[name] = value;
    };
    set("Architecture", architecture);
    set("Entrypoint", wordsText(from.entrypoint));
    set("Command", wordsText(from.command));
    set("Working directory", from.workingDirectory);
    set("User", from.user);
    set("Stop signal", from.stopSignal);
    for (const std::string& variable : from.environment)
        settings["Environment " + variable.substr(0, variable.find('='))]
            = variable.contains('=') ? variable.substr(variable.find('=') + 1) : "";
    for (const std::string& port : from.exposedPorts)
        settings["Port " + port] = "exposed";
    for (const std::string& path : from.volumes)
        settings["Volume " + path] = "declared";
    for (const auto& [name, value] : from.labels)
        settings["Label " + name] = value;
    return settings;
}

// One of two sides of a comparison.
struct Side {
    std::string name; // what people call it
    const layers::ImageTree& tree;
    const Settings& settings;
};

struct SettingDifference {
    std::string name;
    bool first = false, second = false; // has it
    std::string before, after;
    bool operator==(const SettingDifference&) const = default;
};
std::vector<SettingDifference> compareSettings(const Settings& first, const Settings& second);

// What of a path differs, and from what to what: "content, mode 0644 → 0755"; of what is only on one side its kind.
std::string whatDiffers(const Side& first, const Side& second, const layers::Difference& difference);

// The whole comparison: as text for people and diff-like tools, as JSON for programs, as one HTML page without scripts and
// without anything from elsewhere. Names from images are made harmless in text and HTML.
enum class ReportForm { Text, Json, Html };
std::string writeReport(const Side& first, const Side& second, const std::vector<layers::Difference>& differences, ReportForm form);

} // namespace rocker::layout
