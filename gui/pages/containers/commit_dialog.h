#pragma once

#include "gui/client/helper_client.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace rocker::gui {

class Banner;
class FileTree;
class FormField;
class TreeModel;

// A container's changes as an image: what has changed is shown, and what is selected there is all that is taken.
class CommitDialog : public QDialog
{
    Q_OBJECT

public:
    CommitDialog(HelperClient& client, const protocol::Container& container, QWidget* parent);

Q_SIGNALS:
    void committed(const QString& reference);

private:
    QWidget* buildForm();
    QWidget* buildFooter();
    void load();
    void check();
    void showCount();
    std::vector<std::string> selectedPaths() const;
    void submit();
    void setBusy(bool busy);

    HelperClient& m_client;
    protocol::Container m_container;
    Banner* m_error;
    QLineEdit* m_name;
    QLineEdit* m_command;
    QLineEdit* m_comment;
    FormField* m_nameField;
    FormField* m_commandField;
    QLabel* m_count;
    TreeModel* m_model;
    FileTree* m_tree;
    QProgressBar* m_progress;
    QPushButton* m_accept;
    bool m_busy = false;
};

} // namespace rocker::gui
