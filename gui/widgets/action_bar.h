#pragma once

#include <QFrame>

class QAction;
class QHBoxLayout;

namespace rocker::gui {

// What can be done with a page's selection, as a row of buttons. The actions stay their owner's.
class ActionBar : public QFrame
{
    Q_OBJECT

public:
    explicit ActionBar(QWidget* parent = nullptr);
    // Its button is called as the action is, with "Button" behind it.
    void add(QAction* action);
    // Sets what follows apart from what stands before.
    void addGap();

private:
    QHBoxLayout* m_row;
};

} // namespace rocker::gui
