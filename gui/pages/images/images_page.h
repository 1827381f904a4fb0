#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"
#include "gui/models/image_model.h"

#include <QAction>
#include <QWidget>

class QLineEdit;
class QSettings;
class QSplitter;

namespace rocker::gui {

class EmptyState;
class FilterModel;
class ListStack;
class ImageDetailsPane;
class ImageImporter;
class Table;

class ImagesPage : public QWidget
{
    Q_OBJECT

public:
    struct Context {
        HelperClient& client;
        ImageModel& images;
        Reporter& reporter;
    };
    explicit ImagesPage(Context context, QWidget* parent = nullptr);
    void focusFilter();
    void focusTable();
    void chooseImports();
    void import(const QStringList& paths);
    void saveState(QSettings& settings) const;
    void restoreState(QSettings& settings);

Q_SIGNALS:
    void createRequested(const QString& image);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildHead();
    QWidget* buildActions();
    QWidget* buildList();
    QAction* add(const char* name, const QString& icon, const QString& text);
    void selectionChanged();
    void refresh();
    void select(const QString& reference);
    void create();
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
    QAction* m_create;
    QAction* m_remove;
    std::string m_selected;
    bool m_removing = false;
};

} // namespace rocker::gui
