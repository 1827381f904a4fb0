#include "gui/app/start_trace.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QTimer>

namespace rocker::gui {

StartTrace::StartTrace(const QElapsedTimer& sinceStart, QWidget& window, QAbstractItemView& list, Tell tell)
    : m_sinceStart(sinceStart), m_window(&window), m_list(&list), m_tell(std::move(tell))
{
    window.installEventFilter(this);
    list.viewport()->installEventFilter(this);
}

bool StartTrace::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Paint)
        return false;
    if (watched == m_window)
        tellOncePainted(watched, tr("first picture"));
    else if (m_list && m_list->model() && m_list->model()->rowCount() > 0)
        tellOncePainted(watched, tr("first list of %n rows", nullptr, m_list->model()->rowCount()));
    return false;
}

// This event is before the painting; the rest of the window is painted and handed over in the same turn of the loop.
void StartTrace::tellOncePainted(QObject* watched, const QString& what)
{
    watched->removeEventFilter(this);
    QTimer::singleShot(0, this, [this, what] { m_tell(what, m_sinceStart.elapsed()); });
}

} // namespace rocker::gui
