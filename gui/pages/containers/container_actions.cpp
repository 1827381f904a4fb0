#include "gui/pages/containers/container_actions.h"

#include "gui/client/saved_download.h"
#include "gui/models/text.h"
#include "gui/pages/containers/commit_dialog.h"
#include "gui/pages/containers/rename_dialog.h"
#include "gui/widgets/confirm.h"
#include "gui/widgets/icons.h"

#include <QFileDialog>
#include <QWidget>

namespace rocker::gui {

namespace {

QByteArray bytes(const std::string& id)
{
    return QByteArray::fromStdString(id);
}

} // namespace

ContainerActions::ContainerActions(Context context, QWidget* window)
    : QObject(window), m_context(std::move(context)), m_window(window)
{
    m_start = add("startContainer", QStringLiteral("start"), tr("Start"), Qt::Key_F5, &ContainerActions::start);
    m_stop = add("stopContainer", QStringLiteral("stop"), tr("Stop"), QKeySequence(Qt::SHIFT | Qt::Key_F5),
                 &ContainerActions::stop);
    m_restart = add("restartContainer", QStringLiteral("restart"), tr("Restart"), QKeySequence(Qt::CTRL | Qt::Key_F5),
                    &ContainerActions::restart);
    m_pause = add("pauseContainer", QStringLiteral("pause"), tr("Pause"), Qt::Key_F6, &ContainerActions::pauseOrResume);
    m_kill = add("killContainer", QStringLiteral("kill"), tr("Kill"), QKeySequence(Qt::CTRL | Qt::Key_K),
                 &ContainerActions::kill);
    m_commit = add("commitContainer", QStringLiteral("save"), tr("Commit…"), {}, &ContainerActions::commit);
    m_rename = add("renameContainer", QStringLiteral("rename"), tr("Rename…"), Qt::Key_F2, &ContainerActions::rename);
    m_remove = add("removeContainer", QStringLiteral("remove"), tr("Remove…"), {}, &ContainerActions::remove);
    m_browse = add("browseContainer", QStringLiteral("inspect"), tr("Browse files"), {}, &ContainerActions::browse);
    m_export = add("exportContainer", QStringLiteral("open"), tr("Export…"), {}, &ContainerActions::exportFiles);
    m_export->setToolTip(tr("Save what it sees in its file system as a tar"));
    connect(&m_context.client, &HelperClient::stateChanged, this, &ContainerActions::refresh);
    connect(&m_context.containers, &QAbstractItemModel::dataChanged, this, &ContainerActions::refresh);
    refresh();
}

QAction* ContainerActions::add(const char* name, const QString& icon, const QString& text, const QKeySequence& shortcut,
                               void (ContainerActions::*slot)())
{
    auto* action = new QAction(gui::icon(icon), text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(shortcut);
    const QString plain = QString(text).remove(u'…');
    action->setToolTip(shortcut.isEmpty() ? plain
                                          : tr("%1 (%2)").arg(plain, shortcut.toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, slot);
    return action;
}

void ContainerActions::setTarget(const std::string& id)
{
    m_target = id;
    refresh();
}

void ContainerActions::refresh()
{
    using enum protocol::ContainerState;
    const protocol::Container* target = container();
    const bool usable = target && m_context.client.state() == HelperClient::State::Connected
        && !m_underWay.contains(bytes(m_target)) && target->state != Removing;
    const bool running = usable && target->state == Running;
    const bool paused = usable && target->state == Paused;
    const bool ended = usable && (target->state == Created || target->state == Exited || target->state == Dead);
    m_start->setEnabled(ended);
    m_stop->setEnabled(running || paused || (usable && target->state == Restarting));
    m_restart->setEnabled(running);
    m_pause->setEnabled(running || paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(paused ? QStringLiteral("start") : QStringLiteral("pause")));
    m_pause->setToolTip(tr("%1 (F6)").arg(m_pause->text()));
    m_kill->setEnabled(running || paused);
    m_commit->setEnabled(usable);
    m_rename->setEnabled(usable);
    m_browse->setEnabled(usable);
    m_export->setEnabled(usable);
    m_remove->setEnabled(usable);
}

void ContainerActions::begin(const std::string& id)
{
    m_underWay.insert(bytes(id));
    refresh();
}

void ContainerActions::end(const std::string& id)
{
    m_underWay.remove(bytes(id));
    refresh();
}

template<protocol::Method M>
void ContainerActions::run(const typename M::Parameters& parameters, const QString& busy, const QString& done,
                           const QString& failed)
{
    m_context.reporter.busy(busy);
    begin(parameters.container);
    m_context.client.call<protocol::Containers, M>(parameters).then(
        this, [this, id = parameters.container, done, failed](const Result<typename M::Reply>& reply) {
            if constexpr (std::same_as<typename M::Reply, protocol::ContainerReply>) {
                if (reply)
                    m_context.containers.upsert(reply->container);
            }
            end(id);
            if (reply)
                m_context.reporter.done(done);
            else
                m_context.reporter.fail(failed, reply.error());
        });
}

void ContainerActions::start()
{
    if (const auto* target = container()) {
        const QString name = text(target->name);
        run<protocol::Start>({.container = target->id, .size = target->tty ? m_context.terminalSize() : std::nullopt},
                             tr("Starting %1…").arg(name), tr("%1 is running.").arg(name),
                             tr("%1 could not be started").arg(name));
    }
}

void ContainerActions::stop()
{
    if (const auto* target = container()) {
        const QString name = text(target->name);
        run<protocol::Stop>({.container = target->id}, tr("Stopping %1: it has 10 seconds to end by itself…").arg(name),
                            tr("%1 has stopped.").arg(name), tr("%1 could not be stopped").arg(name));
    }
}

void ContainerActions::restart()
{
    const auto* target = container();
    if (!target)
        return;
    const QString name = text(target->name);
    const std::string id = target->id;
    m_context.reporter.busy(tr("Stopping %1 to start it again…").arg(name));
    begin(id);
    m_context.client.call<protocol::Containers, protocol::Stop>({.container = id})
        .then(this, [this, id, name, tty = target->tty](const Result<protocol::ContainerReply>& reply) {
            end(id);
            if (!reply) {
                m_context.reporter.fail(tr("%1 could not be stopped").arg(name), reply.error());
                return;
            }
            run<protocol::Start>({.container = id, .size = tty ? m_context.terminalSize() : std::nullopt},
                                 tr("Starting %1…").arg(name), tr("%1 is running again.").arg(name),
                                 tr("%1 has stopped and could not be started again").arg(name));
        });
}

void ContainerActions::pauseOrResume()
{
    const auto* target = container();
    if (!target)
        return;
    const QString name = text(target->name);
    if (target->state == protocol::ContainerState::Paused)
        run<protocol::Resume>({target->id}, tr("Resuming %1…").arg(name), tr("%1 is running again.").arg(name),
                              tr("%1 could not be resumed").arg(name));
    else
        run<protocol::Pause>({target->id}, tr("Pausing %1…").arg(name), tr("%1 is paused.").arg(name),
                             tr("%1 could not be paused").arg(name));
}

void ContainerActions::kill()
{
    if (const auto* target = container()) {
        const QString name = text(target->name);
        run<protocol::Kill>({.container = target->id}, tr("Killing %1…").arg(name), tr("%1 was killed.").arg(name),
                            tr("%1 could not be killed").arg(name));
    }
}

void ContainerActions::commit()
{
    const auto* target = container();
    if (!target)
        return;
    auto* dialog = new CommitDialog(m_context.client, *target, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CommitDialog::committed, this, [this, name = text(target->name)](const QString& reference) {
        m_context.reporter.done(tr("%1 was committed as %2.").arg(name, reference));
    });
    dialog->open();
}

void ContainerActions::browse()
{
    if (const auto* target = container())
        Q_EMIT browseRequested(target->id, text(target->name));
}

void ContainerActions::exportFiles()
{
    const auto* target = container();
    if (!target)
        return;
    auto* dialog = new QFileDialog(m_window, tr("Export the file system"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Tar (*.tar)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("tar"));
    const QString name = text(target->name);
    dialog->selectFile(name + QStringLiteral(".tar"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, id = target->id, name](const QString& path) {
        m_context.reporter.busy(tr("Exporting %1…").arg(name));
        begin(id);
        saveDownload(m_context.client.attach<protocol::Images, protocol::ExportContainer>({id, true}), path, &m_context.client)
            .then(this, [this, id, name, path](const Result<>& saved) {
                end(id);
                if (saved)
                    m_context.reporter.done(tr("%1 was exported as %2.").arg(name, path));
                else
                    m_context.reporter.fail(tr("%1 could not be exported").arg(name), saved.error());
            });
    });
    dialog->open();
}

void ContainerActions::rename()
{
    const auto* target = container();
    if (!target)
        return;
    auto* dialog = new RenameDialog(m_context.client, m_context.containers, *target, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RenameDialog::renamed, this, [this, before = text(target->name)](const protocol::Container& now) {
        m_context.containers.upsert(now);
        m_context.reporter.done(tr("%1 is now called %2.").arg(before, text(now.name)));
    });
    dialog->open();
}

void ContainerActions::remove()
{
    const auto* target = container();
    if (!target)
        return;
    const QString name = text(target->name);
    const bool alive = isAlive(target->state);
    const QString question = alive ? tr("Kill and remove %1?").arg(name) : tr("Remove %1?").arg(name);
    const QString consequence = alive
        ? tr("It is running. Its processes are killed, and its files and logs are deleted for good.")
        : tr("Its files and logs are deleted for good.");
    confirm(m_window, question, consequence, alive ? tr("Kill and remove") : tr("Remove"),
            [this, id = target->id, name, alive] {
                run<protocol::Remove>({.container = id, .force = alive}, tr("Removing %1…").arg(name),
                                      tr("%1 was removed.").arg(name), tr("%1 could not be removed").arg(name));
            });
}

} // namespace rocker::gui
