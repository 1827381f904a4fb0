#pragma once

#include "engine/base/error.h"

#include <QObject>

namespace rocker::gui {

// Where actions say what they are doing, what they did, or why they could not: the status line and the banner listen.
class Reporter : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    void busy(const QString& what) { Q_EMIT began(what); }
    void done(const QString& what) { Q_EMIT succeeded(what); }
    // "web could not be started", and the whole text of the error.
    void fail(const QString& what, const Error& error) { Q_EMIT failed(what, QString::fromStdString(error.what)); }

Q_SIGNALS:
    void began(const QString& what);
    void succeeded(const QString& what);
    void failed(const QString& what, const QString& why);
};

} // namespace rocker::gui
