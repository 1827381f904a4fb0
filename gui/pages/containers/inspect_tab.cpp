#include "gui/pages/containers/inspect_tab.h"

#include "gui/models/text.h"
#include "gui/terminal/terminal_font.h"
#include "gui/widgets/fact_sheet.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QToolButton>

namespace rocker::gui {

namespace {

QString lines(const std::vector<std::string>& values)
{
    QStringList list;
    for (const std::string& value : values)
        list << text(value);
    return list.join(u'\n');
}

QString timeText(const std::string& time)
{
    const QDateTime at = timeOf(time);
    return at.isValid() ? QLocale().toString(at, QLocale::LongFormat) : QString();
}

QString yesNo(bool value)
{
    return value ? InspectTab::tr("yes") : InspectTab::tr("no");
}

QString limit(const std::optional<std::int64_t>& value)
{
    return value ? QString::number(*value) : InspectTab::tr("no limit");
}

QString memoryLimit(const std::optional<std::int64_t>& bytes)
{
    return bytes && *bytes >= 0 ? sizeText(*bytes) : InspectTab::tr("no limit");
}

} // namespace

InspectTab::InspectTab(HelperClient& client, Reporter& reporter, QWidget* parent)
    : QWidget(parent), m_client(client), m_reporter(reporter), m_stack(new QStackedWidget), m_form(new FactSheet),
      m_json(new QPlainTextEdit)
{
    m_form->setObjectName(QStringLiteral("inspectForm"));
    m_form->setAccessibleName(tr("Details"));
    m_json->setObjectName(QStringLiteral("inspectJson"));
    m_json->setAccessibleName(tr("Details as JSON"));
    m_json->setReadOnly(true);
    m_json->setProperty("role", QStringLiteral("log"));
    m_json->setFont(TerminalFont::systemFont());
    m_json->document()->setDocumentMargin(2 * Theme::unit);
    m_stack->addWidget(m_form);
    m_stack->addWidget(m_json);
    m_stack->setProperty("role", QStringLiteral("sheet"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_stack, 1);
    m_ask.setSingleShot(true);
    connect(&m_ask, &QTimer::timeout, this, &InspectTab::ask);
}

QWidget* InspectTab::buildBar()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2 * Theme::unit, Theme::unit / 2, Theme::unit, Theme::unit / 2);
    row->setSpacing(Theme::unit / 2);
    auto* forms = new QButtonGroup(this);
    for (int i = 0; i < 2; ++i) {
        auto* button = new QToolButton;
        button->setObjectName(i == 0 ? QStringLiteral("inspectAsForm") : QStringLiteral("inspectAsJson"));
        button->setText(i == 0 ? tr("Form") : tr("JSON"));
        button->setCheckable(true);
        button->setChecked(i == 0);
        button->setProperty("role", QStringLiteral("action"));
        forms->addButton(button, i);
        row->addWidget(button);
    }
    connect(forms, &QButtonGroup::idClicked, m_stack, &QStackedWidget::setCurrentIndex);
    row->addStretch(1);
    auto* copy = new QToolButton;
    copy->setObjectName(QStringLiteral("inspectCopy"));
    copy->setText(tr("Copy JSON"));
    copy->setIcon(gui::icon(QStringLiteral("copy")));
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    copy->setProperty("role", QStringLiteral("action"));
    connect(copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_json->toPlainText());
        m_reporter.done(tr("The JSON is on the clipboard."));
    });
    row->addWidget(copy);
    return bar;
}

void InspectTab::setContainer(const protocol::Container* container)
{
    const std::string id = container ? container->id : std::string();
    if (id != m_id) {
        m_form->clear();
        m_json->clear();
    }
    m_id = id;
    if (isVisible())
        m_ask.start(0);
}

void InspectTab::showEvent(QShowEvent*)
{
    m_ask.start(0);
}

void InspectTab::ask()
{
    if (m_id.empty())
        return;
    m_client.call<protocol::Containers, protocol::Inspect>({m_id}).then(
        this, [this, id = m_id](const Result<protocol::Inspect::Reply>& reply) {
            if (id != m_id)
                return;
            if (reply) {
                fill(*reply);
                return;
            }
            m_form->clear();
            m_form->addSection(tr("The details cannot be shown"));
            m_form->addFact(tr("Reason"), text(reply.error().what));
        });
}

void InspectTab::fill(const protocol::Inspect::Reply& reply)
{
    using enum FactSheet::Face;
    const protocol::Container& container = reply.container;
    const protocol::ContainerDetails& details = reply.details;
    m_json->setPlainText(text(json::dumpPretty(json::write(reply))));
    m_form->clear();

    m_form->addSection(tr("Container"));
    m_form->addFact(tr("Name"), text(container.name));
    m_form->addFact(tr("ID"), text(container.id), Fixed);
    m_form->addFact(tr("Image"), text(container.image));
    m_form->addFact(tr("Command"), commandText(container.command), Fixed);
    m_form->addFact(tr("Working directory"), text(details.workingDirectory), Fixed);
    m_form->addFact(tr("User"), details.user.empty() ? tr("root") : text(details.user));
    m_form->addFact(tr("Host name"), text(details.hostname));
    m_form->addFact(tr("Terminal"), yesNo(container.tty));
    m_form->addFact(tr("Removed when it ends"), yesNo(details.removeOnExit));

    m_form->addSection(tr("State"));
    m_form->addFact(tr("State"), stateText(container));
    if (!container.error.empty())
        m_form->addFact(tr("Error"), text(container.error));
    if (container.state == protocol::ContainerState::Exited)
        m_form->addFact(tr("How it ended"), endText(container.exitCode, container.oomKilled));
    if (container.pid > 0)
        m_form->addFact(tr("Process outside"), QString::number(container.pid));
    m_form->addFact(tr("Created"), timeText(container.createdAt));
    m_form->addFact(tr("Started"), timeText(container.startedAt));
    m_form->addFact(tr("Finished"), timeText(container.finishedAt));

    m_form->addSection(tr("Limits"));
    m_form->addFact(tr("Memory"), memoryLimit(details.limits.memory));
    m_form->addFact(tr("Memory and swap"), memoryLimit(details.limits.memorySwap));
    m_form->addFact(tr("Processors"), details.limits.cpus ? QLocale().toString(*details.limits.cpus) : tr("no limit"));
    m_form->addFact(tr("Processor set"), details.limits.cpuset ? text(*details.limits.cpuset) : tr("all"));
    m_form->addFact(tr("Processes"), limit(details.limits.pids));

    m_form->addSection(tr("Environment and folders"));
    m_form->addFact(tr("Environment"), lines(details.environment), Fixed);
    QStringList binds;
    for (const protocol::Bind& bind : details.binds)
        binds << tr("%1 → %2%3").arg(text(bind.source), text(bind.target), bind.readOnly ? tr(" (read-only)") : QString());
    m_form->addFact(tr("Folders of this computer"), binds.join(u'\n'), Fixed);

    m_form->addSection(tr("Isolation"));
    m_form->addFact(tr("Root inside is, outside"), tr("user %1").arg(details.firstHostId));
    QString capabilities = lines(details.capabilities);
    m_form->addFact(tr("Capabilities"), capabilities.replace(u'\n', u' '));
    m_form->addFact(tr("Stop signal"), text(details.stopSignal));
    m_form->addFact(tr("Log file"), text(details.logPath), Fixed);
    m_form->addFact(tr("Layers"), lines(details.layers), Fixed);
}

} // namespace rocker::gui
