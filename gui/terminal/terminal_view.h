#pragma once

#include "gui/terminal/terminal_font.h"
#include "gui/terminal/terminal_selection.h"
#include "gui/terminal/terminal_surface.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>

namespace rocker::gui {

// The picture of a TerminalSurface: paints what was damaged at most once a frame, and turns keys, pointer, clipboard
// and input methods into bytes. Everything but Ctrl+Shift+… belongs to the program.
class TerminalView : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalView(QWidget* parent = nullptr);
    ~TerminalView() override;

    // Not owned; null shows nothing.
    void setSurface(TerminalSurface* surface);
    TerminalSurface* surface() const { return m_surface; }

    // Columns and rows there is room for.
    terminal::Size room() const;
    QString screenText() const;
    QString selectedText() const;
    bool hasSelection() const;
    // The cell of the cursor, in this widget.
    QRect cursorRect() const;
    QRect cellRect(int column, int row) const;
    QSize cellSize() const { return m_font.cell(); }

    // The line at the top of the view; the bottom of the scrollback when it is the screen's first line.
    terminal::LineNumber topLine() const;
    void scrollToLine(terminal::LineNumber line);

public Q_SLOTS:
    void copy();
    void paste();
    void selectAll();
    void clearScrollback();

Q_SIGNALS:
    void scrolled();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    QVariant inputMethodQuery(Qt::InputMethodQuery query) const override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool) override { return false; }
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void scheduleFrame();
    void frame();
    void updateRows(int first, int last);
    void repaintCursor();
    void restartBlink();
    void followTheme();
    bool handleOwnKey(const QKeyEvent& event);
    void typed(std::string_view bytes);
    void pasteText(const QString& text);
    void scrollBy(int lines);
    terminal::MouseEvent mouseAt(QPointF position, Qt::KeyboardModifiers modifiers) const;
    bool reportMouse(const QMouseEvent& event, terminal::MouseAction action);
    TerminalSelection::Point pointAt(QPointF position) const;
    void pressed(QMouseEvent* event, TerminalSelection::By by);
    void announce();

    QPointer<TerminalSurface> m_surface;
    TerminalFont m_font;
    TerminalSelection m_selection;
    std::optional<terminal::LineNumber> m_top; // none: follows the screen
    terminal::Cursor m_paintedCursor;
    unsigned m_reflows = 0;
    QTimer m_frameTimer;
    QElapsedTimer m_sinceFrame;
    QElapsedTimer m_held; // while a program holds the picture back
    QTimer m_blink;
    bool m_cursorLit = true;
    QString m_preedit;
    QString m_announced;
    bool m_selecting = false;
    QElapsedTimer m_sinceDoubleClick;
    int m_wheel = 0;
};

} // namespace rocker::gui
