#include "gui/pages/containers/containers_page.h"

#include "gui/models/filter_model.h"
#include "gui/models/text.h"
#include "gui/pages/containers/container_details.h"
#include "gui/pages/containers/log_tab.h"
#include "gui/pages/containers/terminal_tab.h"
#include "gui/widgets/action_bar.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/list_stack.h"
#include "gui/widgets/page_head.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>

namespace rocker::gui {

ContainersPage::ContainersPage(Context context, QWidget* parent)
    : QWidget(parent), m_context(context),
      m_actions(new ContainerActions({context.client, context.containers, context.reporter, [this] { return terminalSize(); }},
                                     this)),
      m_filtered(new FilterModel(&context.containers, this)), m_table(new Table),
      m_empty(new EmptyState(QStringLiteral("containers"))), m_list(new ListStack(m_table, m_empty)),
      m_splitter(new QSplitter(Qt::Vertical)), m_details(new ContainerDetailsPane(context.client, context.reporter))
{
    setObjectName(QStringLiteral("containersPage"));
    m_splitter->setObjectName(QStringLiteral("containersSplitter"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(buildList());
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({240, 420});
    m_details->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(buildActions());
    column->addWidget(m_splitter, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ContainersPage::selectionChanged);
    connect(m_table, &QTableView::activated, this, [this] { m_details->showTerminal(); });
    connect(m_table, &QWidget::customContextMenuRequested, this, &ContainersPage::openMenu);
    connect(m_actions, &ContainerActions::browseRequested, this, &ContainersPage::browseRequested);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& typed) {
        m_filtered->setFilterText(typed);
        refreshEmptyState();
    });
    connect(m_empty, &EmptyState::activated, this, [this] {
        m_filter->text().isEmpty() ? Q_EMIT createRequested() : m_filter->clear();
    });
    connect(m_details, &ContainerDetailsPane::startRequested, m_actions->startAction(), &QAction::trigger);
    const QAbstractItemModel& model = context.containers;
    connect(&model, &QAbstractItemModel::dataChanged, this, [this] { m_details->setContainer(m_context.containers.find(m_selected)); });
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this](const QModelIndex&, int first, int last) {
        for (int row = first; row <= last; ++row)
            m_details->forget(m_context.containers.rowAt(row)->id);
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &ContainersPage::refreshEmptyState);
    connect(&model, &QAbstractItemModel::modelReset, this, &ContainersPage::refreshEmptyState);
    connect(&model, &QAbstractItemModel::modelReset, this, &ContainersPage::restoreSelection);
    connect(&context.client, &HelperClient::stateChanged, this, &ContainersPage::refreshEmptyState);
    refreshEmptyState();
}

QWidget* ContainersPage::buildHead()
{
    auto* head = new PageHead(tr("Containers"));
    m_filter = head->addFilter(QStringLiteral("containerFilter"), tr("Filter containers"));
    auto* create = head->addPrimary(QStringLiteral("createContainer"), tr("Create…"));
    create->setToolTip(tr("Create a container (Ctrl+N)"));
    create->setAccessibleName(tr("Create a container"));
    connect(create, &QPushButton::clicked, this, &ContainersPage::createRequested);
    return head;
}

QWidget* ContainersPage::buildActions()
{
    auto* bar = new ActionBar;
    bar->setObjectName(QStringLiteral("containerActions"));
    for (QAction* action : m_actions->all()) {
        addAction(action);
        bar->add(action);
        if (action->objectName() == QStringLiteral("killContainer"))
            bar->addGap();
    }
    return bar;
}

QWidget* ContainersPage::buildList()
{
    m_table->setObjectName(QStringLiteral("containerTable"));
    m_table->setAccessibleName(tr("Containers"));
    m_table->setModel(m_filtered);
    m_table->sortByColumn(ContainerModel::Created, Qt::DescendingOrder);
    auto* delegate = new StateDelegate(m_table);
    delegate->setDotColumn(ContainerModel::State);
    m_table->setItemDelegate(delegate);
    m_table->setColumns({{3, 0}, {0, 19}, {3, 0}, {4, 0}, {0, 17}});
    m_table->addAction(m_actions->removeAction());
    m_actions->removeAction()->setShortcut(QKeySequence::Delete);
    m_actions->removeAction()->setShortcutContext(Qt::WidgetShortcut);
    m_empty->button()->setObjectName(QStringLiteral("emptyCreate"));
    return m_list;
}

void ContainersPage::selectionChanged()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_selected = rows.isEmpty() ? std::string() : rows.front().data(KeyRole).toString().toStdString();
    m_actions->setTarget(m_selected);
    m_details->setVisible(!m_selected.empty());
    m_details->setContainer(m_context.containers.find(m_selected));
}

// Whoever comes back finds the same container, and the keys go to its terminal.
void ContainersPage::restoreSelection()
{
    const std::string id = std::exchange(m_remembered, {});
    const protocol::Container* container = m_context.containers.find(id);
    if (!container || !m_selected.empty())
        return;
    showTerminalOf(*container);
    focusTerminal();
}

std::string ContainersPage::selected() const
{
    return m_selected;
}

void ContainersPage::select(const std::string& id)
{
    const int row = m_context.containers.rowOf(id);
    if (row < 0)
        return;
    const QModelIndex index = m_filtered->mapFromSource(m_context.containers.index(row, 0));
    if (!index.isValid()) {
        m_filter->clear();
        m_table->setCurrentIndex(m_filtered->mapFromSource(m_context.containers.index(row, 0)));
    } else {
        m_table->setCurrentIndex(index);
    }
    m_table->scrollTo(m_table->currentIndex());
}

void ContainersPage::showTerminalOf(const protocol::Container& container)
{
    select(container.id);
    m_details->showTerminal();
}

void ContainersPage::focusTerminal()
{
    m_details->terminal()->focusTerminal();
}

// Ctrl+F searches where one is: in the log, else in the list.
void ContainersPage::focusFilter()
{
    if (m_details->log()->isVisible() && m_details->log()->isAncestorOf(focusWidget())) {
        m_details->log()->focusSearch();
        return;
    }
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void ContainersPage::focusTable()
{
    m_list->takeFocus();
}

void ContainersPage::openShell()
{
    m_details->showTerminal();
    m_details->terminal()->openShell();
}

std::optional<protocol::TerminalSize> ContainersPage::terminalSize() const
{
    if (m_details->isHidden())
        return std::nullopt;
    const terminal::Size size = m_details->terminal()->room();
    return protocol::TerminalSize{std::uint16_t(size.columns), std::uint16_t(size.rows)};
}

void ContainersPage::refreshEmptyState()
{
    const bool none = m_context.containers.rows().empty();
    const bool filteredOut = !none && m_filtered->rowCount() == 0;
    if (filteredOut) {
        m_empty->setTexts(tr("No container matches"), tr("No container contains “%1”.").arg(m_filter->text()));
        m_empty->setAction(tr("Clear the filter"));
    } else if (m_context.client.state() == HelperClient::State::Connected) {
        m_empty->setTexts(tr("No containers yet"),
                          tr("A container runs a command in a file system of its own, apart from this computer. Create one from an image."));
        m_empty->setAction(tr("Create a container"));
    } else {
        m_empty->setTexts(m_context.client.state() == HelperClient::State::Connecting ? tr("Connecting to the helper…")
                                                                                     : tr("The helper is not connected"),
                          tr("Containers are shown here as soon as it is."));
        m_empty->setAction({});
    }
    m_list->showTable(!none && !filteredOut);
}

void ContainersPage::openMenu(QPoint position)
{
    if (!m_table->indexAt(position).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("containerMenu"));
    menu->addAction(gui::icon(QStringLiteral("terminal")), tr("Open the terminal"), m_details,
                    &ContainerDetailsPane::showTerminal);
    menu->addSeparator();
    menu->addActions(m_actions->all());
    menu->addSeparator();
    menu->addActions(m_actions->further());
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void ContainersPage::saveState(QSettings& settings) const
{
    settings.setValue(QStringLiteral("containers/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("containers/columns"), m_table->horizontalHeader()->sortIndicatorSection());
    settings.setValue(QStringLiteral("containers/order"), int(m_table->horizontalHeader()->sortIndicatorOrder()));
    settings.setValue(QStringLiteral("containers/selected"), text(m_selected));
}

void ContainersPage::restoreState(QSettings& settings)
{
    m_splitter->restoreState(settings.value(QStringLiteral("containers/splitter")).toByteArray());
    m_splitter->setHandleWidth(1);
    const int column = settings.value(QStringLiteral("containers/columns"), int(ContainerModel::Created)).toInt();
    const int order = settings.value(QStringLiteral("containers/order"), int(Qt::DescendingOrder)).toInt();
    m_table->sortByColumn(column, Qt::SortOrder(order));
    m_remembered = settings.value(QStringLiteral("containers/selected")).toString().toStdString();
}

} // namespace rocker::gui
