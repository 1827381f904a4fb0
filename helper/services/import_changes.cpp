#include "helper/services/import_job.h"

#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <unistd.h>

// The part of an import that makes a new layer of a container's changes, instead of reading an archive.
namespace rocker {

Result<> ImportJob::commitChanges()
{
    // The container, and then its image, may be removed while this goes on.
    for (const image::StoredLayer& layer : m_options.changes->base.layers) {
        pin(layer.chainId);
        pin(layer.blobDigest);
    }
    m_progress({"Reading the changes", 0, 0});
    const UniqueFd document = TRY(m_store.spoolFile(), "make a spool file");
    TRY(os::writeAll(document, m_options.changes->document), "say what to commit");
    TRY(os::checkDone(::lseek(document.value(), 0, SEEK_SET)), "say what to commit");
    m_spool = TRY(m_store.spoolFile(), "make a spool file");
    const image::CommitRequest request{storedLimit, blobLimit};
    return launch("commit", json::write(request), document, [this] {
        m_options.changes->hold.reset();
        return indexed();
    });
}

// The layers of the image that was changed are there, and nobody reads them again: the worker's word on them is compared
// with what the store knows.
Result<> ImportJob::takeBase()
{
    const std::vector<image::StoredLayer>& base = m_options.changes->base.layers;
    std::vector<image::StoredLayer>& layers = m_images.front().image.layers;
    if (m_images.size() != 1 || layers.size() < base.size() || layers.size() > base.size() + 1)
        return fail(ErrorCode::Internal, "the worker has made another image");
    for (std::size_t i = 0; i < base.size(); ++i) {
        if (layers[i].chainId != base[i].chainId)
            return fail(ErrorCode::Internal, "the worker has exchanged a layer");
        layers[i] = base[i];
    }
    m_given = base.size();
    return {};
}

} // namespace rocker
