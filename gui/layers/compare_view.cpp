#include "gui/layers/compare_view.h"

#include "gui/layers/background.h"
#include "gui/layers/difference_model.h"
#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSaveFile>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>

namespace rocker::gui {

using layers::Change;

CompareView::CompareView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_source(source), m_model(new DifferenceModel(this)), m_other(new QComboBox),
      m_filter(new QLineEdit), m_changes(new QComboBox), m_counts(new QLabel), m_export(new QToolButton),
      m_table(new Table), m_empty(new EmptyState(QStringLiteral("compare"))), m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("compareView"));
    m_stack->addWidget(buildTable());
    m_stack->addWidget(m_empty);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_stack, 1);
    connect(m_other, &QComboBox::activated, this, [this] { compareWith(m_other->currentData().toString()); });
    connect(m_filter, &QLineEdit::textChanged, this, &CompareView::refilter);
    connect(m_changes, &QComboBox::currentIndexChanged, this, &CompareView::refilter);
    connect(m_export, &QToolButton::clicked, this, &CompareView::exportReport);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (m_model->at(index.row()).change != Change::Removed)
            Q_EMIT fileWanted(m_model->at(index.row()).path);
    });
    setImage({}, {});
}

QWidget* CompareView::buildBar()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* label = new QLabel(tr("&Since"));
    label->setBuddy(m_other);
    m_other->setObjectName(QStringLiteral("compareWith"));
    m_other->setAccessibleName(tr("Compare with"));
        m_other->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_other->setMinimumContentsLength(10);
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
    row->addWidget(m_other);
    row->addWidget(m_filter, 1);
    row->addWidget(m_changes);
    row->addWidget(m_counts);
    row->addWidget(m_export);
    return bar;
}

QWidget* CompareView::buildTable()
{
    m_table->setObjectName(QStringLiteral("differences"));
    m_table->setAccessibleName(tr("Differences"));
    m_table->setModel(m_model);
    m_table->sortByColumn(DifferenceModel::Path, Qt::AscendingOrder);
    auto* delegate = new StateDelegate(m_table);
    delegate->setDotColumn(DifferenceModel::Change);
    m_table->setItemDelegate(delegate);
    m_table->setColumns({{0, 17}, {3, 0}, {2, 0}, {0, 12}, {0, 12}});
    return m_table;
}

void CompareView::setImage(SharedImage image, const QString& shown)
{
    m_image = std::move(image);
    m_shown = shown;
    setChoices(m_references);
    m_other->setCurrentIndex(-1);
    showComparison({});
}

void CompareView::setChoices(const QStringList& references)
{
    m_references = references;
    const QString chosen = m_other->currentData().toString();
    const QSignalBlocker quiet(m_other);
    m_other->clear();
    m_other->setPlaceholderText(tr("Choose an image"));
    for (const QString& reference : references)
        if (reference != m_shown)
            m_other->addItem(reference, reference);
    m_other->setCurrentIndex(m_other->findData(chosen));
    m_other->setEnabled(m_other->count() > 0);
}

void CompareView::say(const QString& title, const QString& explanation)
{
    m_empty->setTexts(title, explanation);
    m_stack->setCurrentWidget(m_empty);
}

void CompareView::compareWith(const QString& reference)
{
    if (!m_image || reference.isEmpty())
        return;
    showComparison({});
    const quint64 wish = ++m_wish;
    say(tr("Comparing…"), {});
    m_source.image(reference.toStdString()).then(this, [this, wish, reference](const Result<SharedImage>& other) {
        if (wish != m_wish)
            return;
        if (!other || (*other)->indexes.empty()) {
            say(tr("The images cannot be compared"),
                other ? tr("%1 has no layers.").arg(reference) : sentence(text(other.error().what)));
            return;
        }
        inBackground([first = *other, reference, second = m_image, shown = m_shown]() -> SharedComparison {
            return std::make_shared<const ImageComparison>(reference, first->indexes, shown, second->indexes);
        }).then(this, [this, wish](const SharedComparison& comparison) {
            if (wish == m_wish)
                showComparison(comparison);
        });
    });
}

void CompareView::showComparison(SharedComparison comparison)
{
    ++m_wish;
    m_comparison = std::move(comparison);
    m_model->setComparison(m_comparison);
    for (QWidget* widget :
        {static_cast<QWidget*>(m_filter), static_cast<QWidget*>(m_changes), static_cast<QWidget*>(m_export)})
        widget->setEnabled(m_comparison != nullptr);
    m_counts->setVisible(m_comparison != nullptr);
    if (!m_comparison) {
        say(tr("Compare with another image"),
            m_other->count() > 0
                ? tr("Choose an image above: what has been added, changed and removed since then is listed here.")
                : tr("There is no other image in the store. Import one to compare with it."));
        return;
    }
    m_counts->setText(
        QStringLiteral("+%1 ~%2 −%3").arg(m_comparison->added).arg(m_comparison->changed).arg(m_comparison->removed));
    m_counts->setAccessibleName(tr("%1 added, %2 changed, %3 removed")
                                    .arg(m_comparison->added)
                                    .arg(m_comparison->changed)
                                    .arg(m_comparison->removed));
    m_counts->setToolTip(m_counts->accessibleName());
    refilter();
}

void CompareView::refilter()
{
    m_model->setFilter(m_filter->text(), m_changes->currentData().toUInt());
    if (!m_comparison)
        return;
    if (m_comparison->differences.empty())
        say(tr("No difference"), tr("A container sees the same in both."));
    else if (m_model->rowCount() == 0)
        say(tr("Nothing matches"), tr("No difference is what the filter asks for."));
    else
        m_stack->setCurrentIndex(0);
}

void CompareView::exportReport()
{
    if (!m_comparison)
        return;
    auto* dialog = new QFileDialog(this, tr("Save the report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("reportDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Text (*.txt)"), tr("JSON (*.json)"), tr("HTML (*.html)")});
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, comparison = m_comparison](const QString& path) {
        const ReportForm form = path.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive) ? ReportForm::Json
            : path.endsWith(QStringLiteral(".html"), Qt::CaseInsensitive)                   ? ReportForm::Html
                                                                                            : ReportForm::Text;
        inBackground([comparison, path, form]() -> Result<> {
            QSaveFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(comparisonReport(*comparison, form)) < 0
                || !file.commit())
                return fail(
                    ErrorCode::Internal, "write '{}': {}", path.toStdString(), file.errorString().toStdString());
            return {};
        }).then(this, [this, path](const Result<>& saved) {
            if (saved)
                Q_EMIT done(tr("The report was saved as %1.").arg(path));
            else
                Q_EMIT failed(tr("The report could not be saved"), saved.error());
        });
    });
    dialog->open();
}

} // namespace rocker::gui
