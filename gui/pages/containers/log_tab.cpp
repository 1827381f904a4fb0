#include "gui/pages/containers/log_tab.h"

#include "gui/models/text.h"
#include "gui/pages/containers/log_saver.h"
#include "gui/terminal/terminal_font.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QToolButton>

namespace rocker::gui {

namespace {

constexpr int mostLines = 50'000;
constexpr std::int64_t firstBytes = 1 << 20;
constexpr int mostMarks = 1000;
constexpr std::chrono::milliseconds flushTime{30};

QToolButton* toolButton(const char* name, const QString& icon, const QString& text)
{
    auto* button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setIcon(gui::icon(icon));
    button->setText(text);
    button->setToolTip(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setProperty("role", QStringLiteral("action"));
    return button;
}

} // namespace

LogTab::LogTab(HelperClient& client, Reporter& reporter, QWidget* parent)
    : QWidget(parent), m_client(client), m_reporter(reporter), m_search(new QLineEdit), m_matches(new QLabel),
      m_view(new QPlainTextEdit), m_problem(new QLabel)
{
    m_view->setObjectName(QStringLiteral("logText"));
    m_view->setAccessibleName(tr("Log"));
    m_view->setReadOnly(true);
    m_view->setProperty("role", QStringLiteral("log"));
    m_view->setMaximumBlockCount(mostLines);
    m_view->setFont(TerminalFont::systemFont());
    m_view->setPlaceholderText(tr("Nothing has been printed yet."));
    m_view->document()->setDocumentMargin(3 * Theme::unit);
    m_view->setUndoRedoEnabled(false);
    m_problem->setProperty("role", QStringLiteral("problem"));
    m_problem->setContentsMargins(3 * Theme::unit, Theme::unit, Theme::unit, Theme::unit);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_problem);
    column->addWidget(m_view, 1);
    m_flush.setSingleShot(true);
    m_flush.setInterval(flushTime);
    connect(&m_flush, &QTimer::timeout, this, &LogTab::flush);
}

QWidget* LogTab::buildBar()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    m_search->setObjectName(QStringLiteral("logSearch"));
    m_search->setPlaceholderText(tr("Search the log"));
    m_search->setAccessibleName(tr("Search the log"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(36 * Theme::unit);
    m_matches->setProperty("role", QStringLiteral("muted"));
    m_follow = toolButton("logFollow", QStringLiteral("follow"), tr("Follow"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the newest line in sight"));
    auto* saveButton = toolButton("logSave", QStringLiteral("save"), tr("Save…"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(3 * Theme::unit, Theme::unit / 2, Theme::unit, Theme::unit / 2);
    row->setSpacing(Theme::unit);
    row->addWidget(m_search, 1);
    row->addWidget(m_matches);
    row->addStretch(1);
    row->addWidget(m_follow);
    row->addWidget(saveButton);
    connect(m_search, &QLineEdit::textChanged, this, &LogTab::highlight);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(true); });
    connect(saveButton, &QToolButton::clicked, this, &LogTab::save);
    connect(m_follow, &QToolButton::toggled, this, [this](bool on) {
        if (on)
            m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum());
    });
    // Scrolling away from the end stops following, scrolling back takes it up again.
    connect(m_view->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        m_follow->setChecked(m_view->verticalScrollBar()->sliderPosition() >= m_view->verticalScrollBar()->maximum());
    });
    return bar;
}

void LogTab::setContainer(const protocol::Container* container)
{
    const std::string id = container ? container->id : std::string();
    const std::string run = container ? container->startedAt : std::string();
    m_name = container ? container->name : std::string();
    if (id == m_id && run == m_run)
        return;
    m_id = id;
    m_run = run;
    close();
    if (isVisible())
        open();
}

void LogTab::showEvent(QShowEvent*)
{
    if (!m_stream)
        open();
}

// The log is on disk: nothing is lost by not listening.
void LogTab::hideEvent(QHideEvent*)
{
    close();
}

void LogTab::open()
{
    m_view->clear();
    m_text.clear();
    m_problem->hide();
    if (m_id.empty())
        return;
    m_stream = m_client.attach<protocol::Containers, protocol::Logs>(
        {.container = m_id, .follow = true, .tailBytes = firstBytes});
    connect(m_stream.get(), &AttachedStream::frameReceived, this, [this](FrameType type, const std::string& payload) {
        if (type != FrameType::Output && type != FrameType::ErrorOutput)
            return;
        m_arrived += m_text.add(payload);
        if (!m_flush.isActive())
            m_flush.start();
    });
    connect(m_stream.get(), &AttachedStream::closed, this, [this, opened = m_stream.get()](const Error& why) {
        if (!opened->isOpen() && m_view->document()->isEmpty() && m_arrived.isEmpty() && why.code != ErrorCode::Unavailable) {
            m_problem->setText(tr("The log cannot be read: %1").arg(text(why.what)));
            m_problem->show();
        }
        m_arrived += m_text.partialLine();
        flush();
    });
    m_stream->open();
}

void LogTab::close()
{
    if (m_stream)
        disconnect(m_stream.get(), nullptr, this, nullptr);
    m_stream.reset();
    m_flush.stop();
    m_arrived.clear();
}

void LogTab::flush()
{
    if (m_arrived.isEmpty())
        return;
    if (m_arrived.endsWith(u'\n'))
        m_arrived.chop(1);
    m_view->appendPlainText(m_arrived);
    m_arrived.clear();
    if (m_follow->isChecked())
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum());
    if (!m_search->text().isEmpty())
        highlight();
}

void LogTab::find(bool backward)
{
    const QString wanted = m_search->text();
    if (wanted.isEmpty())
        return;
    m_follow->setChecked(false);
    const auto flags = backward ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (m_view->find(wanted, flags))
        return;
    m_view->moveCursor(backward ? QTextCursor::End : QTextCursor::Start);
    m_view->find(wanted, flags);
}

void LogTab::highlight()
{
    QList<QTextEdit::ExtraSelection> marks;
    const QString wanted = m_search->text();
    QTextCursor at(m_view->document());
    while (!wanted.isEmpty() && marks.size() < mostMarks) {
        at = m_view->document()->find(wanted, at);
        if (at.isNull())
            break;
        QTextEdit::ExtraSelection mark;
        mark.cursor = at;
        mark.format.setBackground(Theme::instance().colors().warningSurface.darker(Theme::instance().isDark() ? 60 : 112));
        marks.append(mark);
    }
    m_view->setExtraSelections(marks);
    m_matches->setText(wanted.isEmpty()            ? QString()
                       : marks.isEmpty()           ? tr("not found")
                       : marks.size() == mostMarks ? tr("more than %1 places").arg(mostMarks)
                       : marks.size() == 1         ? tr("1 place")
                                                   : tr("%1 places").arg(marks.size()));
}

void LogTab::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void LogTab::save()
{
    if (m_id.empty())
        return;
    auto* dialog = new QFileDialog(this, tr("Save the log of %1").arg(text(m_name)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("logSaveDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Log (*.log)"), tr("Compressed log (*.log.gz)")});
    dialog->selectFile(text(m_name) + QStringLiteral(".log"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, id = m_id](const QString& path) {
        auto* saver = new LogSaver(m_client, id, path, this);
        connect(saver, &LogSaver::finished, this,
                [this](const QString& file) { m_reporter.done(tr("The log was saved to %1.").arg(file)); });
        connect(saver, &LogSaver::failed, this,
                [this](const Error& why) { m_reporter.fail(tr("The log could not be saved"), why); });
        m_reporter.busy(tr("Saving the log…"));
        saver->start();
    });
    dialog->open();
}

} // namespace rocker::gui
