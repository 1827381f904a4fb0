#pragma once

#include "gui/pages/containers/container_actions.h"

#include <QWidget>

class QLineEdit;
class QSettings;
class QSplitter;

namespace rocker::gui {

class ContainerDetailsPane;
class EmptyState;
class FilterModel;
class ListStack;
class Table;

class ContainersPage : public QWidget
{
    Q_OBJECT

public:
    struct Context {
        HelperClient& client;
        ContainerModel& containers;
        Reporter& reporter;
    };
    explicit ContainersPage(Context context, QWidget* parent = nullptr);

    // Selects the container and gives its terminal the focus.
    void showTerminalOf(const protocol::Container& container);
    void focusTerminal();
    void focusFilter();
    void focusTable();
    void openShell();
    std::optional<protocol::TerminalSize> terminalSize() const;
    void saveState(QSettings& settings) const;
    void restoreState(QSettings& settings);
    std::string selected() const;

Q_SIGNALS:
    void createRequested();
    void browseRequested(const std::string& id, const QString& name);

private:
    QWidget* buildHead();
    QWidget* buildActions();
    QWidget* buildList();
    void select(const std::string& id);
    void selectionChanged();
    void restoreSelection();
    void refreshEmptyState();
    void openMenu(QPoint position);

    Context m_context;
    ContainerActions* m_actions;
    FilterModel* m_filtered;
    Table* m_table;
    QLineEdit* m_filter;
    EmptyState* m_empty;
    ListStack* m_list;
    QSplitter* m_splitter;
    ContainerDetailsPane* m_details;
    std::string m_selected;
    std::string m_remembered; // selected when the window was closed; until the first list is here
};

} // namespace rocker::gui
