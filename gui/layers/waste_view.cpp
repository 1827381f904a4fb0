#include "gui/layers/waste_view.h"

#include "gui/layers/layer_text.h"
#include "gui/models/filter_model.h"
#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace rocker::gui {

WasteView::WasteView(QWidget* parent)
    : QWidget(parent), m_files(new WastedFilesModel(this)), m_duplicates(new DuplicatesModel(this)),
      m_sortedFiles(new FilterModel(m_files, this)), m_sortedDuplicates(new FilterModel(m_duplicates, this)),
      m_score(new QLabel), m_explanation(new QLabel), m_stack(new QStackedWidget),
      m_empty(new EmptyState(QStringLiteral("check"))), m_duplicatesTitle(new QLabel), m_filesTitle(new QLabel)
{
    setObjectName(QStringLiteral("wasteView"));
    m_score->setProperty("role", QStringLiteral("title"));
    m_score->setObjectName(QStringLiteral("wasteScore"));
    m_explanation->setProperty("role", QStringLiteral("muted"));
    m_explanation->setWordWrap(true);
    m_explanation->setObjectName(QStringLiteral("wasteExplanation"));
    auto* head = new QVBoxLayout;
    head->setContentsMargins(3 * Theme::unit, 2 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    head->setSpacing(Theme::unit / 2);
    head->addWidget(m_score);
    head->addWidget(m_explanation);

    auto* files = addTable("wastedFiles", tr("Hidden files"), m_sortedFiles);
    files->setColumns({{1, 0}, {0, 14}, {0, 18}, {0, 24}});
    files->sortByColumn(WastedFilesModel::Wasted, Qt::DescendingOrder);
    auto* duplicates = addTable("duplicates", tr("Equal files"), m_sortedDuplicates);
    duplicates->setColumns({{1, 0}, {0, 18}, {0, 14}, {0, 10}});
    duplicates->sortByColumn(DuplicatesModel::Wasted, Qt::DescendingOrder);
    const auto part = [](QLabel* title, QWidget* table) {
        auto* widget = new QWidget;
        auto* column = new QVBoxLayout(widget);
        column->setContentsMargins({});
        column->setSpacing(0);
        title->setProperty("role", QStringLiteral("section"));
        title->setContentsMargins(3 * Theme::unit, Theme::unit, 0, Theme::unit / 2);
        column->addWidget(title);
        column->addWidget(table, 1);
        return widget;
    };
    m_filesPart = part(m_filesTitle, files);
    m_duplicatesPart = part(m_duplicatesTitle, duplicates);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_filesPart);
    splitter->addWidget(m_duplicatesPart);
    auto* filled = new QWidget;
    filled->setProperty("role", QStringLiteral("sheet"));
    auto* column = new QVBoxLayout(filled);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(splitter, 1);
    m_stack->addWidget(filled);
    m_stack->addWidget(m_empty);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->addWidget(m_stack);

    connect(files, &QTableView::activated, this, [this](const QModelIndex& index) {
        const layers::WastedFile& file = m_files->file(m_sortedFiles->mapToSource(index).row());
        Q_EMIT fileWanted(file.path, file.copies.back());
    });
    connect(duplicates, &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT contentWanted(m_duplicates->duplicates(m_sortedDuplicates->mapToSource(index).row()).paths.front());
    });
    setWaste({});
}

Table* WasteView::addTable(const char* name, const QString& accessible, FilterModel* model)
{
    auto* table = new Table;
    table->setObjectName(QLatin1String(name));
    table->setAccessibleName(accessible);
    table->setModel(model);
    table->setItemDelegate(new StateDelegate(table));
    return table;
}

void WasteView::setWaste(const SharedWaste& waste)
{
    m_files->setWaste(waste);
    m_duplicates->setWaste(waste);
    if (!waste) {
        m_empty->setTexts(tr("Counting…"), {});
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    if (waste->files.empty() && waste->duplicates.empty()) {
        m_empty->setTexts(
            tr("Nothing is wasted"), tr("Every byte in the layers is seen in the end, and no content is there twice."));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    std::uint64_t equal = 0;
    for (const layers::Duplicates& duplicates : waste->duplicates)
        equal += duplicates.wasted();
    m_score->setText(tr("Efficiency %1 %")
                         .arg(QLocale().toString(waste->efficiency() * 100, 'f', waste->efficiency() >= 1 ? 0 : 1)));
    m_explanation->setText(tr("Of %1 in the layers, %2 are hidden by a later layer that replaces or removes the file: "
                              "they are loaded and kept, and no container sees them.")
                               .arg(sizeText(std::int64_t(waste->total)), sizeText(std::int64_t(waste->wasted))));
    m_filesTitle->setText(tr("%1 hidden").arg(countText(waste->files.size(), "1 file", "%1 files")));
    m_duplicatesTitle->setText(tr("%1 more in equal files; links would save them").arg(sizeText(std::int64_t(equal))));
    m_filesPart->setVisible(!waste->files.empty());
    m_duplicatesPart->setVisible(!waste->duplicates.empty());
    m_stack->setCurrentIndex(0);
}

} // namespace rocker::gui
