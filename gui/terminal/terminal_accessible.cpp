#include "gui/terminal/terminal_accessible.h"

#include "gui/terminal/terminal_view.h"

#include <QAccessibleWidget>

namespace rocker::gui {

namespace {

class TerminalAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit TerminalAccessible(TerminalView* view) : QAccessibleWidget(view, QAccessible::Terminal) {}

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TextInterface)
            return static_cast<QAccessibleTextInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? view()->screenText() : QAccessibleWidget::text(kind);
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.multiLine = true;
        state.readOnly = !view()->surface() || !view()->surface()->takesInput();
        return state;
    }

    QString text(int start, int end) const override { return view()->screenText().mid(start, end - start); }
    int characterCount() const override { return int(view()->screenText().size()); }
    int cursorPosition() const override
    {
        if (!view()->surface())
            return 0;
        const auto cursor = view()->surface()->terminal().cursor();
        const QStringList rows = view()->screenText().split(u'\n');
        int offset = 0;
        for (int row = 0; row < cursor.row && row < rows.size(); ++row)
            offset += int(rows[row].size()) + 1;
        return std::min(offset + cursor.column, characterCount());
    }
    void setCursorPosition(int) override {} // a program's cursor is not ours to move

    // What is marked is told as text by copying; offsets of marked scrollback have no place on the screen.
    void selection(int, int* start, int* end) const override { *start = *end = 0; }
    int selectionCount() const override { return 0; }
    void addSelection(int, int) override {}
    void removeSelection(int) override {}
    void setSelection(int, int, int) override {}

    QRect characterRect(int offset) const override
    {
        const QString before = view()->screenText().left(offset);
        const int row = int(before.count(u'\n'));
        const int column = int(before.size() - (before.lastIndexOf(u'\n') + 1));
        const QRect cell = view()->cellRect(column, row);
        return {view()->mapToGlobal(cell.topLeft()), cell.size()};
    }
    int offsetAtPoint(const QPoint& point) const override
    {
        const QPoint inside = view()->mapFromGlobal(point) - view()->cellRect(0, 0).topLeft();
        const int row = inside.y() / view()->cellSize().height();
        const int column = inside.x() / view()->cellSize().width();
        const QStringList rows = view()->screenText().split(u'\n');
        if (row < 0 || row >= rows.size() || column < 0)
            return -1;
        int offset = 0;
        for (int i = 0; i < row; ++i)
            offset += int(rows[i].size()) + 1;
        return offset + std::min<int>(column, int(rows[row].size()));
    }
    void scrollToSubstring(int, int) override {}
    QString attributes(int, int* start, int* end) const override
    {
        *start = 0;
        *end = characterCount();
        return {};
    }

private:
    TerminalView* view() const { return static_cast<TerminalView*>(object()); }
};

QAccessibleInterface* makeInterface(const QString&, QObject* object)
{
    auto* view = qobject_cast<TerminalView*>(object);
    return view ? new TerminalAccessible(view) : nullptr;
}

} // namespace

void installTerminalAccessibility()
{
    QAccessible::installFactory(makeInterface);
}

} // namespace rocker::gui
