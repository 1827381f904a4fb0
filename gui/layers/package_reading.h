#pragma once

#include "engine/packages/sbom.h"
#include "gui/layers/layer_source.h"

#include <QObject>
#include <QPromise>

namespace rocker::gui {

// What is installed in an image, and which file belongs to what. Immutable.
struct ImagePackages {
    std::shared_ptr<const layers::ImageTree> tree; // of the whole image
    packages::Inventory inventory;
    packages::Owners owners;

    // The package that the file at a path of the image belongs to; null for nobody's.
    const packages::Package* ownerOf(std::string_view path) const;
    // Where a path that a package tells really is: "lib/x" may lead through a link. The path itself when it is not there.
    std::string placeOf(const std::string& path) const;
};
using SharedPackages = std::shared_ptr<const ImagePackages>;

// "rocker-workstation" and the version, where a bill of materials names its maker.
packages::Subject subjectOf(const ImageContent& image);

// Finds out what is installed in an image; what takes time, on another thread. Deletes itself at its end.
class PackageReading : public QObject
{
    Q_OBJECT

public:
    PackageReading(LayerSource& source, SharedImage image, QObject* parent);
    ~PackageReading() override;
    QFuture<Result<SharedPackages>> start();

private:
    struct Work;
    void readNext(const std::vector<packages::WantedFile>& files);
    void conclude();
    void finish(Result<SharedPackages> result);

    LayerSource& m_source;
    SharedImage m_image;
    std::shared_ptr<Work> m_work; // used by one thread at a time
    QPromise<Result<SharedPackages>> m_promise;
    bool m_over = false;
};

} // namespace rocker::gui
