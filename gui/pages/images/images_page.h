#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"
#include "gui/models/container_model.h"
#include "gui/models/image_model.h"

#include <QAction>
#include <QWidget>

#include <functional>
#include <memory>

class QLineEdit;
class QPushButton;
class QSettings;
class QSplitter;
class QStackedLayout;

namespace rocker::gui {

class EmptyState;
class FilterModel;
class ListStack;
class ImageDetailsPane;
class ImageImporter;
class LayerBrowser;
class LayerSource;
class Table;

class ImagesPage : public QWidget
{
    Q_OBJECT

public:
    struct Context {
        HelperClient& client;
        ImageModel& images;
        ContainerModel& containers;
        Reporter& reporter;
    };
    explicit ImagesPage(Context context, QWidget* parent = nullptr);
    ~ImagesPage() override;
    void focusFilter();
    void focusTable();
    void chooseImports();
    void choosePull();
    void import(const QStringList& paths);
    void chooseArchive();
    // Looks into an archive on this machine's disk; the helper is not needed.
    void openArchive(const QString& path);
    // Files that were dropped on the window: to be looked into, or to be imported?
    void askAbout(const QStringList& paths);
    // Of a container as it is now.
    void browseContainer(const std::string& id, const QString& name);
    void saveState(QSettings& settings) const;
    void restoreState(QSettings& settings);

Q_SIGNALS:
    void createRequested(const QString& image);

private:
    QWidget* buildHead();
    QWidget* buildActions();
    QWidget* buildList();
    QWidget* buildOverview();
    void connectBrowser();
    QAction* add(const char* name, const QString& icon, const QString& text);
    void selectionChanged();
    void refresh();
    void select(const QString& reference);
    void browse();
    void lookInto(const std::string& subject, const QString& name);
    void leaveBrowser();
    void checkBrowsed();
    void refreshChoices();
    void create();
    void push();
    void askForLogin(const QString& registry, const std::function<void()>& again);
    void tag();
    void untag();
    void prune();
    void remove();
    void openMenu(QPoint position);
    const ImageRow* selected() const { return m_context.images.find(m_selected); }

    Context m_context;
    FilterModel* m_filtered;
    Table* m_table;
    QLineEdit* m_filter;
    EmptyState* m_empty;
    ListStack* m_list;
    QSplitter* m_splitter;
    ImageDetailsPane* m_details;
    ImageImporter* m_importer;
    std::unique_ptr<LayerSource> m_source;
    LayerBrowser* m_browser;
    QStackedLayout* m_views;
    QAction* m_browse;
    QAction* m_create;
    QAction* m_push;
    QAction* m_tag;
    QAction* m_untag;
    QAction* m_remove;
    QPushButton* m_prune;
    std::string m_selected;
    std::string m_browsed; // the image's ID
    bool m_removing = false;
};

} // namespace rocker::gui
