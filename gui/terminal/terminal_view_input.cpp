// Keys, clipboard and input methods of TerminalView.
#include "gui/terminal/key_map.h"
#include "gui/terminal/terminal_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>

namespace rocker::gui {

namespace {

constexpr Qt::KeyboardModifiers chord = Qt::ControlModifier | Qt::ShiftModifier;

Qt::KeyboardModifiers plainModifiers(const QKeyEvent& event)
{
    return event.modifiers() & ~Qt::KeypadModifier;
}

} // namespace

bool TerminalView::event(QEvent* event)
{
    // The window's shortcuts are not for a terminal that has the focus, except those with Ctrl+Shift.
    if (event->type() == QEvent::ShortcutOverride && m_surface && m_surface->takesInput()) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        if (plainModifiers(key) != chord || key.key() == Qt::Key_C || key.key() == Qt::Key_V || key.key() == Qt::Key_A)
            event->accept();
        return true;
    }
    return QWidget::event(event);
}

bool TerminalView::handleOwnKey(const QKeyEvent& event)
{
    const auto modifiers = plainModifiers(event);
    const int page = std::max(1, room().rows - 1);
    if (modifiers == chord) {
        switch (event.key()) {
        case Qt::Key_C:
            copy();
            return true;
        case Qt::Key_V:
            paste();
            return true;
        case Qt::Key_A:
            selectAll();
            return true;
        case Qt::Key_Up:
            scrollBy(-1);
            return true;
        case Qt::Key_Down:
            scrollBy(1);
            return true;
        default:
            return false;
        }
    }
    if (modifiers != Qt::ShiftModifier)
        return false;
    switch (event.key()) {
    case Qt::Key_PageUp:
        scrollBy(-page);
        return true;
    case Qt::Key_PageDown:
        scrollBy(page);
        return true;
    case Qt::Key_Insert:
        pasteText(QGuiApplication::clipboard()->text(QClipboard::Selection));
        return true;
    default:
        return false;
    }
}

void TerminalView::keyPressEvent(QKeyEvent* event)
{
    if (!m_surface || handleOwnKey(*event))
        return;
    const std::string bytes = m_surface->terminal().encode(keyEventOf(*event));
    if (!m_surface->takesInput() || bytes.empty()) {
        event->ignore();
        return;
    }
    if (isModifierKey(*event))
        m_surface->send(bytes); // what is looked at stays: nothing was typed yet
    else
        typed(bytes);
}

// The X server sends a release before each repeat.
void TerminalView::keyReleaseEvent(QKeyEvent* event)
{
    if (!m_surface || !m_surface->takesInput() || event->isAutoRepeat())
        return event->ignore();
    m_surface->send(m_surface->terminal().encode(keyEventOf(*event)));
}

void TerminalView::typed(std::string_view bytes)
{
    if (!m_surface)
        return;
    scrollToLine(m_surface->terminal().screenLine());
    restartBlink();
    m_surface->send(bytes);
}

void TerminalView::inputMethodEvent(QInputMethodEvent* event)
{
    m_preedit = event->preeditString();
    if (m_surface && m_surface->takesInput() && !event->commitString().isEmpty())
        typed(m_surface->terminal().encodeText(event->commitString().toStdString()));
    update();
    event->accept();
}

QVariant TerminalView::inputMethodQuery(Qt::InputMethodQuery query) const
{
    switch (query) {
    case Qt::ImEnabled:
        return m_surface && m_surface->takesInput();
    case Qt::ImCursorRectangle:
        return cursorRect();
    case Qt::ImFont:
        return TerminalFont::systemFont();
    case Qt::ImHints:
        return int(Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    default:
        return QWidget::inputMethodQuery(query);
    }
}

void TerminalView::focusInEvent(QFocusEvent*)
{
    restartBlink();
    repaintCursor();
    if (m_surface)
        m_surface->send(m_surface->terminal().encodeFocus(true));
}

void TerminalView::focusOutEvent(QFocusEvent*)
{
    m_blink.stop();
    m_cursorLit = true;
    repaintCursor();
    if (m_surface)
        m_surface->send(m_surface->terminal().encodeFocus(false));
}

void TerminalView::copy()
{
    const QString text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void TerminalView::paste()
{
    pasteText(QGuiApplication::clipboard()->text());
}

void TerminalView::pasteText(const QString& text)
{
    if (m_surface && !text.isEmpty())
        typed(m_surface->terminal().encodePaste(text.toStdString()));
}

void TerminalView::selectAll()
{
    if (!m_surface)
        return;
    m_selection.selectAll(m_surface->terminal());
    update();
}

void TerminalView::clearScrollback()
{
    if (!m_surface)
        return;
    m_surface->terminal().clearScrollback();
    m_selection.clear();
    m_top.reset();
    update();
    Q_EMIT scrolled();
}

} // namespace rocker::gui
