#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"

#include <QTimer>
#include <QWidget>

class QButtonGroup;
class QPlainTextEdit;
class QStackedWidget;

namespace rocker::gui {

class FactSheet;

// Everything that is known about the selected container, as a form and as JSON.
class InspectTab : public QWidget
{
    Q_OBJECT

public:
    InspectTab(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);
    // Called again when the container has changed.
    void setContainer(const protocol::Container* container);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildBar();
    void ask();
    void fill(const protocol::Inspect::Reply& reply);

    HelperClient& m_client;
    Reporter& m_reporter;
    std::string m_id;
    QTimer m_ask;
    QStackedWidget* m_stack;
    FactSheet* m_form;
    QPlainTextEdit* m_json;
};

} // namespace rocker::gui
