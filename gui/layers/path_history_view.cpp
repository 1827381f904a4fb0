#include "gui/layers/path_history_view.h"

#include "gui/layers/background.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/preview.h"
#include "gui/models/text.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/theme.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableWidget>
#include <QTextBlock>

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

struct TextDifference {
    bool comparable = false;
    std::optional<std::vector<DiffLine>> lines;
};

TextDifference differenceOf(const QByteArray& before, const QByteArray& after)
{
    const Preview one = previewOf(before, true);
    const Preview other = previewOf(after, true);
    if (one.kind != Preview::Kind::Text || other.kind != Preview::Kind::Text)
        return {};
    // What else would begin a line in the view is made visible.
    const auto linesOf = [](QString text) {
        return text.replace(u'\r', QChar(0x240d)).replace(QChar::ParagraphSeparator, QChar(0x2424)).split(u'\n');
    };
    return {true, lineDiff(linesOf(one.text), linesOf(other.text))};
}

} // namespace

PathHistoryView::PathHistoryView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_source(source), m_table(new QTableWidget), m_difference(new QPlainTextEdit)
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
    m_difference->setReadOnly(true);
    m_difference->setProperty("role", QStringLiteral("log"));
    m_difference->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_difference->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_difference->document()->setDocumentMargin(Theme::unit);
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
    ++m_wish;
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

void PathHistoryView::say(const QString& words)
{
    m_difference->setExtraSelections({});
    m_difference->setPlainText(words);
}

void PathHistoryView::compare()
{
    const quint64 wish = ++m_wish;
    const int row = m_table->currentRow();
    if (row < 0 || row >= int(m_versions.size())) {
        say({});
        return;
    }
    const PathVersion& version = m_versions[std::size_t(row)];
    const auto recordOf = [&](const PathVersion& of) { return m_image->indexes[of.layer].at(of.record); };
    if (version.change == Change::Removed) {
        say(tr("Layer %1 removed it.").arg(version.layer + 1));
        return;
    }
    if (row == 0 || m_versions[std::size_t(row - 1)].change == Change::Removed) {
        say(tr("Layer %1 brought it.").arg(version.layer + 1));
        return;
    }
    const PathVersion& before = m_versions[std::size_t(row - 1)];
    const layers::Record one = recordOf(before);
    const layers::Record other = recordOf(version);
    if (one.kind != Kind::File || other.kind != Kind::File) {
        say(one.kind == other.kind
                ? tr("Its mode, owner or target may have changed: %1, then %2.")
                      .arg(modeText(one) + u' ' + ownerText(one), modeText(other) + u' ' + ownerText(other))
                : tr("It was: %1. It is now: %2.").arg(kindText(one), kindText(other)));
        return;
    }
    if (one.size == other.size && one.content == other.content) {
        say(tr("The content is the same; mode %1, then %2; owner %3, then %4.")
                .arg(modeText(one), modeText(other), ownerText(one), ownerText(other)));
        return;
    }
    if (one.size > quint64(Preview::textLimit) || other.size > quint64(Preview::textLimit)) {
        say(tr("The content is another one; it is too long to be compared line by line."));
        return;
    }
    say(tr("Comparing…"));
    m_source.file(m_image->id, before.layer, m_path, Preview::textLimit)
        .then(this, [this, wish, layer = version.layer](const Result<FileBytes>& first) {
            if (wish != m_wish)
                return;
            if (!first) {
                say(tr("The versions cannot be compared: %1").arg(sentence(text(first.error().what))));
                return;
            }
            m_source.file(m_image->id, layer, m_path, Preview::textLimit)
                .then(this, [this, wish, first = first->bytes](const Result<FileBytes>& second) {
                    if (wish != m_wish)
                        return;
                    if (!second) {
                        say(tr("The versions cannot be compared: %1").arg(sentence(text(second.error().what))));
                        return;
                    }
                    inBackground([first, second = second->bytes] {
                        return differenceOf(first, second);
                    }).then(this, [this, wish](const TextDifference& difference) {
                        if (wish != m_wish)
                            return;
                        if (!difference.comparable)
                            say(tr("The content is another one; it is no text."));
                        else if (!difference.lines)
                            say(tr("The versions have too little in common to be compared line by line."));
                        else
                            showDifference(*difference.lines);
                    });
                });
        });
}

void PathHistoryView::showDifference(const std::vector<DiffLine>& lines)
{
    QStringList shown;
    for (const DiffLine& line : lines) {
        constexpr const char* marks[]{"  ", "- ", "+ ", "  … "};
        shown << QLatin1String(marks[int(line.kind)]) + line.text;
    }
    m_difference->setPlainText(shown.join(u'\n'));
    const Colors& colors = Theme::instance().colors();
    QList<QTextEdit::ExtraSelection> marks;
    QTextBlock block = m_difference->document()->begin();
    for (const DiffLine& line : lines) {
        if (line.kind != DiffLine::Kind::Same && block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
            mark.format.setBackground(line.kind == DiffLine::Kind::Gap ? colors.hover
                    : line.kind == DiffLine::Kind::Added               ? colors.goodSurface
                                                                       : colors.badSurface);
            marks << mark;
        }
        block = block.next();
    }
    m_difference->setExtraSelections(marks);
}

} // namespace rocker::gui
