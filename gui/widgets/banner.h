#pragma once

#include "gui/models/roles.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace rocker::gui {

// A message across the page that stays until it is dismissed or its reason is gone.
class Banner : public QFrame
{
    Q_OBJECT

public:
    enum class Dismissal { ByUser, ByItself };

    explicit Banner(Dismissal dismissal, QWidget* parent = nullptr);
    void showMessage(Tone tone, const QString& title, const QString& detail = {});
    QString message() const;

private:
    QLabel* m_icon;
    QLabel* m_text;
    QToolButton* m_dismiss;
};

} // namespace rocker::gui
