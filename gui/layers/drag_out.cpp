#include "gui/layers/drag_out.h"

#include "gui/layers/layer_text.h"
#include "gui/layers/tree_copy.h"
#include "gui/models/text.h"

#include <QDir>
#include <QDrag>
#include <QFile>
#include <QGuiApplication>
#include <QMimeData>
#include <QTemporaryDir>
#include <QUrl>
#include <QWidget>

namespace rocker::gui {

DragOut::DragOut(LayerSource& source, QWidget* from)
    : QObject(from), m_source(source), m_from(from)
{
}

DragOut::~DragOut() = default;

void DragOut::setImage(SharedImage image)
{
    m_image = std::move(image);
    m_copies.clear();
}

void DragOut::start(const SharedTree& tree, std::uint32_t node)
{
    if (!m_image || !tree || node == layers::ImageTree::root || m_copying)
        return;
    const std::pair key(std::size_t(tree->tree().at(node).layer), tree->tree().path(node));
    if (const auto copy = m_copies.find(key); copy != m_copies.end() && tree->tree().record(node).kind == layers::Kind::File) {
        drag(copy->second);
        return;
    }
    const QString name = shownName(tree->tree().name(node));
    TreeCopy copy = copyOf(tree, node);
    if (copy.bytes > sizeLimit) {
        Q_EMIT failed(tr("%1 was not dragged").arg(name),
            Error{ErrorCode::ResourceExhausted, 0, tr("it is too large for a temporary copy: save it instead").toStdString()});
        return;
    }
    if (!m_place)
        m_place = std::make_unique<QTemporaryDir>();
    QTemporaryDir own(m_place->filePath(QStringLiteral("XXXXXX")));
    own.setAutoRemove(false);
    if (!m_place->isValid() || !own.isValid()) {
        Q_EMIT failed(tr("%1 was not dragged").arg(name),
            Error{ErrorCode::Internal, 0, tr("make a directory for the copy: %1").arg(own.errorString()).toStdString()});
        return;
    }
    m_copying = true;
    Q_EMIT busy(tr("Copying %1…").arg(name));
    const QString path = own.filePath(QFile::decodeName(QByteArray::fromStdString(std::string(tree->tree().name(node)))));
    copyToDirectory(m_source, m_image->id, std::move(copy), own.path())
        .then(this, [this, key, name, path](const Result<LeftOut>& copied) {
            m_copying = false;
            if (!copied) {
                Q_EMIT failed(tr("%1 was not dragged").arg(name), copied.error());
                return;
            }
            m_copies[key] = path;
            if (QGuiApplication::mouseButtons() & Qt::LeftButton)
                drag(path);
            else
                Q_EMIT done(tr("%1 is ready: drag it once more.").arg(name));
        });
}

void DragOut::drag(const QString& path)
{
    auto* data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile(path)});
    auto* drag = new QDrag(m_from);
    drag->setMimeData(data);
    if (drag->exec(Qt::CopyAction) == Qt::CopyAction)
        Q_EMIT done(tr("%1 was copied.").arg(shownName(QFile::encodeName(QUrl::fromLocalFile(path).fileName()).toStdString())));
}

} // namespace rocker::gui
