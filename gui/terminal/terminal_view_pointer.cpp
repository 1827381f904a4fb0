// Pointer, selection and wheel of TerminalView.
#include "gui/terminal/key_map.h"
#include "gui/terminal/terminal_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>

#include <algorithm>

namespace rocker::gui {

namespace {

constexpr int linesPerNotch = 3;

terminal::MouseButton buttonOf(Qt::MouseButton button)
{
    switch (button) {
    case Qt::LeftButton:
        return terminal::MouseButton::Left;
    case Qt::MiddleButton:
        return terminal::MouseButton::Middle;
    case Qt::RightButton:
        return terminal::MouseButton::Right;
    default:
        return terminal::MouseButton::None;
    }
}

} // namespace

TerminalSelection::Point TerminalView::pointAt(QPointF position) const
{
    const QPointF inside = position - cellRect(0, 0).topLeft();
    const terminal::Size size = m_surface->terminal().size();
    const int row = std::clamp(int(inside.y()) / m_font.cell().height(), 0, size.rows - 1);
    const qreal column = inside.x() / m_font.cell().width();
    const terminal::LineNumber line = topLine() + row;
    return {{line, std::clamp(int(column), 0, size.columns - 1)}, {line, std::clamp(qRound(column), 0, size.columns)}};
}

terminal::MouseEvent TerminalView::mouseAt(QPointF position, Qt::KeyboardModifiers modifiers) const
{
    const terminal::Position cell = pointAt(position).cell;
    const terminal::Size size = m_surface->terminal().size();
    const QPoint inside = (position - cellRect(0, 0).topLeft()).toPoint();
    return {.column = cell.column,
            .row = std::clamp(int(cell.line - m_surface->terminal().screenLine()), 0, size.rows - 1),
            .modifiers = modifiersOf(modifiers),
            .x = std::clamp(inside.x(), 0, size.columns * m_font.cell().width() - 1),
            .y = std::clamp(inside.y(), 0, size.rows * m_font.cell().height() - 1)};
}

// True when the program wants the pointer for itself; Shift keeps it for the selection.
bool TerminalView::reportMouse(const QMouseEvent& event, terminal::MouseAction action)
{
    if (!m_surface || !m_surface->takesInput() || m_surface->terminal().modes().mouse == terminal::MouseMode::Off
        || event.modifiers() & Qt::ShiftModifier)
        return false;
    const Qt::MouseButton held = event.buttons() & Qt::LeftButton ? Qt::LeftButton
        : event.buttons() & Qt::MiddleButton                      ? Qt::MiddleButton
        : event.buttons() & Qt::RightButton                       ? Qt::RightButton
                                                                  : Qt::NoButton;
    terminal::MouseEvent report = mouseAt(event.position(), event.modifiers());
    report.action = action;
    report.button = buttonOf(action == terminal::MouseAction::Move ? held : event.button());
    m_surface->send(m_surface->terminal().encodeMouse(report));
    return true;
}

void TerminalView::pressed(QMouseEvent* event, TerminalSelection::By by)
{
    const auto point = pointAt(event->position());
    if (event->modifiers() & Qt::ShiftModifier && m_selection.isActive())
        m_selection.extend(point);
    else
        m_selection.begin(point, by);
    m_selecting = true;
    update();
}

void TerminalView::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (!m_surface || reportMouse(*event, terminal::MouseAction::Press))
        return;
    if (event->button() == Qt::LeftButton) {
        const bool third = m_sinceDoubleClick.isValid() && m_sinceDoubleClick.elapsed() < QApplication::doubleClickInterval();
        pressed(event, third ? TerminalSelection::By::Lines : TerminalSelection::By::Characters);
    } else if (event->button() == Qt::MiddleButton) {
        pasteText(QGuiApplication::clipboard()->text(QClipboard::Selection));
    }
}

void TerminalView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (!m_surface || reportMouse(*event, terminal::MouseAction::Press) || event->button() != Qt::LeftButton)
        return;
    m_sinceDoubleClick.start();
    pressed(event, TerminalSelection::By::Words);
}

void TerminalView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_surface)
        return;
    if (!m_selecting) {
        reportMouse(*event, terminal::MouseAction::Move);
        return;
    }
    if (event->position().y() < 0)
        scrollBy(-1);
    else if (event->position().y() > height())
        scrollBy(1);
    m_selection.extend(pointAt(event->position()));
    update();
}

void TerminalView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_selecting && event->button() == Qt::LeftButton) {
        m_selecting = false;
        const QString text = selectedText();
        if (!text.isEmpty() && QGuiApplication::clipboard()->supportsSelection())
            QGuiApplication::clipboard()->setText(text, QClipboard::Selection);
        return;
    }
    reportMouse(*event, terminal::MouseAction::Release);
}

void TerminalView::wheelEvent(QWheelEvent* event)
{
    if (!m_surface)
        return;
    m_wheel += event->angleDelta().y();
    const int notches = m_wheel / QWheelEvent::DefaultDeltasPerStep;
    m_wheel %= QWheelEvent::DefaultDeltasPerStep;
    event->accept();
    if (!notches)
        return;
    terminal::Terminal& terminal = m_surface->terminal();
    if (terminal.modes().mouse != terminal::MouseMode::Off && !(event->modifiers() & Qt::ShiftModifier)) {
        terminal::MouseEvent turn = mouseAt(event->position(), event->modifiers());
        turn.button = notches > 0 ? terminal::MouseButton::WheelUp : terminal::MouseButton::WheelDown;
        for (int i = 0; i < std::abs(notches); ++i)
            m_surface->send(terminal.encodeMouse(turn));
    } else if (terminal.modes().alternateScreen) {
        for (int i = 0; i < std::abs(notches) * linesPerNotch; ++i)
            m_surface->send(terminal.encodeKey(notches > 0 ? terminal::Key::Up : terminal::Key::Down));
    } else {
        scrollBy(-notches * linesPerNotch);
    }
}

void TerminalView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_surface || (m_surface->takesInput() && m_surface->terminal().modes().mouse != terminal::MouseMode::Off
                       && event->reason() == QContextMenuEvent::Mouse && !(event->modifiers() & Qt::ShiftModifier)))
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* copyAction = menu->addAction(tr("Copy\tCtrl+Shift+C"), this, &TerminalView::copy);
    copyAction->setEnabled(hasSelection());
    QAction* pasteAction = menu->addAction(tr("Paste\tCtrl+Shift+V"), this, &TerminalView::paste);
    pasteAction->setEnabled(m_surface->takesInput() && !QGuiApplication::clipboard()->text().isEmpty());
    menu->addSeparator();
    menu->addAction(tr("Select all\tCtrl+Shift+A"), this, &TerminalView::selectAll);
    menu->addAction(tr("Clear scrollback"), this, &TerminalView::clearScrollback);
    menu->popup(event->globalPos());
}

} // namespace rocker::gui
