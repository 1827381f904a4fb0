#pragma once

#include <QString>

#include <cstddef>
#include <optional>
#include <string>

// What can be looked into and compared, as a LayerSource takes it: an image of the store by its name or ID, and these.
namespace rocker::gui {

// An image of an archive on this machine's disk; archives of one have number 0.
std::string archiveSubject(const QString& path, std::size_t number = 0);
struct ArchivePlace {
    std::size_t number = 0;
    QString path;
};
std::optional<ArchivePlace> archiveOf(const std::string& subject);

// A container: its image, and on top of that what it has changed.
std::string containerSubject(const std::string& container);
std::optional<std::string> containerOf(const std::string& subject);

// One layer of another subject, as if there were no others. The lowest is 0.
std::string layerSubject(const std::string& subject, std::size_t layer);
struct LayerPlace {
    std::size_t layer = 0;
    std::string subject;
};
std::optional<LayerPlace> layerOf(const std::string& subject);

} // namespace rocker::gui
