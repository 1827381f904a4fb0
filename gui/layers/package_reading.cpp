#include "gui/layers/package_reading.h"

#include "engine/base/time.h"
#include "engine/layers/path_walk.h"
#include "gui/layers/background.h"

#include <QCoreApplication>

#include <optional>
#include <utility>

namespace rocker::gui {

using layers::ImageTree;

struct PackageReading::Work {
    std::shared_ptr<const ImageTree> tree;
    std::optional<packages::InventoryReader> reader;
};

const packages::Package* ImagePackages::ownerOf(std::string_view path) const
{
    const std::uint32_t node = tree->find(path);
    if (node == ImageTree::none)
        return nullptr;
    const std::uint32_t owner = owners.ownerOf(*tree, node);
    return owner == packages::Owners::nobody ? nullptr : &inventory.packages[owner];
}

std::string ImagePackages::placeOf(const std::string& path) const
{
    const auto node = layers::walkPath(*tree, path, layers::LastLink::Keep);
    return node ? tree->path(*node) : path;
}

packages::Subject subjectOf(const ImageContent& image)
{
    packages::Subject subject{.name = image.name,
        .id = image.id,
        .manifestDigest = image.manifestDigest,
        .architecture = image.architecture,
        .created = secondsOf(image.createdAt).value_or(0),
        .tool = "rocker-" + QCoreApplication::applicationVersion().toStdString()};
    for (const ImageContent::Layer& layer : image.layers)
        subject.diffIds.push_back(layer.diffId);
    return subject;
}

PackageReading::PackageReading(LayerSource& source, SharedImage image, QObject* parent)
    : QObject(parent), m_source(source), m_image(std::move(image)), m_work(std::make_shared<Work>())
{
    m_promise.start();
}

PackageReading::~PackageReading()
{
    finish(fail(ErrorCode::Cancelled, "given up"));
}

QFuture<Result<SharedPackages>> PackageReading::start()
{
    auto future = m_promise.future();
    inBackground([work = m_work, image = m_image] {
        work->tree = std::make_shared<const ImageTree>(
            image->indexes, image->indexes.size() - 1, ImageTree::Scope::UpTo);
        work->reader.emplace(work->tree);
        return work->reader->wanted();
    }).then(this, [this](const std::vector<packages::WantedFile>& files) { readNext(files); });
    return future;
}

void PackageReading::readNext(const std::vector<packages::WantedFile>& files)
{
    if (files.empty()) {
        conclude();
        return;
    }
    std::vector<FilePlace> places;
    for (const packages::WantedFile& file : files)
        places.push_back({file.layer, file.path});
    m_source.files(m_image->id, std::move(places), qint64(packages::InventoryReader::databaseLimit))
        .then(this, [this](Result<std::vector<Result<std::string>>> contents) {
            if (!contents) {
                finish(fail(contents.error()));
                return;
            }
            inBackground([work = m_work, contents = std::move(*contents)]() mutable {
                work->reader->take(std::move(contents));
                return work->reader->wanted();
            }).then(this, [this](const std::vector<packages::WantedFile>& next) { readNext(next); });
        });
}

void PackageReading::conclude()
{
    inBackground([work = m_work]() -> SharedPackages {
        packages::Inventory inventory = work->reader->finish();
        packages::Owners owners(*work->tree, inventory.packages);
        return std::make_shared<const ImagePackages>(work->tree, std::move(inventory), std::move(owners));
    }).then(this, [this](const SharedPackages& found) { finish(found); });
}

void PackageReading::finish(Result<SharedPackages> result)
{
    if (std::exchange(m_over, true))
        return;
    m_promise.addResult(std::move(result));
    m_promise.finish();
    deleteLater();
}

} // namespace rocker::gui
