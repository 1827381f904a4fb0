#include "gui/layers/packages_view.h"

#include "gui/layers/background.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/packages_model.h"
#include "gui/models/filter_model.h"
#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/fact_sheet.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace rocker::gui {

PackagesView::PackagesView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_source(source), m_model(new PackagesModel(this)),
      m_filtered(new FilterModel(m_model, this)), m_table(new Table), m_filter(new QLineEdit), m_summary(new QLabel),
      m_notes(new QLabel), m_save(new QPushButton(tr("Save bill of materials…"))),
      m_splitter(new QSplitter(Qt::Vertical)), m_facts(new FactSheet), m_files(new QListWidget),
      m_filesTitle(new QLabel), m_stack(new QStackedWidget), m_empty(new EmptyState(QStringLiteral("inspect")))
{
    setObjectName(QStringLiteral("packagesView"));
    m_table->setObjectName(QStringLiteral("packageTable"));
    m_table->setAccessibleName(tr("Packages"));
    m_table->setModel(m_filtered);
    m_table->setItemDelegate(new StateDelegate(m_table));
    m_table->setColumns({{3, 0}, {3, 0}, {0, 9}, {0, 14}, {3, 0}, {0, 9}, {0, 12}});
    m_table->sortByColumn(PackagesModel::Name, Qt::AscendingOrder);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(buildDetails());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    auto* filled = new QWidget;
    filled->setProperty("role", QStringLiteral("sheet"));
    auto* column = new QVBoxLayout(filled);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(m_splitter, 1);
    m_stack->addWidget(filled);
    m_stack->addWidget(m_empty);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->addWidget(m_stack);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& typed) {
        m_filtered->setFilterText(typed);
        refresh();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PackagesView::select);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        const packages::Package& package = m_model->package(m_filtered->mapToSource(index).row());
        Q_EMIT fileWanted(m_packages->placeOf(!package.files.empty() ? package.files.front()
                : !package.directory.empty()                         ? package.directory
                                                                     : package.database));
    });
    connect(m_files, &QListWidget::itemActivated, this,
        [this](QListWidgetItem* item) {
            Q_EMIT fileWanted(m_packages->placeOf(item->data(Qt::UserRole).toByteArray().toStdString()));
        });
    connect(m_empty, &EmptyState::activated, this, [this] {
        m_asked = false;
        read();
    });
    setImage({});
}

QWidget* PackagesView::buildHead()
{
    m_summary->setObjectName(QStringLiteral("packagesSummary"));
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_summary->setTextFormat(Qt::PlainText);
    m_notes->setObjectName(QStringLiteral("packagesNotes"));
    m_notes->setProperty("role", QStringLiteral("problem"));
    m_notes->setTextFormat(Qt::PlainText);
    m_notes->setWordWrap(true);
    m_filter->setObjectName(QStringLiteral("packageFilter"));
    m_filter->setPlaceholderText(tr("Filter packages"));
    m_filter->setAccessibleName(tr("Filter packages"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(40 * Theme::unit);
    m_save->setObjectName(QStringLiteral("saveBill"));
    m_save->setToolTip(tr("Everything that is installed, as a document that other programs read"));
    auto* menu = new QMenu(m_save);
    menu->addAction(tr("&SPDX 2.3…"), this, [this] { saveBill(packages::SbomFormat::Spdx); });
    menu->addAction(tr("&CycloneDX 1.6…"), this, [this] { saveBill(packages::SbomFormat::CycloneDx); });
    connect(m_save, &QPushButton::clicked, menu, [this, menu] {
        menu->popup(m_save->mapToGlobal(QPoint(0, m_save->height())));
    });
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * Theme::unit);
    row->addWidget(m_filter, 2);
    row->addWidget(m_summary, 1);
    row->addStretch(1);
    row->addWidget(m_save);
    auto* head = new QWidget;
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(2 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit);
    column->setSpacing(Theme::unit);
    column->addLayout(row);
    column->addWidget(m_notes);
    return head;
}

QWidget* PackagesView::buildDetails()
{
    m_facts->setObjectName(QStringLiteral("packageFacts"));
    m_facts->setAccessibleName(tr("Facts about the package"));
    m_files->setObjectName(QStringLiteral("packageFiles"));
    m_files->setAccessibleName(tr("Files of the package"));
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setUniformItemSizes(true);
    m_files->setSpacing(1);
    m_filesTitle->setProperty("role", QStringLiteral("section"));
    m_filesTitle->setContentsMargins(0, 2 * Theme::unit, 0, Theme::unit / 2);
    auto* right = new QWidget;
    right->setProperty("role", QStringLiteral("sheet"));
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(3 * Theme::unit, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_filesTitle);
    column->addWidget(m_files, 1);
    auto* across = new QSplitter;
    across->setHandleWidth(1);
    across->setChildrenCollapsible(false);
    across->addWidget(m_facts);
    across->addWidget(right);
    across->setStretchFactor(0, 1);
    across->setStretchFactor(1, 1);
    across->setSizes({50 * Theme::unit, 50 * Theme::unit});
    across->setMinimumHeight(18 * Theme::unit);
    return across;
}

void PackagesView::setImage(SharedImage image)
{
    ++m_wish;
    m_image = std::move(image);
    m_packages.reset();
    m_model->setPackages({});
    m_asked = false;
    m_filter->clear();
    refresh();
    if (m_image && isVisible())
        read();
}

void PackagesView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    read();
}

void PackagesView::read()
{
    if (!m_image || m_image->indexes.empty() || std::exchange(m_asked, true))
        return;
    m_empty->setTexts(tr("Looking for packages…"), {});
    m_empty->setAction({});
    const quint64 wish = m_wish;
    (new PackageReading(m_source, m_image, this))->start().then(this, [this, wish](const Result<SharedPackages>& found) {
        if (wish == m_wish)
            receive(found);
    });
}

void PackagesView::receive(const Result<SharedPackages>& packages)
{
    if (!packages) {
        m_empty->setTexts(tr("The packages cannot be told"), sentence(text(packages.error().what)));
        m_empty->setAction(tr("Try again"));
        return;
    }
    m_packages = *packages;
    m_model->setPackages(m_packages);
    refresh();
    if (m_filtered->rowCount() > 0)
        m_table->selectRow(0);
    Q_EMIT packagesRead(m_packages);
}

void PackagesView::refresh()
{
    const bool some = m_packages && !m_packages->inventory.packages.empty();
    if (!m_packages) {
        m_empty->setTexts(tr("Looking for packages…"), {});
        m_empty->setAction({});
    } else if (!some) {
        QString notes;
        for (const std::string& note : m_packages->inventory.notes)
            notes += sentence(shownName(note)) + u'\n';
        m_empty->setTexts(tr("No packages"),
            notes.isEmpty() ? tr("Nothing in the image says what is installed: no data base of dpkg, apk or rpm, no "
                                 "Python and no npm package.")
                            : notes);
        m_empty->setAction({});
    }
    m_stack->setCurrentIndex(some ? 0 : 1);
    if (!some)
        return;
    const std::size_t all = m_packages->inventory.packages.size();
    const QString distribution = shownName(m_packages->inventory.distribution.name);
    const QString count = m_filtered->words().isEmpty()
        ? countText(all, "1 package", "%1 packages")
        : tr("%1 of %2").arg(m_filtered->rowCount()).arg(countText(all, "1 package", "%1 packages"));
    m_summary->setText(distribution.isEmpty() ? count : tr("%1 in %2").arg(count, distribution));
    QStringList notes;
    for (std::size_t i = 0; i < m_packages->inventory.notes.size() && i < 3; ++i)
        notes << sentence(shownName(m_packages->inventory.notes[i]));
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
}

void PackagesView::select()
{
    m_facts->clear();
    m_files->clear();
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_filesTitle->setText({});
    if (rows.isEmpty() || !m_packages)
        return;
    const packages::Package& package = m_model->package(m_filtered->mapToSource(rows.front()).row());
    fillFacts(package);
    fillFiles(package);
}

void PackagesView::fillFacts(const packages::Package& package)
{
    using Face = FactSheet::Face;
    const auto add = [this](const QString& key, const std::string& value, Face face = Face::Text) {
        if (!value.empty())
            m_facts->addFact(key, shownName(value), face);
    };
    m_facts->addSection(shownName(package.name));
    add(tr("What it is"), package.summary);
    add(tr("Version"), package.version, Face::Fixed);
    add(tr("Architecture"), package.architecture);
    if (!package.source.empty())
        add(tr("Built from"), package.source + (package.sourceVersion.empty() ? "" : " " + package.sourceVersion));
    add(tr("Licence"), package.license);
    add(tr("Maintainer"), package.maintainer);
    add(tr("Vendor"), package.vendor);
    add(tr("Home page"), package.homepage);
    if (package.installedSize > 0)
        m_facts->addFact(tr("Size"), sizeText(std::int64_t(package.installedSize)));
    const bool told = m_image && package.layer < m_image->layers.size() && !m_image->layers[package.layer].createdBy.empty();
    m_facts->addFact(tr("Brought by"),
        told ? tr("layer %1: %2").arg(package.layer + 1).arg(buildStep(m_image->layers[package.layer].createdBy).left(300))
             : tr("layer %1").arg(package.layer + 1));
    add(tr("Told by"), "/" + package.database, Face::Fixed);
}

void PackagesView::fillFiles(const packages::Package& package)
{
    constexpr std::size_t shown = 5000;
    for (std::size_t i = 0; i < package.files.size() && i < shown; ++i) {
        auto* item = new QListWidgetItem(u'/' + shownName(package.files[i]), m_files);
        item->setData(Qt::UserRole, QByteArray::fromStdString(package.files[i]));
    }
    if (!package.directory.empty()) {
        auto* item = new QListWidgetItem(tr("/%1 and all below").arg(shownName(package.directory)), m_files);
        item->setData(Qt::UserRole, QByteArray::fromStdString(package.directory));
    }
    m_filesTitle->setText(package.files.size() > shown
            ? tr("The first %1 of %2 files").arg(shown).arg(package.files.size())
            : package.files.empty() && package.directory.empty() ? tr("Its files are not told")
            : package.files.empty() ? tr("Files")
                                    : countText(package.files.size(), "1 file", "%1 files"));
}

void PackagesView::saveBill(packages::SbomFormat format)
{
    if (!m_packages || !m_image)
        return;
    const bool spdx = format == packages::SbomFormat::Spdx;
    auto* dialog = new QFileDialog(this, tr("Save the bill of materials"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("saveBillDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QString(shownName(m_image->name)).replace(u'/', u'_').replace(u':', u'_')
        + (spdx ? QStringLiteral(".spdx.json") : QStringLiteral(".cdx.json")));
    connect(dialog, &QFileDialog::fileSelected, this, [this, format, packages = m_packages, image = m_image](const QString& target) {
        inBackground([format, packages, image] {
            return packages::billOfMaterials(format, subjectOf(*image), packages->inventory);
        }).then(this, [this, target](const std::string& document) {
            QSaveFile file(target);
            if (file.open(QIODevice::WriteOnly) && file.write(document.data(), qint64(document.size())) == qint64(document.size())
                && file.commit())
                Q_EMIT done(tr("The bill of materials was saved as %1.").arg(target));
            else
                Q_EMIT failed(tr("The bill of materials could not be saved"),
                    Error{ErrorCode::Internal, 0, file.errorString().toStdString()});
        });
    });
    dialog->open();
}

void PackagesView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

} // namespace rocker::gui
