#pragma once

#include "gui/client/helper_client.h"

#include <QDialog>

#include <functional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace rocker::gui {

class Banner;
class BindsEditor;
class ContainerModel;
class FormField;
class ImageModel;

// A new container: checks while one types, pulls an image that is not here, creates and starts it, and says so with
// created(). What the helper refuses
// is shown here, and nothing typed is lost; a container that could not be started is taken away again.
class CreateDialog : public QDialog
{
    Q_OBJECT

public:
    struct Context {
        HelperClient& client;
        const ContainerModel& containers;
        const ImageModel& images;
        // The size of the terminal that it will be shown in.
        std::function<std::optional<protocol::TerminalSize>()> terminalSize;
    };
    CreateDialog(Context context, const QString& image, QWidget* parent = nullptr);

    // What the form amounts to, or the first thing wrong with it.
    Result<protocol::Create::Parameters> parameters() const;

Q_SIGNALS:
    void created(const rocker::protocol::Container& container);

private:
    QWidget* buildForm();
    QWidget* buildLimits();
    QWidget* buildFooter();
    void fillImages(const QString& image);
    void check();
    QString imageProblem() const;
    bool isHere(const std::string& image) const;
    void pull(const protocol::Create::Parameters& wanted);
    void create(const protocol::Create::Parameters& wanted);
    void askForLogin(const QString& image);
    QString nameProblem() const;
    void submit();
    void start(const protocol::Container& container);
    void undo(const protocol::Container& container, const Error& why);
    void refuse(const QString& what, const Error& why);
    void setBusy(bool busy, const QString& what = {});

    Context m_context;
    Banner* m_error;
    QComboBox* m_image;
    QLineEdit* m_name;
    QLineEdit* m_command;
    QPlainTextEdit* m_environment;
    BindsEditor* m_binds;
    QLineEdit* m_memory;
    QLineEdit* m_cpus;
    QLineEdit* m_pids;
    QCheckBox* m_terminal;
    QCheckBox* m_remove;
    QLabel* m_reason;
    QPushButton* m_create;
    QWidget* m_form = nullptr;
    FormField* m_imageField;
    FormField* m_nameField;
    FormField* m_commandField;
    FormField* m_environmentField;
    FormField* m_memoryField;
    FormField* m_cpusField;
    FormField* m_pidsField;
    bool m_busy = false;
};

} // namespace rocker::gui
