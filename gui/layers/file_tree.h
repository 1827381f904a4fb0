#pragma once

#include <QTreeView>

#include <map>
#include <set>
#include <string>

namespace rocker::gui {

class TreeModel;

// The view of a TreeModel. What is open and what is selected are paths, so that they survive another layer, another
// scope and a filter; while something is looked for, what was found is open instead.
class FileTree : public QTreeView
{
    Q_OBJECT

public:
    explicit FileTree(TreeModel* model, QWidget* parent = nullptr);

    // The selected path, which the tree at hand may not have.
    const std::string& path() const { return m_path; }
    void select(const std::string& path);
    void select(std::uint32_t node);
    // Whether a column is of use; where there is no room for all that are, the less important ones stay away.
    void setColumnWanted(int column, bool wanted);
    // Rows that a search opens by itself at most; a tree of no more nodes than smallTree is opened altogether.
    static constexpr int openedRows = 300;
    static constexpr std::uint32_t smallTree = 48;

Q_SIGNALS:
    // Also when the same path is another node, in another tree; ImageTree::root for none.
    void nodeSelected(std::uint32_t node);
    // Somebody begins to drag it out of the window.
    void dragWanted(std::uint32_t node);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    void remember(const QModelIndex& index, bool open);
    void restore();
    void openRemembered();
    void openMatches();
    QModelIndex firstMatch() const;
    void fitColumns();
    void shareColumns();

    TreeModel* m_model;
    std::set<std::string> m_open;
    std::set<std::string> m_closed; // by the person, where it would be open by itself
    std::set<int> m_unwanted;
    std::map<int, int> m_widths; // of columns
    std::string m_path;
    bool m_restoring = false;
};

} // namespace rocker::gui
