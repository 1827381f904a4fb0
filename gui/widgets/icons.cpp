#include "gui/widgets/icons.h"

#include "gui/widgets/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace rocker::gui {

namespace {

QByteArray drawing(const QString& name)
{
    static QHash<QString, QByteArray> read;
    auto found = read.find(name);
    if (found == read.end()) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        found = read.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
    }
    return *found;
}

class ThemedIcon : public QIconEngine
{
public:
    explicit ThemedIcon(const QString& name) : m_name(name) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device() ? painter->device()->devicePixelRatio() : 1.0;
        painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const Colors& colors = Theme::instance().colors();
        QColor color = colors.text;
        if (mode == QIcon::Disabled) {
            color = colors.muted;
            color.setAlphaF(0.5f);
        }
        const int side = qRound(std::min(size.width(), size.height()) / scale);
        return gui::pixmap(m_name, side, color, scale);
    }

    QIconEngine* clone() const override { return new ThemedIcon(m_name); }
    QString key() const override { return QStringLiteral("rocker"); }

private:
    QString m_name;
};

} // namespace

QIcon icon(const QString& name)
{
    return QIcon(new ThemedIcon(name));
}

QPixmap pixmap(const QString& name, int size, const QColor& color, qreal scale)
{
    const QString key = QStringLiteral("rocker/%1/%2/%3/%4").arg(name).arg(size).arg(color.rgba()).arg(scale);
    QPixmap result;
    if (QPixmapCache::find(key, &result))
        return result;
    QByteArray svg = drawing(name);
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    result = QPixmap(QSize(size, size) * scale);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    painter.setOpacity(color.alphaF());
    renderer.render(&painter);
    painter.end();
    result.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, result);
    return result;
}

} // namespace rocker::gui
