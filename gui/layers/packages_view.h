#pragma once

#include "gui/layers/package_reading.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace rocker::gui {

class EmptyState;
class FactSheet;
class FilterModel;
class PackagesModel;
class Table;

// What is installed in an image: a table that can be searched, and of the selected package what is told of it and its
// files. A bill of materials can be saved.
class PackagesView : public QWidget
{
    Q_OBJECT

public:
    explicit PackagesView(LayerSource& source, QWidget* parent = nullptr);
    // Nothing for none. Read when the view is shown first, or at once by read().
    void setImage(SharedImage image);
    void read();
    void focusFilter();
    const SharedPackages& found() const { return m_packages; }

Q_SIGNALS:
    void packagesRead(const SharedPackages& packages);
    void fileWanted(const std::string& path);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildHead();
    QWidget* buildDetails();
    void receive(const Result<SharedPackages>& packages);
    void refresh();
    void select();
    void fillFacts(const packages::Package& package);
    void fillFiles(const packages::Package& package);
    void saveBill(packages::SbomFormat format);

    LayerSource& m_source;
    SharedImage m_image;
    SharedPackages m_packages;
    quint64 m_wish = 0;
    bool m_asked = false;
    PackagesModel* m_model;
    FilterModel* m_filtered;
    Table* m_table;
    QLineEdit* m_filter;
    QLabel* m_summary;
    QLabel* m_notes;
    QPushButton* m_save;
    QSplitter* m_splitter;
    FactSheet* m_facts;
    QListWidget* m_files;
    QLabel* m_filesTitle;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
};

} // namespace rocker::gui
