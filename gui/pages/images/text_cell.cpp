#include "gui/pages/images/text_cell.h"

#include "gui/models/text.h"

#include <QStandardItem>

namespace rocker::gui {

QStandardItem* textCell(const QString& text, Qt::Alignment alignment)
{
    auto* item = new QStandardItem(text);
    item->setToolTip(plainToolTip(text));
    item->setTextAlignment(alignment);
    item->setEditable(false);
    return item;
}

} // namespace rocker::gui
