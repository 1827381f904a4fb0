#include "gui/layers/filter_bar.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScopedValueRollback>
#include <QStyle>

namespace rocker::gui {

FilterBar::FilterBar(QWidget* parent)
    : QWidget(parent), m_line(new QLineEdit), m_result(new QLabel), m_problem(new QLabel)
{
    m_line->setObjectName(QStringLiteral("layerFilter"));
    m_line->setPlaceholderText(tr("Filter: name, *.so, usr/lib, size:>1M"));
    m_line->setAccessibleName(tr("Filter files"));
    m_line->setToolTip(
        tr("Words and patterns that a path must match (Ctrl+F). Also kind:links change:added size:>1M layer:3"));
    m_line->setClearButtonEnabled(true);
    m_line->setMinimumWidth(14 * Theme::unit);
    m_line->installEventFilter(this);
    m_result->setObjectName(QStringLiteral("layerFilterResult"));
    m_result->setTextFormat(Qt::PlainText);
    m_result->setProperty("role", QStringLiteral("muted"));
    m_result->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_result->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("99,999 matches")));
    m_problem->setObjectName(QStringLiteral("layerFilterProblem"));
    m_problem->setProperty("role", QStringLiteral("problem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(Theme::unit / 2);
    auto* row = new QHBoxLayout;
    column->addLayout(row);
    column->addWidget(m_problem);
    row->setSpacing(Theme::unit);
    row->addWidget(m_line, 1);
    row->addWidget(addChoices(QStringLiteral("kind"), tr("Kind"),
        {{tr("Any kind"), {}}, {tr("Files"), QStringLiteral("files")},
            {tr("Directories"), QStringLiteral("directories")}, {tr("Links"), QStringLiteral("links")},
            {tr("Devices"), QStringLiteral("devices")}}));
    row->addWidget(addChoices(QStringLiteral("change"), tr("Change"),
        {{tr("Any state"), {}}, {tr("Added"), QStringLiteral("added")}, {tr("Changed"), QStringLiteral("changed")},
            {tr("Removed"), QStringLiteral("removed")}, {tr("All changes"), QStringLiteral("any")}}));
    row->addWidget(addChoices(QStringLiteral("size"), tr("Size"),
        {{tr("Any size"), {}}, {tr("From 100 KiB"), QStringLiteral(">100k")}, {tr("From 1 MiB"), QStringLiteral(">1m")},
            {tr("From 10 MiB"), QStringLiteral(">10m")}, {tr("From 100 MiB"), QStringLiteral(">100m")}}));
    row->addWidget(m_result);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString& line) {
        followLine();
        Q_EMIT changed(line);
    });
}

QComboBox* FilterBar::addChoices(const QString& key, const QString& name, const QList<Choice>& choices)
{
    auto* box = new QComboBox;
    box->setObjectName(QStringLiteral("layerFilter-") + key);
    box->setAccessibleName(name);
    box->setProperty("key", key);
    box->setPlaceholderText(tr("As typed")); // for what only the line can say
    for (const Choice& choice : choices)
        box->addItem(choice.words, choice.value);
    box->setCurrentIndex(0);
    connect(box, &QComboBox::currentIndexChanged, this, [this, box, key] {
        if (!m_following)
            m_line->setText(withToken(m_line->text(), key, box->currentData().toString()));
    });
    m_choices << box;
    return box;
}

// What is typed shows in the choices where they have it; where not, they do not claim that nothing is asked for.
void FilterBar::followLine()
{
    const QScopedValueRollback<bool> guard(m_following, true);
    for (QComboBox* box : std::as_const(m_choices)) {
        const QString value = tokenOf(m_line->text(), box->property("key").toString());
        box->setCurrentIndex(box->findData(value));
    }
}

void FilterBar::takeFocus()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

void FilterBar::clear()
{
    m_line->clear();
}

QString FilterBar::text() const
{
    return m_line->text();
}

void FilterBar::showResult(const TreeFilter& filter, const FilteredTree& result)
{
    const bool wrong = !filter.problem.isEmpty();
    m_line->setProperty("wrong", wrong);
    m_line->style()->unpolish(m_line);
    m_line->style()->polish(m_line);
    m_problem->setVisible(wrong);
    m_problem->setText(filter.problem);
    m_result->setText(filter.isEmpty() ? countText(result.matches, "1 entry", "%1 entries")
                                       : countText(result.matches, "1 match", "%1 matches"));
    m_result->setToolTip(tr("%1 in files").arg(sizeText(std::int64_t(result.bytes))));
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT leftDownwards();
            return true;
        }
        if (key == Qt::Key_Escape && !m_line->text().isEmpty()) {
            m_line->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace rocker::gui
