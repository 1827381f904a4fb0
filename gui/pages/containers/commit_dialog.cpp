#include "gui/pages/containers/commit_dialog.h"

#include "gui/layers/file_tree.h"
#include "gui/layers/tree_model.h"
#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/pages/containers/changes_reading.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

QLineEdit* lineEdit(const char* name, const QString& accessible, const QString& placeholder)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(name));
    edit->setAccessibleName(accessible);
    edit->setPlaceholderText(placeholder);
    return edit;
}

int changesIn(const layers::ImageTree& tree)
{
    int count = 0;
    for (std::uint32_t node = 0; node < tree.size(); ++node)
        count += tree.at(node).change != layers::Change::None;
    return count;
}

// Of what was removed with its directory the container knows the directory alone.
std::uint32_t topmostRemoved(const layers::ImageTree& tree, std::uint32_t node)
{
    while (tree.at(node).change == layers::Change::Removed && tree.at(tree.at(node).parent).change == layers::Change::Removed)
        node = tree.at(node).parent;
    return node;
}

} // namespace

CommitDialog::CommitDialog(HelperClient& client, const protocol::Container& container, QWidget* parent)
    : QDialog(parent), m_client(client), m_container(container), m_error(new Banner(Banner::Dismissal::ByUser, this)),
      m_name(lineEdit("commitName", tr("Name of the image"), text(container.name) + QStringLiteral(":latest"))),
      m_command(lineEdit("commitCommand", tr("Command"), tr("as in the image"))),
      m_comment(lineEdit("commitComment", tr("Comment"), tr("optional"))), m_nameField(new FormField(tr("&Name of the image"), m_name)),
      m_commandField(new FormField(tr("Co&mmand"), m_command)), m_count(new QLabel), m_model(new TreeModel(this)),
      m_tree(new FileTree(m_model)), m_progress(new QProgressBar)
{
    setObjectName(QStringLiteral("commitDialog"));
    setWindowTitle(tr("Commit %1").arg(text(container.name)));
    m_tree->setObjectName(QStringLiteral("commitTree"));
    m_tree->setAccessibleName(tr("Changes"));
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    for (const int column : {TreeModel::Files, TreeModel::Layer, TreeModel::Owner})
        m_tree->setColumnWanted(column, false);
    m_count->setObjectName(QStringLiteral("commitCount"));
    m_count->setWordWrap(true);
    m_count->setTextFormat(Qt::PlainText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_error);
    column->addWidget(buildForm(), 1);
    column->addWidget(buildFooter());
    resize(88 * Theme::unit, 76 * Theme::unit);
    connect(m_name, &QLineEdit::textChanged, this, &CommitDialog::check);
    connect(m_command, &QLineEdit::textChanged, this, &CommitDialog::check);
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CommitDialog::showCount);
    m_name->setText(m_name->placeholderText());
    m_name->selectAll();
    check();
    load();
}

QWidget* CommitDialog::buildForm()
{
    auto* form = new QWidget;
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(3 * Theme::unit, 2 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * Theme::unit);
    row->addWidget(m_nameField, 1);
    row->addWidget(m_commandField, 1);
    column->addLayout(row);
    column->addWidget(new FormField(tr("C&omment"), m_comment));
    column->addWidget(m_count);
    column->addWidget(m_tree, 1);
    return form;
}

QWidget* CommitDialog::buildFooter()
{
    auto* buttons = new DialogButtons(QStringLiteral("commitAccept"), tr("Commit"), this);
    buttons->setContentsMargins(3 * Theme::unit, Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the commit"));
    m_progress->hide();
    buttons->lead(m_progress);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &CommitDialog::submit);
    return buttons;
}

void CommitDialog::load()
{
    m_count->setText(tr("Looking what %1 has changed…").arg(text(m_container.name)));
    readChanges(m_client, m_container.id).then(this, [this](const Result<SharedTree>& tree) {
        if (!tree) {
            m_count->setText(tr("What has changed cannot be shown; everything is taken."));
            m_error->showMessage(Tone::Bad, tr("The changes could not be read"), text(tree.error().what));
            return;
        }
        m_model->setTree(*tree, TreeModel::Marks::Shown);
        // A file browser begins at its first row; here a selection means something.
        QTimer::singleShot(0, this, [this] {
            m_tree->clearSelection();
            showCount();
        });
    });
}

std::vector<std::string> CommitDialog::selectedPaths() const
{
    std::vector<std::string> paths;
    if (m_model->tree())
        for (const QModelIndex& index : m_tree->selectionModel()->selectedRows())
            if (const std::uint32_t node = m_model->nodeOf(index); node != layers::ImageTree::root)
                paths.push_back(m_model->tree()->tree().path(topmostRemoved(m_model->tree()->tree(), node)));
    return paths;
}

void CommitDialog::showCount()
{
    if (!m_model->tree())
        return;
    const int all = changesIn(m_model->tree()->tree());
    const auto selected = int(selectedPaths().size());
    if (all == 0)
        m_count->setText(tr("%1 has changed nothing: the image differs in its configuration alone.").arg(text(m_container.name)));
    else if (selected == 0)
        m_count->setText(tr("Every change is taken (%1). Select some to take only these, with everything in them.").arg(all));
    else
        m_count->setText(tr("Only what is selected is taken (%1 of %2), with everything in it.").arg(selected).arg(all));
}

void CommitDialog::check()
{
    const QString name = m_name->text().trimmed();
    const auto named = checkReference(name, DigestIn::No);
    m_nameField->setProblem(name.isEmpty() || named ? QString() : text(named.error().what));
    const auto command = splitCommand(m_command->text());
    m_commandField->setProblem(command ? QString() : text(command.error().what));
    m_accept->setEnabled(!m_busy && !name.isEmpty() && m_nameField->problem().isEmpty() && m_commandField->problem().isEmpty());
}

void CommitDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_progress->setVisible(busy);
    for (QWidget* widget : {static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_command), static_cast<QWidget*>(m_comment),
                            static_cast<QWidget*>(m_tree)})
        widget->setEnabled(!busy);
    check();
}

void CommitDialog::submit()
{
    protocol::CommitContainer::Parameters parameters{.container = m_container.id,
                                                     .reference = m_name->text().trimmed().toStdString(),
                                                     .paths = selectedPaths(),
                                                     .comment = m_comment->text().toStdString()};
    if (const auto command = splitCommand(m_command->text()); command && !command->empty())
        parameters.command = *command;
    setBusy(true);
    m_client.stream<protocol::Images, protocol::CommitContainer>(parameters, {}).then(
        this, [this, reference = m_name->text().trimmed()](const Result<protocol::CommitContainer::Reply>& reply) {
            setBusy(false);
            if (!reply) {
                m_error->showMessage(Tone::Bad, tr("%1 could not be committed").arg(text(m_container.name)), text(reply.error().what));
                return;
            }
            Q_EMIT committed(reference);
            accept();
        });
}

} // namespace rocker::gui
