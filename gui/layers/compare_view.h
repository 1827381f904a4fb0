#pragma once

#include "gui/layers/image_comparison.h"
#include "gui/layers/layer_source.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace rocker::gui {

class DifferenceModel;
class EmptyState;
class Table;

// The opened image beside another one of the store: what was added, changed and removed on the way from that to this.
class CompareView : public QWidget
{
    Q_OBJECT

public:
    explicit CompareView(LayerSource& source, QWidget* parent = nullptr);
    void setImage(SharedImage image, const QString& shown);
    // The images there are, by reference.
    void setChoices(const QStringList& references);

Q_SIGNALS:
    void fileWanted(const std::string& path);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

private:
    QWidget* buildBar();
    QWidget* buildTable();
    void compareWith(const QString& reference);
    void showComparison(SharedComparison comparison);
    void refilter();
    void say(const QString& title, const QString& explanation);
    void exportReport();

    LayerSource& m_source;
    SharedImage m_image;
    QString m_shown;
    QStringList m_references;
    SharedComparison m_comparison;
    quint64 m_wish = 0;
    DifferenceModel* m_model;
    QComboBox* m_other;
    QLineEdit* m_filter;
    QComboBox* m_changes;
    QLabel* m_counts;
    QToolButton* m_export;
    Table* m_table;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
};

} // namespace rocker::gui
