#include "gui/create/binds_editor.h"

#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace rocker::gui {

BindsEditor::BindsEditor(QWidget* parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins({});
    m_column->setSpacing(Theme::unit);
    auto* add = new QPushButton(gui::icon(QStringLiteral("add")), tr("Add a folder"), this);
    add->setObjectName(QStringLiteral("addBind"));
    add->setAutoDefault(false);
    connect(add, &QPushButton::clicked, this, [this] { addBind(); });
    m_column->addWidget(add, 0, Qt::AlignLeft);
}

void BindsEditor::addBind(const protocol::Bind& bind)
{
    Line line{new QWidget(this), new QLineEdit(text(bind.source)), new QLineEdit(text(bind.target)),
              new QCheckBox(tr("Read-only")), new QLabel};
    line.source->setPlaceholderText(tr("Path on this computer"));
    line.source->setAccessibleName(tr("Path on this computer"));
    line.target->setPlaceholderText(tr("Path in the container"));
    line.target->setAccessibleName(tr("Path in the container"));
    line.readOnly->setChecked(bind.readOnly);
    line.problem->setProperty("role", QStringLiteral("problem"));
    line.problem->setWordWrap(true);
    auto* choose = new QToolButton;
    choose->setProperty("role", QStringLiteral("action"));
    choose->setIcon(gui::icon(QStringLiteral("folder")));
    choose->setToolTip(tr("Choose a folder"));
    choose->setAccessibleName(tr("Choose a folder"));
    auto* drop = new QToolButton;
    drop->setProperty("role", QStringLiteral("action"));
    drop->setIcon(gui::icon(QStringLiteral("close")));
    drop->setToolTip(tr("Take this line out"));
    drop->setAccessibleName(tr("Take this line out"));

    auto* grid = new QGridLayout(line.widget);
    grid->setContentsMargins({});
    grid->setHorizontalSpacing(Theme::unit / 2);
    grid->setVerticalSpacing(Theme::unit / 2);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(3, 2);
    grid->addWidget(line.source, 0, 0);
    grid->addWidget(choose, 0, 1);
    auto* arrow = new QLabel(QStringLiteral("→"));
    arrow->setProperty("role", QStringLiteral("muted"));
    grid->addWidget(arrow, 0, 2);
    grid->addWidget(line.target, 0, 3);
    grid->addWidget(line.readOnly, 0, 4);
    grid->addWidget(drop, 0, 5);
    grid->addWidget(line.problem, 1, 0, 1, 6);
    m_lines.append(line);
    m_column->insertWidget(m_column->count() - 1, line.widget);

    connect(line.source, &QLineEdit::textChanged, this, &BindsEditor::changed);
    connect(line.target, &QLineEdit::textChanged, this, &BindsEditor::changed);
    connect(line.readOnly, &QCheckBox::toggled, this, &BindsEditor::changed);
    connect(choose, &QToolButton::clicked, this, [this, source = line.source] { browse(source); });
    connect(drop, &QToolButton::clicked, this, [this, widget = line.widget] {
        m_lines.removeIf([widget](const Line& candidate) { return candidate.widget == widget; });
        widget->deleteLater();
        Q_EMIT changed();
    });
    line.source->setFocus();
    Q_EMIT changed();
}

void BindsEditor::browse(QLineEdit* source)
{
    auto* dialog = new QFileDialog(this, tr("A folder for the container"), source->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, source, &QLineEdit::setText);
    dialog->open();
}

QString BindsEditor::problemOf(const Line& line) const
{
    if (line.source->text().isEmpty() && line.target->text().isEmpty())
        return {};
    if (const auto source = checkSource(line.source->text()); !source)
        return text(source.error().what);
    if (const auto target = checkTarget(line.target->text()); !target)
        return text(target.error().what);
    for (const Line& other : m_lines)
        if (other.widget != line.widget && other.target->text() == line.target->text())
            return tr("'%1' is used twice.").arg(line.target->text());
    return {};
}

Result<std::vector<protocol::Bind>> BindsEditor::binds() const
{
    std::vector<protocol::Bind> binds;
    for (const Line& line : m_lines) {
        if (const QString problem = problemOf(line); !problem.isEmpty())
            return fail(Error{ErrorCode::InvalidArgument, 0, problem.toStdString()});
        if (!line.source->text().isEmpty())
            binds.push_back({line.source->text().toStdString(), line.target->text().toStdString(),
                             line.readOnly->isChecked()});
    }
    return binds;
}

void BindsEditor::showProblems()
{
    for (const Line& line : m_lines) {
        const QString problem = problemOf(line);
        line.problem->setText(problem);
        line.problem->setVisible(!problem.isEmpty());
    }
}

} // namespace rocker::gui
