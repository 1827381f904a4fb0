#include "gui/pages/images/images_page.h"

#include "gui/layers/archive_layer_source.h"
#include "gui/layers/helper_layer_source.h"
#include "gui/layers/layer_browser.h"
#include "gui/layers/layer_sources.h"
#include "gui/models/filter_model.h"
#include "gui/models/text.h"
#include "gui/pages/images/dropped_files.h"
#include "gui/pages/images/image_details.h"
#include "gui/pages/images/image_importer.h"
#include "gui/pages/images/prune_dialog.h"
#include "gui/pages/images/pull_dialog.h"
#include "gui/pages/images/push_dialog.h"
#include "gui/registry/login_dialog.h"
#include "gui/pages/images/tag_dialog.h"
#include "gui/pages/images/root_name_dialog.h"
#include "gui/widgets/action_bar.h"
#include "gui/widgets/confirm.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/list_stack.h"
#include "gui/widgets/page_head.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace rocker::gui {

ImagesPage::ImagesPage(Context context, QWidget* parent)
    : QWidget(parent), m_context(context), m_filtered(new FilterModel(&context.images, this)), m_table(new Table),
      m_empty(new EmptyState(QStringLiteral("images"))), m_list(new ListStack(m_table, m_empty)),
      m_splitter(new QSplitter(Qt::Vertical)), m_details(new ImageDetailsPane(context.client)),
      m_importer(new ImageImporter(context.client, context.reporter)),
      m_source(std::make_unique<LayerSources>(
          std::make_unique<HelperLayerSource>(context.client), std::make_unique<ArchiveLayerSource>())), m_browser(new LayerBrowser(*m_source)),
      m_views(new QStackedLayout(this)),
      m_browse(add("browseLayers", QStringLiteral("inspect"), tr("Browse layers"))),
      m_create(add("createFromImage", QStringLiteral("add"), tr("Create container…"))),
      m_push(add("pushImage", QStringLiteral("push"), tr("Push…"))),
      m_tag(add("tagImage", QStringLiteral("rename"), tr("Add name…"))),
      m_untag(add("untagImage", QStringLiteral("close"), tr("Take name away"))),
      m_remove(add("removeImage", QStringLiteral("remove"), tr("Remove…")))
{
    setObjectName(QStringLiteral("imagesPage"));
    m_views->addWidget(buildOverview());
    m_views->addWidget(m_browser);

    connectBrowser();
    connect(m_create, &QAction::triggered, this, &ImagesPage::create);
    connect(m_push, &QAction::triggered, this, &ImagesPage::push);
    connect(m_tag, &QAction::triggered, this, &ImagesPage::tag);
    connect(m_untag, &QAction::triggered, this, &ImagesPage::untag);
    connect(m_remove, &QAction::triggered, this, &ImagesPage::remove);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ImagesPage::selectionChanged);
    connect(m_table, &QTableView::activated, this, &ImagesPage::browse);
    connect(m_table, &QWidget::customContextMenuRequested, this, &ImagesPage::openMenu);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& typed) {
        m_filtered->setFilterText(typed);
        refresh();
    });
    connect(m_empty, &EmptyState::activated, this,
            [this] { m_filter->text().isEmpty() ? choosePull() : m_filter->clear(); });
    connect(m_importer, &ImageImporter::imported, this, &ImagesPage::select);
    connect(m_importer, &ImageImporter::loginWanted, this, &ImagesPage::askForLogin);
    connect(m_importer, &ImageImporter::nameWanted, this, [this](const QString& path) {
        auto* dialog = new RootNameDialog(path, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &RootNameDialog::named, m_importer, &ImageImporter::importAs);
        dialog->open();
    });
    for (const QAbstractItemModel* model : {static_cast<const QAbstractItemModel*>(&context.images),
                                            static_cast<const QAbstractItemModel*>(&context.containers)}) {
        for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
            connect(model, signal, this, &ImagesPage::refresh);
        connect(model, &QAbstractItemModel::modelReset, this, &ImagesPage::refresh);
    }
    connect(&context.client, &HelperClient::stateChanged, this, &ImagesPage::refresh);
    refresh();
}

ImagesPage::~ImagesPage()
{
    delete m_browser; // it asks the source
}

QWidget* ImagesPage::buildOverview()
{
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(buildList());
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({240, 420});
    m_details->hide();
    auto* overview = new QWidget;
    auto* column = new QVBoxLayout(overview);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(buildActions());
    column->addWidget(m_importer);
    column->addWidget(m_splitter, 1);
    return overview;
}

void ImagesPage::connectBrowser()
{
    connect(m_browse, &QAction::triggered, this, &ImagesPage::browse);
    connect(m_browser, &LayerBrowser::backRequested, this, &ImagesPage::leaveBrowser);
    connect(m_browser, &LayerBrowser::busy, &m_context.reporter, &Reporter::busy);
    connect(m_browser, &LayerBrowser::done, &m_context.reporter, &Reporter::done);
    connect(m_browser, &LayerBrowser::failed, &m_context.reporter, &Reporter::fail);
}

QAction* ImagesPage::add(const char* name, const QString& icon, const QString& text)
{
    auto* action = new QAction(gui::icon(icon), text, this);
    action->setObjectName(QLatin1String(name));
    action->setToolTip(QString(text).remove(u'…'));
    return action;
}

QWidget* ImagesPage::buildHead()
{
    auto* head = new PageHead(tr("Images"));
    m_filter = head->addFilter(QStringLiteral("imageFilter"), tr("Filter images"));
    m_prune = head->addButton(QStringLiteral("pruneImages"), tr("Clean up…"));
    m_prune->setToolTip(tr("Remove images that nobody needs; it is shown first what would go"));
    m_prune->setAccessibleName(tr("Clean up the images"));
    connect(m_prune, &QPushButton::clicked, this, &ImagesPage::prune);
    QPushButton* open = head->addButton(QStringLiteral("openArchive"), tr("Open archive…"));
    open->setToolTip(tr("Look into an archive on disk without importing it (Ctrl+O), or drop it here"));
    open->setAccessibleName(tr("Open an archive"));
    connect(open, &QPushButton::clicked, this, &ImagesPage::chooseArchive);
    QPushButton* choose = head->addButton(QStringLiteral("importImage"), tr("Import…"));
    choose->setToolTip(tr("Import a docker-archive or an OCI layout (Ctrl+I), or drop it here"));
    choose->setAccessibleName(tr("Import an image"));
    connect(choose, &QPushButton::clicked, this, &ImagesPage::chooseImports);
    QPushButton* pull = head->addPrimary(QStringLiteral("pullImage"), tr("Pull…"));
    pull->setToolTip(tr("Fetch an image from a registry (Ctrl+P)"));
    pull->setAccessibleName(tr("Pull an image"));
    connect(pull, &QPushButton::clicked, this, &ImagesPage::choosePull);
    return head;
}

QWidget* ImagesPage::buildActions()
{
    auto* bar = new ActionBar;
    for (QAction* action : {m_browse, m_create, m_push, m_tag, m_untag, m_remove}) {
        addAction(action);
        bar->add(action);
    }
    return bar;
}

QWidget* ImagesPage::buildList()
{
    m_table->setObjectName(QStringLiteral("imageTable"));
    m_table->setAccessibleName(tr("Images"));
    m_table->setModel(m_filtered);
    m_table->sortByColumn(ImageModel::Reference, Qt::AscendingOrder);
    m_table->setItemDelegate(new StateDelegate(m_table));
    m_table->setColumns({{1, 0}, {0, 18}, {0, 14}, {0, 11}, {0, 19}});
    m_table->addAction(m_remove);
    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    m_empty->button()->setObjectName(QStringLiteral("emptyPull"));
    return m_list;
}

void ImagesPage::selectionChanged()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_selected = rows.isEmpty() ? std::string() : rows.front().data(KeyRole).toString().toStdString();
    m_details->setVisible(!m_selected.empty());
    m_details->setImage(selected());
    refresh();
}

void ImagesPage::select(const QString& reference)
{
    for (int row = 0; row < m_filtered->rowCount(); ++row)
        if (m_filtered->index(row, ImageModel::Reference).data().toString() == reference)
            m_table->setCurrentIndex(m_filtered->index(row, 0));
}

void ImagesPage::refresh()
{
    const bool connected = m_context.client.state() == HelperClient::State::Connected;
    m_browse->setEnabled(connected && selected());
    m_create->setEnabled(connected && selected());
    m_push->setEnabled(connected && selected());
    m_tag->setEnabled(connected && selected());
    m_untag->setEnabled(connected && selected() && !selected()->reference.empty());
    m_remove->setEnabled(connected && selected() && !m_removing);
    m_prune->setEnabled(connected && !m_context.images.rows().empty());
    const bool none = m_context.images.rows().empty();
    const bool filteredOut = !none && m_filtered->rowCount() == 0;
    if (filteredOut) {
        m_empty->setTexts(tr("No image matches"), tr("No image contains “%1”.").arg(m_filter->text()));
        m_empty->setAction(tr("Clear the filter"));
    } else if (connected) {
        m_empty->setTexts(tr("No images yet"), tr("Containers are made from images. Pull one from a registry, import a docker-archive or an OCI layout, or drop it here."));
        m_empty->setAction(tr("Pull an image"));
    } else {
        m_empty->setTexts(tr("The helper is not connected"), tr("Images are shown here as soon as it is."));
        m_empty->setAction({});
    }
    m_list->showTable(!none && !filteredOut);
    checkBrowsed();
    refreshChoices();
}

void ImagesPage::focusFilter()
{
    if (m_views->currentWidget() == m_browser) {
        m_browser->focusFilter();
        return;
    }
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void ImagesPage::focusTable()
{
    if (m_views->currentWidget() == m_browser) {
        m_browser->focusContent();
        return;
    }
    m_list->takeFocus();
}

void ImagesPage::chooseImports()
{
    auto* dialog = new QFileDialog(this, tr("Import an image"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("importDialog"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({archiveFilter(), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &ImagesPage::import);
    dialog->open();
}

void ImagesPage::choosePull()
{
    auto* dialog = new PullDialog(m_context.client, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PullDialog::pullRequested, m_importer, &ImageImporter::pull);
    dialog->open();
}

void ImagesPage::import(const QStringList& paths)
{
    m_importer->import(paths);
}

void ImagesPage::create()
{
    if (const ImageRow* row = selected())
        Q_EMIT createRequested(text(row->name()));
}

void ImagesPage::push()
{
    const ImageRow* row = selected();
    if (!row)
        return;
    const QString reference = text(row->reference);
    auto* dialog = new PushDialog(reference.isEmpty() ? shortId(row->image.id) : reference, reference, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PushDialog::pushRequested, this,
            [this, image = text(row->name())](const QString& destination) { m_importer->push(image, destination); });
    dialog->open();
}

void ImagesPage::askForLogin(const QString& registry, const std::function<void()>& again)
{
    auto* dialog = new LoginDialog(m_context.client, registry, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &LoginDialog::loggedIn, this, [again] { again(); });
    dialog->open();
}

void ImagesPage::tag()
{
    const ImageRow* row = selected();
    if (!row)
        return;
    auto* dialog = new TagDialog(m_context.client, m_context.images, *row, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TagDialog::tagged, this, [this](const QString& reference) {
        m_context.reporter.done(tr("The image is called %1 as well.").arg(reference));
    });
    dialog->open();
}

void ImagesPage::untag()
{
    const ImageRow* row = selected();
    if (!row || row->reference.empty())
        return;
    const QString shown = text(row->reference);
    m_context.client.call<protocol::Images, protocol::UntagImage>({row->reference})
        .then(this, [this, shown](const Result<protocol::UntagImage::Reply>& reply) {
            if (!reply)
                m_context.reporter.fail(tr("%1 could not be taken away").arg(shown), reply.error());
            else if (reply->image.references.empty())
                m_context.reporter.done(tr("%1 was taken away; the image has no name now.").arg(shown));
            else
                m_context.reporter.done(tr("%1 was taken away.").arg(shown));
        });
}

void ImagesPage::prune()
{
    auto* dialog = new PruneDialog(m_context.client, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PruneDialog::pruned, this, [this](const QString& what) { m_context.reporter.done(what); });
    dialog->open();
}

void ImagesPage::remove()
{
    const ImageRow* row = selected();
    if (!row)
        return;
    const QString shown = row->reference.empty() ? shortId(row->image.id) : text(row->reference);
    const bool last = row->image.references.size() <= 1;
    confirm(this, tr("Remove %1?").arg(shown),
            last ? tr("It is the image's last name: the image and its layers are deleted for good.")
                 : tr("The image keeps its other names."),
            tr("Remove"), [this, shown, name = row->name()] {
                m_removing = true;
                refresh();
                m_context.reporter.busy(tr("Removing %1…").arg(shown));
                m_context.client.call<protocol::Images, protocol::RemoveImage>({name}).then(
                    this, [this, shown](const Result<protocol::Empty>& reply) {
                        m_removing = false;
                        refresh();
                        if (reply)
                            m_context.reporter.done(tr("%1 was removed.").arg(shown));
                        else
                            m_context.reporter.fail(tr("%1 could not be removed").arg(shown), reply.error());
                    });
            });
}

void ImagesPage::openMenu(QPoint position)
{
    if (!m_table->indexAt(position).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_browse, m_create, m_push, m_tag, m_untag, m_remove});
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void ImagesPage::saveState(QSettings& settings) const
{
    settings.setValue(QStringLiteral("images/splitter"), m_splitter->saveState());
    m_browser->saveState(settings);
}

void ImagesPage::restoreState(QSettings& settings)
{
    m_splitter->restoreState(settings.value(QStringLiteral("images/splitter")).toByteArray());
    m_splitter->setHandleWidth(1);
    m_browser->restoreState(settings);
}

} // namespace rocker::gui
