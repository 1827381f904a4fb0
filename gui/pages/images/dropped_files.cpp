#include "gui/pages/images/dropped_files.h"

#include "gui/widgets/theme.h"

#include <QCoreApplication>
#include <QDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

QString say(const char* text)
{
    return QCoreApplication::translate("rocker::gui", text);
}

} // namespace

QString archiveFilter()
{
    return say("Archives of images and file systems (*.tar *.tar.gz *.tgz *.tar.zst *.tzst *.tar.xz *.txz *.tar.bz2 *.oci)");
}

QStringList droppedPaths(const QMimeData& data)
{
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (!url.isLocalFile())
            return {};
        paths << url.toLocalFile();
    }
    return paths;
}

void askAboutFiles(QWidget* window, const QStringList& paths, bool canImport, FileActions actions)
{
    if (paths.isEmpty())
        return;
    const bool one = paths.size() == 1;
    auto* dialog = new QDialog(window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("droppedFilesDialog"));
    dialog->setWindowTitle(say("Open or import"));
    auto* title = new QLabel(one ? QFileInfo(paths.front()).fileName() : say("%1 files").arg(paths.size()));
    title->setProperty("role", QStringLiteral("title"));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    auto* words = new QLabel(!canImport && one ? say("Look into it without changing anything. It can be imported once the helper is connected.")
                             : one ? say("Look into it without changing anything, or import it, so that containers can be made from it.")
                             : canImport ? say("Import them, so that containers can be made from them.")
                                         : say("Several files can only be imported, and the helper is not connected."));
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setMinimumWidth(46 * Theme::unit);
    auto* cancel = new QPushButton(say("Cancel"));
    auto* import = new QPushButton(say("&Import"));
    import->setObjectName(QStringLiteral("droppedImport"));
    import->setEnabled(canImport);
    auto* look = new QPushButton(say("&Look into it"));
    look->setObjectName(QStringLiteral("droppedLook"));
    look->setVisible(one);
    QPushButton* first = one ? look : import;
    first->setProperty("kind", QStringLiteral("primary"));
    first->setDefault(true);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    for (auto& [button, action] : {std::pair(look, actions.look), std::pair(import, actions.import)})
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, action] {
            dialog->accept();
            action();
        });
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Theme::unit);
    buttons->addStretch(1);
    for (QPushButton* button : {cancel, import, look})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(Theme::unit);
    column->addWidget(title);
    column->addWidget(words);
    column->addSpacing(2 * Theme::unit);
    column->addLayout(buttons);
    dialog->open();
    first->setFocus();
}

} // namespace rocker::gui
