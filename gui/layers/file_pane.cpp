#include "gui/layers/file_pane.h"

#include "gui/layers/background.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/path_history_view.h"
#include "gui/layers/picture_view.h"
#include "gui/models/text.h"
#include "gui/widgets/elided_label.h"
#include "gui/widgets/fact_sheet.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QAction>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLocale>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>

namespace rocker::gui {

using layers::ImageTree;
using layers::Kind;

namespace {

// Going through a list with an arrow key asks only for the file where it ends.
constexpr std::chrono::milliseconds selectionRest{80};

QString contentText(const layers::ContentId& id)
{
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(id.data()), qsizetype(id.size())).toHex());
}

} // namespace

FilePane::FilePane(LayerSource& source, QWidget* parent)
    : QFrame(parent), m_source(source),
      m_save(add("saveFile", QStringLiteral("save"), tr("&Save as…"), &FilePane::saveAs)),
      m_copy(add("copyPath", QStringLiteral("copy"), tr("&Copy path"), &FilePane::copyPath)),
      m_open(add("openFile", QStringLiteral("open"), tr("&Open a copy"), &FilePane::openElsewhere)),
      m_title(new ElidedLabel), m_headline(new QLabel), m_tabs(new QTabWidget), m_views(new QStackedWidget),
      m_text(new QPlainTextEdit), m_picture(new PictureView), m_words(new QLabel), m_facts(new FactSheet),
      m_history(new PathHistoryView(source))
{
    setObjectName(QStringLiteral("filePane"));
    m_open->setToolTip(tr("Opens a read-only copy in the program that this desktop has for such files"));
    m_delay.setSingleShot(true);
    m_delay.setInterval(selectionRest);
    connect(&m_delay, &QTimer::timeout, this, &FilePane::load);
    m_facts->setObjectName(QStringLiteral("fileFacts"));
    m_facts->setAccessibleName(tr("Facts about the file"));
    m_tabs->setObjectName(QStringLiteral("fileTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildPreview(), tr("&Preview"));
    m_tabs->addTab(m_facts, tr("&Facts"));
    m_tabs->addTab(m_history, tr("&History"));
    m_tabs->setCornerWidget(buildButtons());
    connect(m_history, &PathHistoryView::layerWanted, this, &FilePane::layerWanted);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_tabs, 1);
    setMinimumHeight(18 * Theme::unit);
    setNode({}, ImageTree::root);
}

FilePane::~FilePane() = default;

QAction* FilePane::add(const char* name, const QString& icon, const QString& text, void (FilePane::*run)())
{
    auto* action = new QAction(gui::icon(icon), text, this);
    action->setObjectName(QLatin1String(name));
    action->setToolTip(QString(text).remove(u'…').remove(u'&'));
    connect(action, &QAction::triggered, this, run);
    m_actions << action;
    return action;
}

QWidget* FilePane::buildButtons()
{
    auto* buttons = new QWidget;
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 2, Theme::unit, 2);
    row->setSpacing(Theme::unit / 2);
    for (QAction* action : std::as_const(m_actions)) {
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setProperty("role", QStringLiteral("action"));
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    }
    return buttons;
}

QWidget* FilePane::buildPreview()
{
    auto* page = new QWidget;
    page->setProperty("role", QStringLiteral("sheet"));
    m_headline->setObjectName(QStringLiteral("previewHeadline"));
    m_headline->setProperty("role", QStringLiteral("muted"));
    m_headline->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("filePath"));
    m_title->setProperty("role", QStringLiteral("section"));
    m_text->setObjectName(QStringLiteral("previewText"));
    m_text->setAccessibleName(tr("Content of the file"));
    m_text->setReadOnly(true);
    m_text->setProperty("role", QStringLiteral("log"));
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setUndoRedoEnabled(false);
    m_text->document()->setDocumentMargin(Theme::unit);
    m_picture->setAccessibleName(tr("Picture"));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setProperty("role", QStringLiteral("muted"));
    m_words->setWordWrap(true);
    m_words->setContentsMargins(Theme::unit, Theme::unit / 2, 2 * Theme::unit, Theme::unit);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setObjectName(QStringLiteral("previewWords"));
    m_views->addWidget(m_words);
    m_views->addWidget(m_text);
    m_views->addWidget(m_picture);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(0);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(3 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit / 2);
    line->setSpacing(2 * Theme::unit);
    line->addWidget(m_title, 1);
    line->addWidget(m_headline);
    column->addLayout(line);
    m_views->setContentsMargins(2 * Theme::unit, 0, 0, 0); // the text has a margin of its own
    column->addWidget(m_views, 1);
    return page;
}

void FilePane::setImage(SharedImage image)
{
    m_image = std::move(image);
    m_packages.reset();
}

void FilePane::setPackages(const SharedPackages& packages)
{
    m_packages = packages;
    fillFacts();
}

bool FilePane::hasFolder() const
{
    return m_tree && m_node != ImageTree::root && m_tree->tree().record(m_node).kind == Kind::Directory
        && m_tree->tree().at(m_node).change != layers::Change::Removed;
}

bool FilePane::hasContent() const
{
    return m_tree && m_node != ImageTree::root && m_tree->tree().record(m_node).kind == Kind::File;
}

void FilePane::setNode(SharedTree tree, std::uint32_t node)
{
    m_tree = std::move(tree);
    m_node = m_tree && node < m_tree->tree().size() ? node : ImageTree::root;
    ++m_wish;
    const bool some = m_tree && m_node != ImageTree::root;
    m_path = some ? m_tree->tree().path(m_node) : std::string();
    m_layer = some ? m_tree->tree().at(m_node).layer : 0;
    const QString shown = some ? u'/' + shownName(m_path) : tr("Select a file");
    m_title->setFullText(shown);
    m_title->setToolTip(plainToolTip(shown));
    m_copy->setEnabled(some);
    m_save->setEnabled(hasContent() || hasFolder());
    m_open->setEnabled(hasContent());
    m_program.reset();
    m_history->setPath(m_image, m_path, some ? m_layer : 0);
    fillFacts();
    if (!some) {
        m_delay.stop();
        say({});
        return;
    }
    const layers::Record& record = m_tree->tree().record(m_node);
    switch (record.kind) {
    case Kind::File:
        m_delay.start();
        return;
    case Kind::Directory:
        say(tr("A directory with %1, %2.")
                .arg(countText(m_tree->tree().at(m_node).files, "1 file", "%1 files"),
                    sizeText(std::int64_t(m_tree->tree().at(m_node).size))));
        break;
    case Kind::Symlink:
        say(tr("A symbolic link to %1").arg(shownName(m_tree->tree().link(m_node))));
        break;
    case Kind::CharDevice:
    case Kind::BlockDevice:
        say(tr("%1 %2, %3").arg(kindText(record)).arg(record.size >> 32).arg(record.size & 0xffffffff));
        break;
    default:
        say(kindText(record));
    }
    m_delay.stop();
}

void FilePane::say(const QString& words)
{
    m_headline->hide();
    m_words->setText(words);
    m_views->setCurrentWidget(m_words);
}

void FilePane::load()
{
    if (!hasContent() || !m_image)
        return;
    const quint64 wish = ++m_wish;
    if (m_tree->tree().record(m_node).size > 0 && m_views->currentWidget() == m_words)
        say(tr("Reading the file…"));
    m_source.file(m_image->id, m_layer, m_path, Preview::readLimit)
        .then(this, [this, wish](const Result<FileBytes>& file) {
            if (wish != m_wish)
                return;
            if (!file) {
                say(tr("The file cannot be shown: %1").arg(sentence(text(file.error().what))));
                return;
            }
            inBackground([file = *file] {
                return previewOf(file.bytes, file.whole);
            }).then(this, [this, wish](const Preview& preview) {
                if (wish == m_wish)
                    showPreview(preview);
            });
        });
}

void FilePane::showPreview(const Preview& preview)
{
    const packages::Package* const owner = m_packages ? m_packages->ownerOf(m_path) : nullptr;
    m_headline->setText(owner ? tr("%1; of %2").arg(preview.headline, shownName(owner->name)) : preview.headline);
    m_headline->show();
    m_program = preview.program;
    fillFacts();
    if (preview.kind == Preview::Kind::Picture) {
        m_picture->setPicture(preview.picture);
        m_views->setCurrentWidget(m_picture);
        return;
    }
    m_text->setPlainText(preview.text);
    m_views->setCurrentWidget(m_text);
}

void FilePane::fillFacts()
{
    m_facts->clear();
    if (!m_tree || m_node == ImageTree::root)
        return;
    using Face = FactSheet::Face;
    const ImageTree& tree = m_tree->tree();
    const ImageTree::Node& node = tree.at(m_node);
    const layers::Record& record = tree.record(m_node);
    m_facts->addSection(kindText(record));
    m_facts->addFact(tr("Path"), u'/' + shownName(m_path), Face::Fixed);
    if (record.kind == Kind::Symlink || record.is(layers::Record::hardLink))
        m_facts->addFact(tr("Points to"), shownName(tree.link(m_node)), Face::Fixed);
    const auto bytes = record.kind == Kind::File ? record.size : node.size;
    const QString size = sizeText(std::int64_t(bytes));
    m_facts->addFact(
        tr("Size"), bytes < 1024 ? size : tr("%1 (%2 bytes)").arg(size, QLocale().toString(qulonglong(bytes))));
    m_facts->addFact(tr("Mode"),
        QStringLiteral("%1 (%2)").arg(modeText(record)).arg(record.mode, 4, 8, QLatin1Char('0')), Face::Fixed);
    m_facts->addFact(tr("Owner"), tr("user %1, group %2").arg(record.uid).arg(record.gid));
    m_facts->addFact(tr("Modified"), modifiedText(record, TimeStyle::Long));
    m_facts->addFact(tr("Layer"),
        tr("%1%2")
            .arg(node.layer + 1)
            .arg(node.change == layers::Change::None
                    ? QString()
                    : tr(", %1 at layer %2").arg(changeText(node.change).toLower()).arg(m_place + 1)));
    if (const packages::Package* const owner = m_packages ? m_packages->ownerOf(m_path) : nullptr)
        m_facts->addFact(tr("Package"), tr("%1 %2 (%3)").arg(shownName(owner->name), shownName(owner->version),
                                            QString::fromLatin1(packages::typeName(owner->type))));
    if (record.kind == Kind::File && record.content != layers::ContentId())
        m_facts->addFact(tr("Content"), contentText(record.content), Face::Fixed);
    if (record.xattrs != 0)
        m_facts->addFact(tr("Extended attributes"), tr("has some"));
    if (m_program)
        fillProgram();
}

void FilePane::fillProgram()
{
    using Face = FactSheet::Face;
    const elf::ElfFile& program = *m_program;
    m_facts->addSection(program.positionIndependent || program.type == 2 ? tr("Program") : tr("Binary"));
    m_facts->addFact(tr("Machine"), tr("%1, %2 bit").arg(QString::fromStdString(elf::machineName(program.machine)))
                                        .arg(program.wide ? 64 : 32));
    const auto add = [this](const QString& key, const std::string& value) {
        if (!value.empty())
            m_facts->addFact(key, shownName(value), Face::Fixed);
    };
    add(tr("Interpreter"), program.interpreter);
    add(tr("Name as a library"), program.soname);
    QStringList needed;
    for (const std::string& library : program.needed)
        needed << shownName(library);
    if (!needed.isEmpty())
        m_facts->addFact(tr("Needs"), needed.join(u'\n'), Face::Fixed);
    add(tr("Looks for them in"), program.runPath);
    add(tr("Build ID"), program.buildId);
    if (program.complete)
        m_facts->addFact(tr("Symbols"), program.stripped ? tr("stripped") : tr("not stripped"));
}

} // namespace rocker::gui
