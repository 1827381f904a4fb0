#include "gui/layers/subject.h"

#include <QFile>

#include <charconv>
#include <string_view>

namespace rocker::gui {

namespace {

constexpr std::string_view archivePrefix = "archive:";
constexpr std::string_view containerPrefix = "container:";
constexpr std::string_view layerPrefix = "layer:";

struct Numbered {
    std::size_t number = 0;
    std::string_view rest;
};

// "archive:3:rest"
std::optional<Numbered> numbered(std::string_view subject, std::string_view prefix)
{
    if (!subject.starts_with(prefix))
        return std::nullopt;
    subject.remove_prefix(prefix.size());
    Numbered found;
    const auto [end, error] = std::from_chars(subject.data(), subject.data() + subject.size(), found.number);
    if (error != std::errc() || end == subject.data() + subject.size() || *end != ':')
        return std::nullopt;
    found.rest = subject.substr(std::size_t(end - subject.data()) + 1);
    return found;
}

std::string withNumber(std::string_view prefix, std::size_t number, const std::string& rest)
{
    return std::string(prefix) + std::to_string(number) + ":" + rest;
}

} // namespace

std::string archiveSubject(const QString& path, std::size_t number)
{
    return withNumber(archivePrefix, number, QFile::encodeName(path).toStdString());
}

std::optional<ArchivePlace> archiveOf(const std::string& subject)
{
    const auto found = numbered(subject, archivePrefix);
    if (!found)
        return std::nullopt;
    return ArchivePlace{found->number, QFile::decodeName(QByteArray(found->rest.data(), qsizetype(found->rest.size())))};
}

std::string containerSubject(const std::string& container)
{
    return std::string(containerPrefix) + container;
}

std::optional<std::string> containerOf(const std::string& subject)
{
    if (!subject.starts_with(containerPrefix))
        return std::nullopt;
    return subject.substr(containerPrefix.size());
}

std::string layerSubject(const std::string& subject, std::size_t layer)
{
    return withNumber(layerPrefix, layer, subject);
}

std::optional<LayerPlace> layerOf(const std::string& subject)
{
    const auto found = numbered(subject, layerPrefix);
    return found ? std::optional(LayerPlace{found->number, std::string(found->rest)}) : std::nullopt;
}

} // namespace rocker::gui
