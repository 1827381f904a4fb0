#pragma once

#include "gui/layers/image_comparison.h"
#include "gui/layers/layer_source.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTabWidget;
class QTableWidget;
class QToolButton;

namespace rocker::gui {

class DifferenceModel;
class EmptyState;
class Table;
class TextDifferenceView;

// What is opened, whole or one layer of it, beside something else: another image, a container, an archive on disk, or one
// of their layers. What was added, changed and removed on the way from that to this, in files and configuration.
class CompareView : public QWidget
{
    Q_OBJECT

public:
    struct Choice {
        enum class Kind { Image, Container, Archive };
        QString shown;
        std::string subject; // subject.h
        Kind kind = Kind::Image;
    };

    explicit CompareView(LayerSource& source, QWidget* parent = nullptr);
    // `subject` is what was opened; nothing for none.
    void setImage(SharedImage image, const std::string& subject, const QString& shown);
    // What there is to be compared with; archives are opened besides.
    void setChoices(std::vector<Choice> choices);
    void compareWith(const Choice& choice);

Q_SIGNALS:
    void fileWanted(const std::string& path);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

private:
    // One side of the comparison: an image, and which of its layers alone.
    struct Side {
        SharedImage image;
        QString shown;
        int layer = -1; // all together

        QString name() const;
        std::vector<layers::LayerIndex> indexes() const;
        std::size_t layerOf(const layers::ImageTree& tree, std::uint32_t node) const;
    };

    QWidget* buildChoice();
    QWidget* buildFilter();
    QWidget* buildFiles();
    QWidget* buildSettings();
    void refillChoices();
    void choose();
    void chooseArchive();
    static void fillParts(QComboBox* parts, const SharedImage& image);
    void compare();
    void showComparison(SharedComparison comparison);
    void fillSettings();
    void refilter();
    void showContent();
    void say(const QString& title, const QString& explanation);
    void exportReport();

    LayerSource& m_source;
    std::string m_subject;
    Side m_own;
    Side m_other;
    std::vector<Choice> m_choices;
    std::vector<Choice> m_archives; // that were compared with
    std::string m_chosen;           // subject
    SharedComparison m_comparison;
    quint64 m_wish = 0;
    DifferenceModel* m_model;
    QComboBox* m_others;
    QComboBox* m_otherPart;
    QComboBox* m_ownPart;
    QLineEdit* m_filter;
    QComboBox* m_changes;
    QLabel* m_counts;
    QToolButton* m_export;
    QTabWidget* m_tabs;
    Table* m_table;
    TextDifferenceView* m_content;
    QTableWidget* m_settings;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
};

} // namespace rocker::gui
