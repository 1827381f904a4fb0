#pragma once

#include <QStringList>

#include <functional>

class QMimeData;
class QWidget;

namespace rocker::gui {

// For file dialogs: what image archives are usually called.
QString archiveFilter();

// Files and directories of this machine among what is dragged; none when something else is among it.
QStringList droppedPaths(const QMimeData& data);

struct FileActions {
    std::function<void()> look;
    std::function<void()> import;
};
// Asks what is to be done with files that came in; returns at once. Several can only be imported, and that takes the helper.
void askAboutFiles(QWidget* window, const QStringList& paths, bool canImport, FileActions actions);

} // namespace rocker::gui
