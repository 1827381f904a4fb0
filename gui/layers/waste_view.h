#pragma once

#include "gui/layers/waste_model.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace rocker::gui {

class EmptyState;
class FilterModel;
class Table;

// What an image carries in vain, in one sentence and two tables.
class WasteView : public QWidget
{
    Q_OBJECT

public:
    explicit WasteView(QWidget* parent = nullptr);
    void setWaste(const SharedWaste& waste);

Q_SIGNALS:
    // A file and the layer that has a copy of it.
    void fileWanted(const std::string& path, std::size_t layer);
    void contentWanted(const std::string& path);

private:
    Table* addTable(const char* name, const QString& accessible, FilterModel* model);

    WastedFilesModel* m_files;
    DuplicatesModel* m_duplicates;
    FilterModel* m_sortedFiles;
    FilterModel* m_sortedDuplicates;
    QLabel* m_score;
    QLabel* m_explanation;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QWidget* m_filesPart = nullptr;
    QWidget* m_duplicatesPart = nullptr;
    QLabel* m_duplicatesTitle;
    QLabel* m_filesTitle;
};

} // namespace rocker::gui
