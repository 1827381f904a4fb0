#include "gui/layers/path_history_view.h"

#include "gui/layers/layer_text.h"
#include "gui/layers/text_difference_view.h"
#include "gui/models/text.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QSplitter>
#include <QTableWidget>

namespace rocker::gui {

namespace {

using layers::Change;
using layers::Kind;

QString versionText(const PathVersion& version)
{
    if (version.change == Change::Removed && version.withDirectory)
        return QObject::tr("Removed with its directory");
    return changeText(version.change);
}

} // namespace

PathHistoryView::PathHistoryView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_table(new QTableWidget), m_difference(new TextDifferenceView(source))
{
    m_table->setObjectName(QStringLiteral("pathHistory"));
    m_table->setAccessibleName(tr("Versions of the file"));
    m_table->setColumnCount(3);
    m_table->setHorizontalHeaderLabels({tr("Layer"), tr("What it did"), tr("Size")});
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->resizeSection(0, 10 * Theme::unit);
    m_table->horizontalHeader()->resizeSection(2, 13 * Theme::unit);
    m_table->horizontalHeader()->setFixedHeight(4 * Theme::unit);
    auto* delegate = new StateDelegate(m_table);
    delegate->setDotColumn(1);
    m_table->setItemDelegate(delegate);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(3 * Theme::unit + Theme::unit / 2);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_difference->setObjectName(QStringLiteral("pathDifference"));
    m_difference->setAccessibleName(tr("What the version changed"));
    auto* splitter = new QSplitter;
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_difference);
    splitter->setSizes({360, 360});
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(splitter);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &PathHistoryView::compare);
    connect(m_table, &QTableWidget::itemActivated, this,
        [this](QTableWidgetItem* item) { Q_EMIT layerWanted(m_versions[std::size_t(item->row())].layer); });
}

void PathHistoryView::setPath(const SharedImage& image, const std::string& path, std::size_t layer)
{
    m_image = image;
    m_path = path;
    m_layer = layer;
    m_stale = true;
    if (isVisible())
        fill();
}

void PathHistoryView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale)
        fill();
}

void PathHistoryView::fill()
{
    m_stale = false;
    m_versions = m_image && !m_path.empty() ? historyOf(m_image->indexes, m_path) : std::vector<PathVersion>();
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(int(m_versions.size()));
    int chosen = int(m_versions.size()) - 1;
    for (int row = 0; row < int(m_versions.size()); ++row) {
        const PathVersion& version = m_versions[std::size_t(row)];
        const bool gone = version.change == Change::Removed;
        const layers::Record* record = gone ? nullptr : &m_image->indexes[version.layer].at(version.record);
        auto* what = new QTableWidgetItem(changeLetter(version.change) + QStringLiteral(" ") + versionText(version));
        what->setData(ToneRole, int(changeTone(version.change)));
        m_table->setItem(row, 0, new QTableWidgetItem(QString::number(version.layer + 1)));
        m_table->setItem(row, 1, what);
        m_table->setItem(row, 2,
            new QTableWidgetItem(record && record->kind == Kind::File ? sizeText(std::int64_t(record->size))
                    : record                                          ? kindText(*record)
                                                                      : QString()));
        if (version.layer == m_layer)
            chosen = row;
    }
    if (chosen >= 0)
        m_table->setCurrentCell(chosen, 0);
    compare();
}

void PathHistoryView::compare()
{
    const int row = m_table->currentRow();
    if (row < 0 || row >= int(m_versions.size())) {
        m_difference->say({});
        return;
    }
    const PathVersion& version = m_versions[std::size_t(row)];
    if (version.change == Change::Removed) {
        m_difference->say(tr("Layer %1 removed it.").arg(version.layer + 1));
        return;
    }
    if (row == 0 || m_versions[std::size_t(row - 1)].change == Change::Removed) {
        m_difference->say(tr("Layer %1 brought it.").arg(version.layer + 1));
        return;
    }
    const auto versionOf = [&](const PathVersion& of) {
        return TextDifferenceView::Version{m_image->id, of.layer, m_path, m_image->indexes[of.layer].at(of.record)};
    };
    m_difference->compare(versionOf(m_versions[std::size_t(row - 1)]), versionOf(version));
}

} // namespace rocker::gui
