#pragma once

#include "gui/client/helper_client.h"
#include "gui/models/container_model.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

class RenameDialog : public QDialog
{
    Q_OBJECT

public:
    RenameDialog(HelperClient& client, const ContainerModel& containers, const protocol::Container& container,
                 QWidget* parent);

Q_SIGNALS:
    void renamed(const rocker::protocol::Container& container);

private:
    void check();
    void submit();

    HelperClient& m_client;
    const ContainerModel& m_containers;
    protocol::Container m_container;
    QLineEdit* m_name;
    FormField* m_field;
    QPushButton* m_accept;
};

} // namespace rocker::gui
