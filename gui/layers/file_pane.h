#pragma once

#include "engine/elf/elf_file.h"
#include "gui/layers/package_reading.h"
#include "gui/layers/preview.h"
#include "gui/layers/searchable_tree.h"

#include <QFrame>
#include <QTimer>

class QAction;
class QLabel;
class QPlainTextEdit;
class QScrollArea;
class QStackedWidget;
class QTabWidget;
class QTemporaryDir;

namespace rocker::gui {

class ElidedLabel;
class FactSheet;
class PathHistoryView;
class PictureView;

// The selected file: what is in it, what is known of it, and what has become of it from layer to layer.
class FilePane : public QFrame
{
    Q_OBJECT

public:
    explicit FilePane(LayerSource& source, QWidget* parent = nullptr);
    ~FilePane() override;
    void setImage(SharedImage image);
    // What is installed in the image, once it is known.
    void setPackages(const SharedPackages& packages);
    void setPlace(std::size_t layer) { m_place = layer; }
    void setNode(SharedTree tree, std::uint32_t node);
    QList<QAction*> fileActions() const { return m_actions; }
    // Copies that other programs open are not larger than this.
    static constexpr qint64 openLimit = 1LL << 30;

Q_SIGNALS:
    void layerWanted(std::size_t layer);
    // For the status line and the banner.
    void busy(const QString& what);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

private:
    QAction* add(const char* name, const QString& icon, const QString& text, void (FilePane::*run)());
    QWidget* buildButtons();
    QWidget* buildPreview();
    void load();
    void showPreview(const Preview& preview);
    void say(const QString& words);
    void fillFacts();
    void fillProgram();
    void saveAs();
    void saveFolder();
    bool hasFolder() const;
    void copyPath();
    void openElsewhere();
    bool hasContent() const;

    LayerSource& m_source;
    SharedImage m_image;
    SharedPackages m_packages;
    std::optional<elf::ElfFile> m_program; // of the file that is shown
    SharedTree m_tree;
    std::uint32_t m_node = 0;
    std::size_t m_place = 0; // the layer that is looked at
    std::size_t m_layer = 0; // the one that has the file
    std::string m_path;
    quint64 m_wish = 0;
    QTimer m_delay;
    QList<QAction*> m_actions;
    QAction* m_save;
    QAction* m_copy;
    QAction* m_open;
    ElidedLabel* m_title;
    QLabel* m_headline;
    QTabWidget* m_tabs;
    QStackedWidget* m_views;
    QPlainTextEdit* m_text;
    PictureView* m_picture;
    QLabel* m_words;
    FactSheet* m_facts;
    PathHistoryView* m_history;
    std::unique_ptr<QTemporaryDir> m_copies;
};

} // namespace rocker::gui
