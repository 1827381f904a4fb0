#pragma once

#include <QLabel>

namespace rocker::gui {

// One line of text that shortens itself with an ellipsis; the whole text is its tool tip and its accessible text.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void setFullText(const QString& text);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace rocker::gui
