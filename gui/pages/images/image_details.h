#pragma once

#include "gui/client/helper_client.h"
#include "gui/models/image_model.h"
#include "gui/widgets/fact_sheet.h"

class QStandardItemModel;

namespace rocker::gui {

class Table;

// The selected image: its configuration and its layers.
class ImageDetailsPane : public FactSheet
{
    Q_OBJECT

public:
    explicit ImageDetailsPane(HelperClient& client, QWidget* parent = nullptr);
    void setImage(const ImageRow* row);

private:
    void fill(const protocol::InspectImage::Reply& reply);
    QWidget* layerTable(const std::vector<protocol::ImageLayer>& layers);
    QWidget* historyTable(const std::vector<protocol::ImageStep>& steps);
    QWidget* finished(Table* table, QStandardItemModel* model, int shownRows);

    HelperClient& m_client;
    std::string m_name;
};

} // namespace rocker::gui
