// What of a FilePane leaves the window: files and folders saved, opened elsewhere, the path.
#include "gui/layers/file_pane.h"

#include "gui/layers/layer_text.h"
#include "gui/layers/tree_copy.h"
#include "gui/models/text.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QUrl>

namespace rocker::gui {

void FilePane::saveFolder()
{
    auto* dialog = new QFileDialog(this, tr("Save the folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("saveFolderDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Zip (*.zip)"), tr("7-Zip (*.7z)"), tr("Tar (*.tar)"), tr("Tar, compressed (*.tar.gz)"),
        tr("Tar, compressed (*.tar.zst)")});
    dialog->setDefaultSuffix(QStringLiteral("zip"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    });
    const QString name = shownName(m_tree->tree().name(m_node));
    dialog->selectFile(name + QStringLiteral(".zip"));
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, name, image = m_image, tree = m_tree, node = m_node](const QString& target) {
            const auto form = folderFormOf(target);
            if (!form) {
                Q_EMIT failed(tr("%1 could not be saved").arg(name),
                    Error{ErrorCode::InvalidArgument, 0,
                        tr("a folder is saved as .zip, .7z, .tar, .tar.gz or .tar.zst, not as '%1'")
                            .arg(QFileInfo(target).fileName())
                            .toStdString()});
                return;
            }
            Q_EMIT busy(tr("Saving %1…").arg(name));
            copyToArchive(m_source, image->id, copyOf(tree, node), target, *form)
                .then(this, [this, image, name, target](const Result<LeftOut>& saved) {
                    if (!saved)
                        Q_EMIT failed(tr("%1 could not be saved").arg(name), saved.error());
                    else if (saved->count > 0)
                        Q_EMIT done(tr("%1 was saved as %2, without %3.")
                                        .arg(name, target, countText(saved->count, "1 device", "%1 devices")));
                    else
                        Q_EMIT done(tr("%1 was saved as %2.").arg(name, target));
                });
        });
    dialog->open();
}

void FilePane::saveAs()
{
    if (hasFolder()) {
        saveFolder();
        return;
    }
    if (!hasContent())
        return;
    auto* dialog = new QFileDialog(this, tr("Save the file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("saveFileDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(shownName(m_tree->tree().name(m_node)));
    const QString name = shownName(m_tree->tree().name(m_node));
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, name, id = m_image->id, layer = m_layer, path = m_path](const QString& target) {
            Q_EMIT busy(tr("Saving %1…").arg(name));
            m_source.save(id, layer, path, target).then(this, [this, name, target](const Result<>& saved) {
                if (saved)
                    Q_EMIT done(tr("%1 was saved as %2.").arg(name, target));
                else
                    Q_EMIT failed(tr("%1 could not be saved").arg(name), saved.error());
            });
        });
    dialog->open();
}

void FilePane::copyPath()
{
    QGuiApplication::clipboard()->setText(u'/' + text(m_path));
    Q_EMIT done(tr("The path was copied."));
}

void FilePane::openElsewhere()
{
    if (!hasContent())
        return;
    const QString name = shownName(m_tree->tree().name(m_node));
    if (m_tree->tree().record(m_node).size > quint64(openLimit)) {
        Q_EMIT failed(tr("%1 was not opened").arg(name),
            Error{ErrorCode::ResourceExhausted, 0, tr("it is too large for a copy: save it instead").toStdString()});
        return;
    }
    if (!m_copies)
        m_copies = std::make_unique<QTemporaryDir>();
    // A directory for each: the copy keeps the file's name, by which the other program is chosen.
    QTemporaryDir place(m_copies->filePath(QStringLiteral("XXXXXX")));
    place.setAutoRemove(false);
    if (!m_copies->isValid() || !place.isValid()) {
        Q_EMIT failed(tr("%1 was not opened").arg(name),
            Error{ErrorCode::Internal, 0,
                tr("make a directory for the copy: %1").arg(place.errorString()).toStdString()});
        return;
    }
    const QString target
        = place.filePath(name == u"." || name == u".." ? QStringLiteral("file") : QString(name).replace(u'/', u'_'));
    Q_EMIT busy(tr("Copying %1…").arg(name));
    m_source.save(m_image->id, m_layer, m_path, target).then(this, [this, name, target](const Result<>& saved) {
        if (!saved) {
            Q_EMIT failed(tr("%1 was not opened").arg(name), saved.error());
            return;
        }
        QFile::setPermissions(target, QFileDevice::ReadOwner);
        if (QDesktopServices::openUrl(QUrl::fromLocalFile(target)))
            Q_EMIT done(tr("A copy of %1 was opened.").arg(name));
        else
            Q_EMIT failed(tr("%1 was not opened").arg(name),
                Error{ErrorCode::Unavailable, 0, tr("this desktop has no program for it").toStdString()});
    });
}

} // namespace rocker::gui
