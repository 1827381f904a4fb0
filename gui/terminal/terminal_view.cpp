#include "gui/terminal/terminal_view.h"

#include "gui/terminal/terminal_accessible.h"
#include "gui/terminal/terminal_painter.h"
#include "gui/widgets/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QPaintEvent>

#include <algorithm>

namespace rocker::gui {

namespace {

constexpr std::chrono::milliseconds frameTime{16};
constexpr std::chrono::milliseconds blinkTime{600};
constexpr std::chrono::milliseconds longestHold{150};
constexpr int leftPadding = 3 * Theme::unit; // in line with the window's texts
constexpr int rightPadding = Theme::unit;
constexpr int padding = Theme::unit;

const TerminalColors& themeColors()
{
    return Theme::instance().isDark() ? TerminalColors::dark() : TerminalColors::light();
}

} // namespace

TerminalView::TerminalView(QWidget* parent) : QWidget(parent)
{
    installTerminalAccessibility();
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_InputMethodEnabled);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::IBeamCursor);
    setMouseTracking(true);
    setMinimumSize(20 * m_font.cell().width(), 3 * m_font.cell().height());
    setAccessibleName(tr("Terminal"));
    m_frameTimer.setSingleShot(true);
    connect(&m_frameTimer, &QTimer::timeout, this, &TerminalView::frame);
    m_blink.setInterval(blinkTime);
    connect(&m_blink, &QTimer::timeout, this, [this] {
        m_cursorLit = !m_cursorLit;
        repaintCursor();
    });
    connect(&Theme::instance(), &Theme::changed, this, &TerminalView::followTheme);
}

TerminalView::~TerminalView() = default;

void TerminalView::setSurface(TerminalSurface* surface)
{
    if (m_surface)
        disconnect(m_surface, nullptr, this, nullptr);
    m_surface = surface;
    m_selection.clear();
    m_top.reset();
    if (surface) {
        connect(surface, &TerminalSurface::updated, this, &TerminalView::scheduleFrame);
        connect(surface, &TerminalSurface::phaseChanged, this, [this] { update(); });
        connect(surface, &TerminalSurface::bell, this, [] { QApplication::beep(); });
        surface->terminal().setCellPixels({m_font.cell().width(), m_font.cell().height()});
        m_reflows = surface->terminal().reflowCount();
        followTheme();
        if (isVisible())
            surface->resize(room());
    }
    update();
    Q_EMIT scrolled();
}

void TerminalView::followTheme()
{
    if (m_surface)
        m_surface->setTheme(themeColors().theme);
    update();
}

terminal::Size TerminalView::room() const
{
    return {std::clamp((width() - leftPadding - rightPadding) / m_font.cell().width(), 1, terminal::Terminal::maximumSize.columns),
            std::clamp((height() - 2 * padding) / m_font.cell().height(), 1, terminal::Terminal::maximumSize.rows)};
}

QRect TerminalView::cellRect(int column, int row) const
{
    return {QPoint(leftPadding + column * m_font.cell().width(), padding + row * m_font.cell().height()), m_font.cell()};
}

QRect TerminalView::cursorRect() const
{
    if (!m_surface)
        return {};
    const terminal::Terminal& terminal = m_surface->terminal();
    const terminal::Cursor cursor = terminal.cursor();
    return cellRect(cursor.column, cursor.row + int(terminal.screenLine() - topLine()));
}

terminal::LineNumber TerminalView::topLine() const
{
    if (!m_surface)
        return 0;
    const terminal::Terminal& terminal = m_surface->terminal();
    return m_top ? std::clamp(*m_top, terminal.firstLine(), terminal.screenLine()) : terminal.screenLine();
}

void TerminalView::scrollToLine(terminal::LineNumber line)
{
    if (!m_surface)
        return;
    const terminal::Terminal& terminal = m_surface->terminal();
    const terminal::LineNumber before = topLine();
    if (line >= terminal.screenLine())
        m_top.reset();
    else
        m_top = std::max(line, terminal.firstLine());
    if (topLine() != before) {
        update();
        Q_EMIT scrolled();
    }
}

void TerminalView::scrollBy(int lines)
{
    scrollToLine(topLine() + lines);
}

// At once when the last frame is long ago, so that a key's echo does not wait; else at the next frame's time.
void TerminalView::scheduleFrame()
{
    if (m_frameTimer.isActive() || !isVisible())
        return;
    const qint64 since = m_sinceFrame.isValid() ? m_sinceFrame.elapsed() : frameTime.count();
    m_frameTimer.start(std::chrono::milliseconds(std::max<qint64>(0, frameTime.count() - since)));
}

void TerminalView::frame()
{
    if (!m_surface || m_surface->isReplaying())
        return;
    terminal::Terminal& terminal = m_surface->terminal();
    if (terminal.modes().synchronizedOutput) {
        if (!m_held.isValid())
            m_held.start();
        if (m_held.elapsed() < longestHold.count()) {
            m_frameTimer.start(frameTime);
            return;
        }
    }
    m_held.invalidate();
    m_sinceFrame.start();
    if (terminal.reflowCount() != m_reflows) {
        m_reflows = terminal.reflowCount();
        m_selection.clear();
        m_top.reset();
    }
    const terminal::Damage damage = terminal.takeDamage();
    if (damage.everything || m_top) {
        update();
    } else {
        if (damage.scrolledBy)
            updateRows(damage.scrollTop, damage.scrollBottom);
        for (const int row : damage.rows)
            updateRows(row, row);
        if (damage.cursor)
            repaintCursor();
    }
    if (!damage.empty()) {
        restartBlink();
        Q_EMIT scrolled();
        announce();
        if (damage.cursor)
            updateMicroFocus();
    }
}

void TerminalView::updateRows(int first, int last)
{
    update(0, cellRect(0, first).top(), width(), (last - first + 1) * m_font.cell().height());
}

void TerminalView::repaintCursor()
{
    updateRows(m_paintedCursor.row, m_paintedCursor.row);
    if (m_surface)
        updateRows(m_surface->terminal().cursor().row, m_surface->terminal().cursor().row);
}

void TerminalView::restartBlink()
{
    m_cursorLit = true;
    if (hasFocus() && m_surface && m_surface->terminal().cursor().blinking)
        m_blink.start();
    else
        m_blink.stop();
}

void TerminalView::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const TerminalColors& theme = themeColors();
    if (!m_surface) {
        painter.fillRect(event->rect(), QColor::fromRgb(theme.theme.background));
        return;
    }
    const terminal::Terminal& terminal = m_surface->terminal();
    const ColorTable colors(theme, terminal.palette(), terminal.modes().reverseVideo);
    TerminalPainter rows(painter, m_font, colors, terminal);
    painter.fillRect(event->rect(), QColor::fromRgb(colors.background()));

    const terminal::LineNumber top = topLine();
    const int columns = std::max(1, (width() - leftPadding) / m_font.cell().width());
    const int first = std::max(0, (event->rect().top() - padding) / m_font.cell().height());
    const int last = std::min((event->rect().bottom() - padding) / m_font.cell().height(), terminal.size().rows - 1);
    const auto selected = m_selection.range(terminal);
    const auto spanOf = [&](terminal::LineNumber line) -> TerminalPainter::Span {
        if (!selected || line < selected->begin.line || line > selected->end.line)
            return {};
        return {line == selected->begin.line ? selected->begin.column : 0,
                line == selected->end.line ? selected->end.column : columns};
    };
    terminal::LineBuffer buffer;
    const terminal::Cursor cursor = terminal.cursor();
    const int cursorRow = cursor.row + int(terminal.screenLine() - top);
    for (int row = first; row <= last; ++row) {
        const terminal::LineNumber number = top + row;
        const terminal::LineView line = terminal.line(number, buffer);
        const QPoint origin = cellRect(0, row).topLeft();
        rows.paintRow(line, origin, std::min(columns, terminal.size().columns), spanOf(number), theme.selection);
        const bool live = m_surface->phase() == TerminalSurface::Phase::Live
            && m_surface->kind() == TerminalSurface::Kind::Terminal && !m_surface->isReplaying();
        if (row == cursorRow && cursor.visible && live && (m_cursorLit || !hasFocus()))
            rows.paintCursor(line, origin, cursor, hasFocus());
    }
    m_paintedCursor = cursor;
    if (!m_preedit.isEmpty()) {
        const QPoint at = cursorRect().topLeft();
        const QRect place(at, QSize(QFontMetrics(TerminalFont::systemFont()).horizontalAdvance(m_preedit),
                                    m_font.cell().height()));
        painter.fillRect(place, theme.selection);
        painter.setPen(QColor::fromRgb(colors.foreground()));
        painter.setFont(TerminalFont::systemFont());
        painter.drawText(QPoint(at.x(), at.y() + m_font.ascent()), m_preedit);
    }
}

void TerminalView::resizeEvent(QResizeEvent*)
{
    if (m_surface && isVisible())
        m_surface->resize(room());
    Q_EMIT scrolled();
}

void TerminalView::showEvent(QShowEvent*)
{
    if (m_surface) {
        m_surface->resize(room());
        m_surface->terminal().takeDamage();
    }
    update();
}

QString TerminalView::screenText() const
{
    return m_surface ? QString::fromStdString(m_surface->terminal().screenText()) : QString();
}

QString TerminalView::selectedText() const
{
    if (!m_surface)
        return {};
    const auto range = m_selection.range(m_surface->terminal());
    return range ? QString::fromStdString(m_surface->terminal().text(*range)) : QString();
}

bool TerminalView::hasSelection() const
{
    return m_surface && m_selection.range(m_surface->terminal());
}

// Tells a screen reader what has changed, once a frame; the helpers of a desktop without one cost nothing.
void TerminalView::announce()
{
    if (!QAccessible::isActive())
        return;
    const QString now = screenText();
    if (now == m_announced)
        return;
    const auto [a, b] = std::mismatch(now.begin(), now.end(), m_announced.begin(), m_announced.end());
    const int start = int(a - now.begin());
    const QString removed = m_announced.mid(start);
    const QString added = now.mid(start);
    m_announced = now;
    QAccessibleTextUpdateEvent change(this, start, removed, added);
    QAccessible::updateAccessibility(&change);
}

} // namespace rocker::gui
