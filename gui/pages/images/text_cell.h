#pragma once

#include <QString>
#include <qnamespace.h>

class QStandardItem;

namespace rocker::gui {

// A cell of a table that is only read: text of strangers, which is its own tool tip.
QStandardItem* textCell(const QString& text, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

} // namespace rocker::gui
