#pragma once

#include "gui/layers/compare_view.h"
#include "gui/layers/layer_source.h"
#include "gui/layers/waste_model.h"

#include <QFutureWatcher>
#include <QWidget>

class QListView;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace rocker::gui {

class BrowserHead;
class EmptyState;
class FilesView;
class LayerListModel;
class PackagesView;
class WasteView;

// Looks into one image: its layers as a stack, the files of each, what is wasted.
class LayerBrowser : public QWidget
{
    Q_OBJECT

public:
    explicit LayerBrowser(LayerSource& source, QWidget* parent = nullptr);
    // Reads it anew; `name` is a subject (subject.h), `shown` what people call it.
    void open(const std::string& name, const QString& shown);
    void close();
    bool isOpen() const { return !m_name.empty(); }
    const std::string& name() const { return m_name; }
    // What it can be compared with.
    void setChoices(std::vector<CompareView::Choice> choices);
    // What was opened is no longer in the store.
    void setGone();
    FilesView* files() const { return m_files; }
    void focusFilter();
    void focusContent();
    void saveState(QSettings& settings) const;
    void restoreState(QSettings& settings);

Q_SIGNALS:
    void backRequested();
    void busy(const QString& what);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildBody();
    void receive(const Result<SharedImage>& image);
    void say(const QString& title, const QString& explanation, const QString& action = {});
    void watchReading(const QFuture<Result<SharedImage>>& reading);
    void stopReading();
    void activate();
    void selectLayer(std::size_t layer);
    void showInImage(const std::string& path);
    void openMenu(QPoint position);

    LayerSource& m_source;
    std::string m_name;
    QString m_shown;
    SharedImage m_image;
    quint64 m_wish = 0;
    bool m_gone = false;
    bool m_reading = false;
    QFutureWatcher<Result<SharedImage>> m_progress;
    LayerListModel* m_layers;
    BrowserHead* m_head;
    QListView* m_stackList;
    QTabWidget* m_tabs;
    FilesView* m_files;
    WasteView* m_waste;
    PackagesView* m_packages;
    CompareView* m_compare;
    QSplitter* m_splitter;
    QStackedWidget* m_pages;
    EmptyState* m_empty;
};

} // namespace rocker::gui
