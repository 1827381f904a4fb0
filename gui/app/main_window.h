#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"
#include "gui/models/container_model.h"
#include "gui/models/image_model.h"

#include <QMainWindow>
#include <QTimer>

#include <memory>

class QButtonGroup;
class QLabel;
class QSettings;
class QStackedWidget;

namespace rocker::gui {

class Banner;
class ContainersPage;
class ImagesPage;
class StatusLine;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // Does not connect yet: call connectToHelper() once the first picture is on the screen.
    MainWindow(const QString& socketPath, std::unique_ptr<QSettings> settings, QWidget* parent = nullptr);
    ~MainWindow() override;
    void connectToHelper();
    // As if it had been chosen in the dialog.
    void openArchive(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    QWidget* buildSidebar();
    void addPageButton(QWidget* sidebar, int page, const char* name, const QString& icon, const QString& text,
                       const QKeySequence& shortcut);
    void addShortcuts();
    void showPage(int page);
    void openCreateDialog(const QString& image);
    void receive(const protocol::Watch::Reply& change);
    void showConnection();

    HelperClient m_client;
    Reporter m_reporter;
    ContainerModel m_containers;
    ImageModel m_images;
    std::unique_ptr<QSettings> m_settings;
    QStackedWidget* m_pages;
    QButtonGroup* m_pageButtons;
    ContainersPage* m_containersPage;
    ImagesPage* m_imagesPage;
    Banner* m_connectionBanner;
    Banner* m_errorBanner;
    StatusLine* m_status;
    QTimer m_ages;
};

} // namespace rocker::gui
