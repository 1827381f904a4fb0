#pragma once

#include <QImage>
#include <QWidget>

namespace rocker::gui {

// A picture, made smaller when there is no room for it, on a ground that shows what is transparent.
class PictureView : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    void setPicture(const QImage& picture);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_picture;
};

} // namespace rocker::gui
