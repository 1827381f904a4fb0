#pragma once

#include "gui/client/helper_client.h"
#include "gui/models/image_model.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

// One more name for an image.
class TagDialog : public QDialog
{
    Q_OBJECT

public:
    TagDialog(HelperClient& client, const ImageModel& images, const ImageRow& row, QWidget* parent);

Q_SIGNALS:
    void tagged(const QString& reference);

private:
    void check();
    void submit();

    HelperClient& m_client;
    const ImageModel& m_images;
    std::string m_id;
    QLineEdit* m_name;
    FormField* m_field;
    QPushButton* m_accept;
};

} // namespace rocker::gui
