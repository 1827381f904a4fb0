// The part of the images page that looks into something: an image, a container, an archive on disk.
#include "gui/pages/images/images_page.h"

#include "gui/layers/compare_view.h"
#include "gui/layers/layer_browser.h"
#include "gui/layers/subject.h"
#include "gui/models/text.h"
#include "gui/pages/images/dropped_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QStackedLayout>

namespace rocker::gui {

void ImagesPage::refreshChoices()
{
    std::vector<CompareView::Choice> choices;
    for (const QString& reference : m_context.images.references())
        choices.push_back({reference, reference.toStdString(), CompareView::Choice::Kind::Image});
    for (const ContainerRow& row : m_context.containers.rows())
        choices.push_back({text(row.name), containerSubject(row.id), CompareView::Choice::Kind::Container});
    m_browser->setChoices(std::move(choices));
}

void ImagesPage::browse()
{
    const ImageRow* row = selected();
    if (!row || !m_browse->isEnabled())
        return;
    m_browsed = row->image.id;
    lookInto(row->image.id, row->reference.empty() ? shortId(row->image.id) : text(row->reference));
}

void ImagesPage::lookInto(const std::string& subject, const QString& name)
{
    m_views->setCurrentWidget(m_browser);
    m_browser->open(subject, name);
    m_browser->setFocus(Qt::OtherFocusReason);
}

void ImagesPage::openArchive(const QString& path)
{
    m_browsed.clear();
    const QFileInfo file(path);
    lookInto(archiveSubject(file.absoluteFilePath()), file.fileName().isEmpty() ? file.absoluteFilePath() : file.fileName());
}

void ImagesPage::browseContainer(const std::string& id, const QString& name)
{
    m_browsed.clear();
    lookInto(containerSubject(id), name);
}

void ImagesPage::chooseArchive()
{
    auto* dialog = new QFileDialog(this, tr("Open an archive"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("openArchiveDialog"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({archiveFilter(), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ImagesPage::openArchive);
    dialog->open();
}

void ImagesPage::askAbout(const QStringList& paths)
{
    const bool connected = m_context.client.state() == HelperClient::State::Connected;
    askAboutFiles(this, paths, connected, {.look = [this, paths] { openArchive(paths.front()); },
                                           .import = [this, paths] { import(paths); }});
}

void ImagesPage::leaveBrowser()
{
    m_browsed.clear();
    m_views->setCurrentIndex(0);
    m_browser->close();
    focusTable();
}

// While the helper is away its images are not known to be gone.
void ImagesPage::checkBrowsed()
{
    const auto& rows = m_context.images.rows();
    const bool there = std::ranges::any_of(rows, [this](const ImageRow& row) { return row.image.id == m_browsed; });
    if (!m_browsed.empty() && !there && m_context.client.state() == HelperClient::State::Connected) {
        m_browsed.clear();
        m_browser->setGone();
    }
}

} // namespace rocker::gui
