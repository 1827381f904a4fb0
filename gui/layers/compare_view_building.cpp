// What a CompareView is made of.
#include "gui/layers/compare_view.h"

#include "gui/layers/difference_model.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/text_difference_view.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QTableWidget>
#include <QToolButton>

namespace rocker::gui {

using layers::Change;

// From what, to what.
QWidget* CompareView::buildChoice()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* label = new QLabel(tr("&Since"));
    label->setBuddy(m_others);
    m_others->setObjectName(QStringLiteral("compareWith"));
    m_others->setAccessibleName(tr("Compare with"));
    m_others->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_others->setMinimumContentsLength(18);
    m_otherPart->setObjectName(QStringLiteral("comparePart"));
    m_otherPart->setAccessibleName(tr("Which part of it"));
    m_ownPart->setObjectName(QStringLiteral("compareOwnPart"));
    m_ownPart->setAccessibleName(tr("Which part of what is opened"));
    auto* arrow = new QLabel(QStringLiteral("→"));
    arrow->setProperty("role", QStringLiteral("muted"));
    m_export->setObjectName(QStringLiteral("compareExport"));
    m_export->setIcon(gui::icon(QStringLiteral("save")));
    m_export->setText(tr("&Export…"));
    m_export->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_export->setProperty("role", QStringLiteral("action"));
    m_export->setFocusPolicy(Qt::TabFocus);
    m_export->setToolTip(tr("Save the report as text, JSON or HTML"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit);
    row->setSpacing(Theme::unit);
    row->addWidget(label);
    row->addWidget(m_others, 1);
    row->addWidget(m_otherPart);
    row->addWidget(arrow);
    row->addWidget(m_ownPart);
    row->addStretch(1);
    row->addWidget(m_export);
    return bar;
}

QWidget* CompareView::buildFilter()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    m_filter->setMinimumWidth(8 * Theme::unit);
    m_filter->setObjectName(QStringLiteral("compareFilter"));
    m_filter->setPlaceholderText(tr("Filter paths"));
    m_filter->setAccessibleName(tr("Filter paths"));
    m_filter->setClearButtonEnabled(true);
    m_changes->setAccessibleName(tr("Change"));
    m_changes->setObjectName(QStringLiteral("compareChange"));
    m_changes->addItem(tr("Any change"), 0U);
    for (const Change change : {Change::Added, Change::Changed, Change::Removed})
        m_changes->addItem(changeText(change), 1U << int(change));
    m_counts->setObjectName(QStringLiteral("compareCounts"));
    m_counts->setProperty("role", QStringLiteral("muted"));
    m_counts->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit);
    row->setSpacing(Theme::unit);
    row->addWidget(m_filter, 1);
    row->addWidget(m_changes);
    row->addWidget(m_counts);
    return bar;
}

QWidget* CompareView::buildFiles()
{
    m_table->setObjectName(QStringLiteral("differences"));
    m_table->setAccessibleName(tr("Differences"));
    m_table->setModel(m_model);
    m_table->sortByColumn(DifferenceModel::Path, Qt::AscendingOrder);
    auto* delegate = new StateDelegate(m_table);
    delegate->setDotColumn(DifferenceModel::Change);
    m_table->setItemDelegate(delegate);
    m_table->setColumns({{0, 17}, {3, 0}, {2, 0}, {0, 12}, {0, 12}});
    m_content->setObjectName(QStringLiteral("compareContent"));
    m_content->setAccessibleName(tr("What has changed in the file"));
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_content);
    splitter->setSizes({360, 200});
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildFilter());
    column->addWidget(splitter, 1);
    return page;
}

QWidget* CompareView::buildSettings()
{
    m_settings->setObjectName(QStringLiteral("settingDifferences"));
    m_settings->setAccessibleName(tr("Differences of the configuration"));
    m_settings->setColumnCount(4);
    m_settings->setHorizontalHeaderLabels({tr("Change"), tr("Setting"), tr("Before"), tr("After")});
    auto* header = m_settings->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setFixedHeight(4 * Theme::unit);
    header->resizeSection(0, 17 * Theme::unit);
    header->resizeSection(1, 30 * Theme::unit);
    for (const int column : {2, 3})
        header->setSectionResizeMode(column, QHeaderView::Stretch);
    auto* delegate = new StateDelegate(m_settings);
    delegate->setDotColumn(0);
    m_settings->setItemDelegate(delegate);
    m_settings->verticalHeader()->hide();
    m_settings->verticalHeader()->setDefaultSectionSize(4 * Theme::unit);
    m_settings->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_settings->setSelectionMode(QAbstractItemView::SingleSelection);
    m_settings->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_settings->setShowGrid(false);
    m_settings->setTabKeyNavigation(false);
    m_settings->setFrameShape(QFrame::NoFrame);
    return m_settings;
}

} // namespace rocker::gui
