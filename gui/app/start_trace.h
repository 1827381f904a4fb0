#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>

#include <functional>

class QAbstractItemView;
class QWidget;

namespace rocker::gui {

// How long a start takes: tells when the window's first picture, and then the first one with rows in `list`, have been
// handed to the screen, each once, in milliseconds of `sinceStart`.
class StartTrace : public QObject
{
    Q_OBJECT

public:
    using Tell = std::function<void(const QString& what, qint64 milliseconds)>;

    StartTrace(const QElapsedTimer& sinceStart, QWidget& window, QAbstractItemView& list, Tell tell);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void tellOncePainted(QObject* watched, const QString& what);

    QElapsedTimer m_sinceStart;
    QPointer<QWidget> m_window;
    QPointer<QAbstractItemView> m_list;
    Tell m_tell;
};

} // namespace rocker::gui
