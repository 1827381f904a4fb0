#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"
#include "gui/pages/containers/log_text.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace rocker::gui {

// What the selected container has printed, followed while it is looked at; with search, and Save.
class LogTab : public QWidget
{
    Q_OBJECT

public:
    LogTab(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);
    void setContainer(const protocol::Container* container);
    void focusSearch();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildBar();
    void open();
    void close();
    void flush();
    void find(bool backward);
    void highlight();
    void save();

    HelperClient& m_client;
    Reporter& m_reporter;
    std::string m_id;
    std::string m_name;
    std::string m_run;
    std::unique_ptr<AttachedStream> m_stream;
    LogText m_text;
    QString m_arrived;
    QTimer m_flush;
    QLineEdit* m_search;
    QLabel* m_matches;
    QToolButton* m_follow;
    QPlainTextEdit* m_view;
    QLabel* m_problem;
};

} // namespace rocker::gui
