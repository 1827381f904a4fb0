#include "gui/create/create_dialog.h"

#include "gui/create/binds_editor.h"
#include "gui/models/container_model.h"
#include "gui/models/image_model.h"
#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/registry/login_dialog.h"
#include "gui/registry/registry_name.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>

#include <cerrno>

namespace rocker::gui {

namespace {

QLineEdit* lineEdit(const char* name, const QString& placeholder)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(name));
    edit->setPlaceholderText(placeholder);
    return edit;
}

template<typename T>
QString problemOf(const Result<T>& result)
{
    return result ? QString() : text(result.error().what);
}

} // namespace

CreateDialog::CreateDialog(Context context, const QString& image, QWidget* parent)
    : QDialog(parent), m_context(std::move(context)), m_error(new Banner(Banner::Dismissal::ByUser, this))
{
    setObjectName(QStringLiteral("createDialog"));
    setWindowTitle(tr("Create a container"));
    setAccessibleName(windowTitle());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_error);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_form = buildForm();
    scroll->setWidget(m_form);
    column->addWidget(scroll, 1);
    column->addWidget(buildFooter());
    fillImages(image);

    for (QLineEdit* edit : {m_name, m_command, m_memory, m_cpus, m_pids})
        connect(edit, &QLineEdit::textChanged, this, &CreateDialog::check);
    connect(m_image, &QComboBox::editTextChanged, this, &CreateDialog::check);
    connect(m_environment, &QPlainTextEdit::textChanged, this, &CreateDialog::check);
    connect(m_binds, &BindsEditor::changed, this, &CreateDialog::check);
    // Names and images come and go while the dialog is open.
    for (const QAbstractItemModel* model : {static_cast<const QAbstractItemModel*>(&m_context.containers),
                                            static_cast<const QAbstractItemModel*>(&m_context.images)}) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &CreateDialog::check);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &CreateDialog::check);
        connect(model, &QAbstractItemModel::dataChanged, this, &CreateDialog::check);
        connect(model, &QAbstractItemModel::modelReset, this, &CreateDialog::check);
    }
    connect(&m_context.client, &HelperClient::stateChanged, this, &CreateDialog::check);
    check();
    resize(74 * Theme::unit, 80 * Theme::unit);
    m_name->setFocus();
}

QWidget* CreateDialog::buildForm()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);

    m_image = new QComboBox;
    m_image->setObjectName(QStringLiteral("createImage"));
    m_image->setEditable(true);
    m_image->setInsertPolicy(QComboBox::NoInsert);
    m_image->completer()->setFilterMode(Qt::MatchContains);
    m_image->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_imageField = new FormField(tr("&Image"), m_image);
    m_image->setAccessibleName(tr("Image"));
    column->addWidget(m_imageField);

    m_name = lineEdit("createName", tr("Chosen for you when empty"));
    m_nameField = new FormField(tr("&Name"), m_name);
    m_name->setAccessibleName(tr("Name"));
    column->addWidget(m_nameField);

    m_command = lineEdit("createCommand", tr("The image's own when empty"));
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_commandField = new FormField(tr("Co&mmand"), m_command);
    m_command->setAccessibleName(tr("Command"));
    column->addWidget(m_commandField);

    m_terminal = new QCheckBox(tr("Open a &terminal"));
    m_terminal->setObjectName(QStringLiteral("createTerminal"));
    m_terminal->setChecked(true);
    m_remove = new QCheckBox(tr("&Remove it when it ends"));
    m_remove->setObjectName(QStringLiteral("createRemove"));
    auto* choices = new QHBoxLayout;
    choices->setSpacing(3 * Theme::unit);
    choices->addWidget(m_terminal);
    choices->addWidget(m_remove);
    choices->addStretch(1);
    column->addLayout(choices);

    m_environment = new QPlainTextEdit;
    m_environment->setObjectName(QStringLiteral("createEnvironment"));
    m_environment->setProperty("role", QStringLiteral("field"));
    m_environment->setPlaceholderText(QStringLiteral("NAME=value"));
    m_environment->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_environment->setTabChangesFocus(true);
    m_environment->setFixedHeight(9 * Theme::unit);
    m_environmentField = new FormField(tr("&Environment"), m_environment);
    m_environment->setAccessibleName(tr("Environment"));
    column->addWidget(m_environmentField);

    m_binds = new BindsEditor;
    m_binds->setObjectName(QStringLiteral("createBinds"));
    column->addWidget(new FormField(tr("Folders of this computer"), m_binds));
    column->addWidget(buildLimits());
    column->addStretch(1);
    return page;
}

QWidget* CreateDialog::buildLimits()
{
    m_memory = lineEdit("createMemory", tr("No limit"));
    m_cpus = lineEdit("createCpus", tr("No limit"));
    m_pids = lineEdit("createPids", tr("No limit"));
    m_memoryField = new FormField(tr("Memor&y"), m_memory);
    m_cpusField = new FormField(tr("Pro&cessors"), m_cpus);
    m_pidsField = new FormField(tr("&Processes"), m_pids);
    m_memory->setAccessibleName(tr("Memory"));
    m_cpus->setAccessibleName(tr("Processors"));
    m_pids->setAccessibleName(tr("Processes"));
    m_memoryField->setHint(tr("such as 256M"));
    m_cpusField->setHint(tr("such as 1.5"));
    m_pidsField->setHint(tr("such as 100"));
    auto* limits = new QWidget;
    auto* row = new QHBoxLayout(limits);
    row->setContentsMargins({});
    row->setSpacing(2 * Theme::unit);
    for (FormField* field : {m_memoryField, m_cpusField, m_pidsField})
        row->addWidget(field, 1, Qt::AlignTop);
    return limits;
}

QWidget* CreateDialog::buildFooter()
{
    auto* footer = new QFrame;
    footer->setProperty("role", QStringLiteral("footer"));
    m_reason = new QLabel;
    m_reason->setObjectName(QStringLiteral("createReason"));
    m_reason->setProperty("role", QStringLiteral("muted"));
    m_reason->setWordWrap(true);
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("createCancel"));
    cancel->setAutoDefault(false);
    m_create = new QPushButton(tr("Create"));
    m_create->setObjectName(QStringLiteral("createAccept"));
    m_create->setAccessibleName(tr("Create"));
    m_create->setProperty("kind", QStringLiteral("primary"));
    m_create->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_create, &QPushButton::clicked, this, &CreateDialog::submit);
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(3 * Theme::unit, 2 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    row->setSpacing(Theme::unit);
    row->addWidget(m_reason, 1);
    row->addWidget(cancel);
    row->addWidget(m_create);
    return footer;
}

void CreateDialog::fillImages(const QString& image)
{
    const QStringList references = m_context.images.references();
    m_image->addItems(references);
    m_image->setCurrentIndex(int(std::max<qsizetype>(references.indexOf(image), references.isEmpty() ? -1 : 0)));
    if (!image.isEmpty())
        m_image->setEditText(image);
}

bool CreateDialog::isHere(const std::string& image) const
{
    return std::ranges::any_of(m_context.images.rows(), [&](const ImageRow& row) {
        return row.reference == image || row.reference == image + ":latest"
            || (image.size() >= 6 && (row.image.id.starts_with(image) || row.image.id.starts_with("sha256:" + image)));
    });
}

QString CreateDialog::imageProblem() const
{
    const QString typed = m_image->currentText().trimmed();
    if (typed.isEmpty())
        return m_context.images.rows().empty() ? tr("There is no image yet: name one to pull.")
                                               : tr("Choose an image.");
    return isHere(typed.toStdString()) ? QString() : problemOf(checkReference(typed, DigestIn::Allowed));
}

QString CreateDialog::nameProblem() const
{
    if (const auto checked = checkName(m_name->text()); !checked)
        return text(checked.error().what);
    if (!m_name->text().isEmpty() && m_context.containers.byName(m_name->text().toStdString()))
        return tr("A container is called '%1' already.").arg(m_name->text());
    return {};
}

void CreateDialog::check()
{
    if (m_busy)
        return;
    const QString image = m_image->currentText().trimmed();
    const bool pulled = !image.isEmpty() && imageProblem().isEmpty() && !isHere(image.toStdString());
    const QString full = fullName(image);
    m_imageField->setProblem(imageProblem());
    m_imageField->setHint(
        pulled ? tr("It is not here: %1 is pulled first.").arg(full.isEmpty() ? image : full) : QString());
    m_create->setText(pulled ? tr("Pull and create") : tr("Create"));
    m_nameField->setProblem(nameProblem());
    const auto command = splitCommand(m_command->text());
    m_commandField->setProblem(problemOf(command));
    QStringList words;
    if (command)
        for (const std::string& word : *command)
            words << text(word);
    m_commandField->setHint(words.size() > 1
            ? tr("Runs %1 with: %2").arg(words.front(), words.mid(1).join(QStringLiteral("  ·  ")))
            : QString());
    m_environmentField->setProblem(problemOf(parseEnvironment(m_environment->toPlainText())));
    m_memoryField->setProblem(problemOf(parseMemory(m_memory->text())));
    m_cpusField->setProblem(problemOf(parseCpus(m_cpus->text())));
    m_pidsField->setProblem(problemOf(parsePids(m_pids->text())));
    m_binds->showProblems();

    const auto all = parameters();
    const bool connected = m_context.client.state() == HelperClient::State::Connected;
    m_reason->setText(!connected ? tr("The helper is not connected.") : problemOf(all));
    m_create->setEnabled(all && connected);
}

Result<protocol::Create::Parameters> CreateDialog::parameters() const
{
    for (const QString& problem : {imageProblem(), nameProblem()})
        if (!problem.isEmpty())
            return fail(Error{ErrorCode::InvalidArgument, 0, problem.toStdString()});
    protocol::Create::Parameters parameters;
    parameters.image = m_image->currentText().trimmed().toStdString();
    parameters.name = m_name->text().toStdString();
    parameters.command = TRY(splitCommand(m_command->text()));
    parameters.environment = TRY(parseEnvironment(m_environment->toPlainText()));
    parameters.binds = TRY(m_binds->binds());
    parameters.limits.memory = TRY(parseMemory(m_memory->text()));
    parameters.limits.cpus = TRY(parseCpus(m_cpus->text()));
    parameters.limits.pids = TRY(parsePids(m_pids->text()));
    parameters.tty = m_terminal->isChecked();
    parameters.interactive = m_terminal->isChecked();
    parameters.removeOnExit = m_remove->isChecked();
    return parameters;
}

void CreateDialog::submit()
{
    const auto wanted = parameters();
    if (!wanted || m_busy)
        return;
    m_error->hide();
    isHere(wanted->image) ? create(*wanted) : pull(*wanted);
}

void CreateDialog::pull(const protocol::Create::Parameters& wanted)
{
    const QString image = text(wanted.image);
    setBusy(true, tr("Pulling %1…").arg(image));
    const auto progress = [self = QPointer(this), image](const protocol::PullImage::Reply& reply) {
        if (self && reply.progress && reply.progress->total > 0)
            self->m_reason->setText(
                tr("Pulling %1: %2 of %3").arg(image, sizeText(reply.progress->done), sizeText(reply.progress->total)));
    };
    m_context.client.stream<protocol::Images, protocol::PullImage>({.reference = wanted.image}, progress)
        .then(this, [this, wanted, image](const Result<protocol::PullImage::Reply>& reply) {
            if (reply)
                return create(wanted);
            refuse(tr("%1 could not be pulled").arg(image), reply.error());
            if (reply.error().errnum == ENOKEY)
                askForLogin(image);
        });
}

void CreateDialog::askForLogin(const QString& image)
{
    auto* dialog = new LoginDialog(m_context.client, registryOf(image), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &LoginDialog::loggedIn, this, &CreateDialog::submit);
    dialog->open();
}

void CreateDialog::create(const protocol::Create::Parameters& wanted)
{
    setBusy(true, tr("Creating…"));
    m_context.client.call<protocol::Containers, protocol::Create>(wanted)
        .then(this, [this](const Result<protocol::Create::Reply>& reply) {
            if (!reply)
                refuse(tr("The container was not created"), reply.error());
            else
                start(reply->container);
        });
}

void CreateDialog::start(const protocol::Container& container)
{
    setBusy(true, tr("Starting…"));
    m_context.client
        .call<protocol::Containers, protocol::Start>(
            {.container = container.id, .size = container.tty ? m_context.terminalSize() : std::nullopt})
        .then(this, [this, container](const Result<protocol::ContainerReply>& reply) {
            if (!reply) {
                undo(container, reply.error());
                return;
            }
            Q_EMIT created(reply->container);
            accept();
        });
}

// Nothing was changed when nothing runs: the next try may use the same name.
void CreateDialog::undo(const protocol::Container& container, const Error& why)
{
    m_context.client.call<protocol::Containers, protocol::Remove>({.container = container.id, .force = true})
        .then(this,
            [this, why](const Result<protocol::Empty>&) { refuse(tr("The container could not be started"), why); });
}

void CreateDialog::refuse(const QString& what, const Error& why)
{
    setBusy(false);
    m_error->showMessage(Tone::Bad, what, sentence(text(why.what)));
}

void CreateDialog::setBusy(bool busy, const QString& what)
{
    m_busy = busy;
    m_form->setEnabled(!busy);
    m_create->setEnabled(!busy);
    m_reason->setText(what);
    if (!busy)
        check();
}

} // namespace rocker::gui
