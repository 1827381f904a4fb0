#pragma once

#include "engine/layout/opened_archive.h"
#include "gui/layers/layer_source.h"

#include <QThreadPool>

#include <atomic>
#include <mutex>

namespace rocker::gui {

// Layers of archives on this machine's disk, read by workers that may do nothing else (engine/layout/opened_archive.h).
// The helper is not asked. An archive is open as long as somebody has one of its images.
class ArchiveLayerSource : public LayerSource
{
public:
    explicit ArchiveLayerSource(std::string program = layout::viewerProgram());
    // Ends what is under way.
    ~ArchiveLayerSource() override;

    QFuture<Result<SharedImage>> image(const std::string& image) override;
    QFuture<Result<FileBytes>> file(
        const std::string& image, std::size_t layer, const std::string& path, qint64 limit) override;
    QFuture<Result<std::vector<Result<std::string>>>> files(
        const std::string& image, std::vector<FilePlace> places, qint64 limit) override;
    bool readsManyFiles() const override { return true; }
    QFuture<Result<>> save(
        const std::string& image, std::size_t layer, const std::string& path, const QString& target) override;
    QFuture<Result<>> saveAll(const std::string& image, std::vector<FileWish> wishes) override;

private:
    struct Opened {
        std::shared_ptr<layout::OpenedArchive> archive;
        std::size_t number = 0;
        std::vector<layers::LayerIndex> indexes;
    };
    template <typename T, typename Work> QFuture<Result<T>> run(Work work);
    Result<SharedImage> read(const std::string& subject, const layout::OpenedArchive::Options& options);
    Result<std::shared_ptr<const Opened>> opened(const std::string& id);
    Result<> saveLayer(const Opened& image, std::size_t layer, const std::vector<FileWish>& wishes,
        const layout::OpenedArchive::Options& options);

    std::string m_program;
    std::atomic<bool> m_ending{false};
    std::mutex m_mutex;
    quint64 m_serial = 0;
    std::map<std::string, std::weak_ptr<const Opened>> m_opened;
    QThreadPool m_pool; // its own: an archive takes seconds, and trees are made on the other one
};

} // namespace rocker::gui
