#pragma once

#include "gui/terminal/terminal_view.h"

class QScrollBar;

namespace rocker::gui {

// A TerminalView with its scroll bar.
class TerminalPane : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalPane(QWidget* parent = nullptr);
    TerminalView* view() const { return m_view; }

private:
    void followView();
    TerminalView* m_view;
    QScrollBar* m_bar;
    bool m_following = false;
};

} // namespace rocker::gui
