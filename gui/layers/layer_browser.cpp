#include "gui/layers/layer_browser.h"

#include "gui/layers/background.h"
#include "gui/layers/browser_head.h"
#include "gui/layers/compare_view.h"
#include "gui/layers/drag_out.h"
#include "gui/layers/file_pane.h"
#include "gui/layers/files_view.h"
#include "gui/layers/layer_delegate.h"
#include "gui/layers/layer_list_model.h"
#include "gui/layers/packages_view.h"
#include "gui/layers/subject.h"
#include "gui/layers/waste_view.h"
#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>

namespace rocker::gui {

LayerBrowser::LayerBrowser(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_source(source), m_layers(new LayerListModel(this)), m_head(new BrowserHead),
      m_stackList(new QListView), m_tabs(new QTabWidget), m_files(new FilesView(source)), m_waste(new WasteView),
      m_packages(new PackagesView(source)), m_compare(new CompareView(source)), m_splitter(new QSplitter), m_pages(new QStackedWidget),
      m_empty(new EmptyState(QStringLiteral("images")))
{
    setObjectName(QStringLiteral("layerBrowser"));
    m_pages->addWidget(buildBody());
    m_pages->addWidget(m_empty);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_pages, 1);

    connect(m_head, &BrowserHead::backRequested, this, &LayerBrowser::backRequested);
    connect(m_head, &BrowserHead::wasteRequested, this, [this] { m_tabs->setCurrentWidget(m_waste); });
    connect(m_empty, &EmptyState::activated, this, &LayerBrowser::activate);
    connect(m_head, &BrowserHead::siblingWanted, this, [this](int number) {
        if (const auto archive = archiveOf(m_name))
            open(archiveSubject(archive->path, std::size_t(number)), m_shown);
    });
    connect(&m_progress, &QFutureWatcherBase::progressTextChanged, this, [this](const QString& words) {
        if (!m_reading)
            return;
        m_empty->setTexts(tr("Reading the layers…"), words);
        m_empty->setProgress(double(m_progress.progressValue()) / std::max(1, m_progress.progressMaximum()));
    });
    connect(m_files, &FilesView::layerWanted, this, &LayerBrowser::selectLayer);
    connect(m_waste, &WasteView::fileWanted, this, [this](const std::string& path, std::size_t layer) {
        m_tabs->setCurrentWidget(m_files);
        m_files->setScope(FilesView::Scope::UpTo);
        m_files->showPath(path, layer);
        m_files->focusTree();
    });
    connect(m_waste, &WasteView::contentWanted, this, &LayerBrowser::showInImage);
    connect(m_packages, &PackagesView::fileWanted, this, &LayerBrowser::showInImage);
    connect(m_packages, &PackagesView::done, this, &LayerBrowser::done);
    connect(m_packages, &PackagesView::failed, this, &LayerBrowser::failed);
    connect(m_packages, &PackagesView::packagesRead, m_files->pane(), &FilePane::setPackages);
    connect(m_compare, &CompareView::fileWanted, this, &LayerBrowser::showInImage);
    connect(m_compare, &CompareView::done, this, &LayerBrowser::done);
    connect(m_compare, &CompareView::failed, this, &LayerBrowser::failed);
    connect(m_files->pane(), &FilePane::busy, this, &LayerBrowser::busy);
    connect(m_files->pane(), &FilePane::done, this, &LayerBrowser::done);
    connect(m_files->pane(), &FilePane::failed, this, &LayerBrowser::failed);
    connect(m_files->dragOut(), &DragOut::busy, this, &LayerBrowser::busy);
    connect(m_files->dragOut(), &DragOut::done, this, &LayerBrowser::done);
    connect(m_files->dragOut(), &DragOut::failed, this, &LayerBrowser::failed);
}

QWidget* LayerBrowser::buildBody()
{
    m_stackList->setObjectName(QStringLiteral("layerStack"));
    m_stackList->setAccessibleName(tr("Layers, the top one first"));
    m_stackList->setModel(m_layers);
    m_stackList->setItemDelegate(new LayerDelegate(m_stackList));
    m_stackList->setFrameShape(QFrame::NoFrame);
    m_stackList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_stackList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stackList->setUniformItemSizes(true);
    m_stackList->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_stackList->setContextMenuPolicy(Qt::CustomContextMenu);
    m_stackList->setMinimumWidth(22 * Theme::unit);
    connect(m_stackList, &QWidget::customContextMenuRequested, this, &LayerBrowser::openMenu);
    connect(
        m_stackList->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& current) {
            if (current.isValid() && m_image)
                m_files->setLayer(m_layers->layerOf(current));
        });
    m_tabs->setObjectName(QStringLiteral("layerTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_files, tr("F&iles"));
    m_tabs->addTab(m_packages, tr("Pac&kages"));
    m_tabs->addTab(m_waste, tr("&Waste"));
    m_tabs->addTab(m_compare, tr("&Compare"));
    m_tabs->setCornerWidget(m_files->scopeBar());
    connect(m_tabs, &QTabWidget::currentChanged, this,
        [this] { m_files->scopeBar()->setVisible(m_tabs->currentWidget() == m_files); });
    m_splitter->addWidget(m_stackList);
    m_splitter->addWidget(m_tabs);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({34 * Theme::unit, 104 * Theme::unit});
    return m_splitter;
}

void LayerBrowser::open(const std::string& name, const QString& shown)
{
    stopReading();
    const quint64 wish = ++m_wish;
    m_name = name;
    m_shown = shown;
    m_gone = false;
    m_image.reset();
    m_files->setImage({});
    m_packages->setImage({});
    m_waste->setWaste({});
    m_compare->setImage({}, {}, {});
    m_layers->setImage({});
    m_head->setImage(shown);
    m_head->clearNumbers();
    say(tr("Reading the layers…"), {}, archiveOf(name) ? tr("Cancel") : QString());
    auto reading = m_source.image(name);
    watchReading(reading);
    reading.then(this, [this, wish](const Result<SharedImage>& image) {
        if (wish == m_wish)
            receive(image);
    });
}

void LayerBrowser::watchReading(const QFuture<Result<SharedImage>>& reading)
{
    m_reading = true;
    if (archiveOf(m_name)) // others do not tell
        m_empty->setProgress(0);
    m_progress.setFuture(reading);
}

void LayerBrowser::stopReading()
{
    if (std::exchange(m_reading, false))
        m_progress.cancel();
}

void LayerBrowser::activate()
{
    if (m_gone || m_reading) {
        stopReading();
        Q_EMIT backRequested();
    } else {
        open(m_name, m_shown);
    }
}

void LayerBrowser::close()
{
    stopReading();
    ++m_wish;
    m_name.clear();
    m_image.reset();
    m_files->setImage({});
    m_packages->setImage({});
    m_waste->setWaste({});
    m_compare->setImage({}, {}, {});
    m_layers->setImage({});
}

void LayerBrowser::receive(const Result<SharedImage>& image)
{
    m_reading = false;
    if (!image) {
        say(tr("The layers cannot be shown"), sentence(text(image.error().what)), tr("Try again"));
        return;
    }
    if ((*image)->indexes.empty()) {
        say(tr("The image has no layers"), tr("There is nothing in it but its configuration."));
        return;
    }
    m_image = *image;
    m_layers->setImage(m_image);
    m_head->setNumbers(m_image->indexes.size(), m_layers->totalSize());
    const auto archive = archiveOf(m_name);
    m_head->setSiblings(m_image->siblings, archive ? int(archive->number) : -1);
    m_files->setImage(m_image);
    m_packages->setImage(m_image);
    m_compare->setImage(m_image, m_name, m_shown);
    m_pages->setCurrentIndex(0);
    m_tabs->setCurrentWidget(m_files);
    selectLayer(m_layers->topmostWithFiles());
    m_files->focusTree();
    const quint64 wish = m_wish;
    inBackground([image = m_image]() -> SharedWaste {
        return std::make_shared<const layers::Waste>(layers::wasteOf(image->indexes));
    }).then(this, [this, wish](const SharedWaste& waste) {
        if (wish != m_wish)
            return;
        m_waste->setWaste(waste);
        m_head->setWaste(waste->efficiency(), waste->wasted);
        if (m_source.readsManyFiles())
            m_packages->read(); // so that the preview can tell whose a file is
    });
}

void LayerBrowser::say(const QString& title, const QString& explanation, const QString& action)
{
    m_empty->setTexts(title, explanation);
    m_empty->setProgress({});
    m_empty->setAction(action);
    m_pages->setCurrentWidget(m_empty);
}

void LayerBrowser::setGone()
{
    stopReading();
    ++m_wish;
    m_gone = true;
    say(tr("The image was removed"), tr("%1 is no longer in the store.").arg(m_shown), tr("Back to the images"));
}

void LayerBrowser::selectLayer(std::size_t layer)
{
    const QModelIndex index = m_layers->indexOf(layer);
    if (!index.isValid())
        return;
    if (m_stackList->currentIndex() == index)
        m_files->setLayer(layer);
    m_stackList->setCurrentIndex(index);
    m_stackList->scrollTo(index);
}

void LayerBrowser::showInImage(const std::string& path)
{
    m_tabs->setCurrentWidget(m_files);
    m_files->setScope(FilesView::Scope::Image);
    m_files->showPath(path, m_image->indexes.size() - 1);
    m_files->focusTree();
}

void LayerBrowser::setChoices(std::vector<CompareView::Choice> choices)
{
    m_compare->setChoices(std::move(choices));
}

void LayerBrowser::openMenu(QPoint position)
{
    const QModelIndex index = m_stackList->indexAt(position);
    if (!index.isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto copy = [&](const QString& words, int role) {
        menu->addAction(gui::icon(QStringLiteral("copy")), words, this,
            [value = index.data(role).toString()] { QGuiApplication::clipboard()->setText(value); });
    };
    copy(tr("Copy the &digest"), LayerListModel::DigestRole);
    copy(tr("Copy the build &step"), LayerListModel::StepRole);
    menu->popup(m_stackList->viewport()->mapToGlobal(position));
}

void LayerBrowser::focusFilter()
{
    if (m_tabs->currentWidget() == m_packages) {
        m_packages->focusFilter();
        return;
    }
    m_tabs->setCurrentWidget(m_files);
    m_files->focusFilter();
}

void LayerBrowser::focusContent()
{
    m_tabs->currentWidget() == m_files ? m_files->focusTree() : m_tabs->currentWidget()->setFocus();
}

void LayerBrowser::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT backRequested();
        return;
    }
    QWidget::keyPressEvent(event);
}

void LayerBrowser::saveState(QSettings& settings) const
{
    settings.setValue(QStringLiteral("layers/splitter"), m_splitter->saveState());
    m_files->saveState(settings);
}

void LayerBrowser::restoreState(QSettings& settings)
{
    m_splitter->restoreState(settings.value(QStringLiteral("layers/splitter")).toByteArray());
    m_splitter->setHandleWidth(1);
    m_files->restoreState(settings);
}

} // namespace rocker::gui
