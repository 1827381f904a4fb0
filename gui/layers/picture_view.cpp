#include "gui/layers/picture_view.h"

#include "gui/widgets/theme.h"

#include <QPainter>

namespace rocker::gui {

void PictureView::setPicture(const QImage& picture)
{
    m_picture = picture;
    update();
}

void PictureView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colors& colors = Theme::instance().colors();
    painter.fillRect(rect(), colors.base);
    if (m_picture.isNull())
        return;
    const QRect room = rect().adjusted(Theme::unit, Theme::unit, -Theme::unit, -Theme::unit);
    QSize size = m_picture.size();
    if (size.width() > room.width() || size.height() > room.height())
        size.scale(room.size(), Qt::KeepAspectRatio);
    QRect shown(QPoint(), size);
    shown.moveCenter(room.center());
    QPixmap squares(2 * Theme::unit, 2 * Theme::unit);
    squares.fill(colors.base);
    QPainter draw(&squares);
    draw.fillRect(0, 0, Theme::unit, Theme::unit, colors.hover);
    draw.fillRect(Theme::unit, Theme::unit, Theme::unit, Theme::unit, colors.hover);
    draw.end();
    painter.drawTiledPixmap(shown, squares);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(shown, m_picture);
}

} // namespace rocker::gui
