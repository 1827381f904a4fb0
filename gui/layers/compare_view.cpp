#include "gui/layers/compare_view.h"

#include "gui/layers/background.h"
#include "gui/layers/difference_model.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/subject.h"
#include "gui/layers/text_difference_view.h"
#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QSaveFile>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace rocker::gui {

using layers::Change;
using layers::ImageTree;

namespace {

QString wholeName(const CompareView::Choice& choice)
{
    switch (choice.kind) {
    case CompareView::Choice::Kind::Container:
        return CompareView::tr("container %1").arg(choice.shown);
    case CompareView::Choice::Kind::Archive:
        return CompareView::tr("archive %1").arg(choice.shown);
    case CompareView::Choice::Kind::Image:
        break;
    }
    return choice.shown;
}

} // namespace

QString CompareView::Side::name() const
{
    return layer < 0 ? shown : tr("%1, layer %2").arg(shown).arg(layer + 1);
}

std::vector<layers::LayerIndex> CompareView::Side::indexes() const
{
    return layer < 0 ? image->indexes : std::vector{image->indexes[std::size_t(layer)]};
}

std::size_t CompareView::Side::layerOf(const ImageTree& tree, std::uint32_t node) const
{
    return layer < 0 ? tree.at(node).layer : std::size_t(layer);
}

CompareView::CompareView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_source(source), m_model(new DifferenceModel(this)), m_others(new QComboBox),
      m_otherPart(new QComboBox), m_ownPart(new QComboBox), m_filter(new QLineEdit), m_changes(new QComboBox),
      m_counts(new QLabel), m_export(new QToolButton), m_tabs(new QTabWidget), m_table(new Table),
      m_content(new TextDifferenceView(source)), m_settings(new QTableWidget),
      m_empty(new EmptyState(QStringLiteral("compare"))), m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("compareView"));
    m_tabs->setObjectName(QStringLiteral("compareTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildFiles(), QString());
    m_tabs->addTab(buildSettings(), QString());
    m_stack->addWidget(m_tabs);
    m_stack->addWidget(m_empty);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildChoice());
    column->addWidget(m_stack, 1);
    connect(m_others, &QComboBox::activated, this, &CompareView::choose);
    for (QComboBox* part : {m_otherPart, m_ownPart})
        connect(part, &QComboBox::activated, this, &CompareView::compare);
    connect(m_filter, &QLineEdit::textChanged, this, &CompareView::refilter);
    connect(m_changes, &QComboBox::currentIndexChanged, this, &CompareView::refilter);
    connect(m_export, &QToolButton::clicked, this, &CompareView::exportReport);
    connect(m_empty, &EmptyState::activated, this, &CompareView::chooseArchive);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (m_model->at(index.row()).change != Change::Removed)
            Q_EMIT fileWanted(m_model->at(index.row()).path);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CompareView::showContent);
    setImage({}, {}, {});
}

void CompareView::setImage(SharedImage image, const std::string& subject, const QString& shown)
{
    m_own = {std::move(image), shown, -1};
    m_other = {};
    m_subject = subject;
    m_chosen.clear();
    refillChoices();
    fillParts(m_ownPart, m_own.image);
    fillParts(m_otherPart, {});
    showComparison({});
}

void CompareView::setChoices(std::vector<Choice> choices)
{
    m_choices = std::move(choices);
    refillChoices();
}

void CompareView::refillChoices()
{
    const QSignalBlocker quiet(m_others);
    m_others->clear();
    m_others->setPlaceholderText(tr("Choose an image, a container or an archive"));
    const auto add = [this](const Choice& choice) {
        // An image's reference is not its ID, by which it was opened.
        if (choice.subject != m_subject && (choice.kind != Choice::Kind::Image || choice.shown != m_own.shown))
            m_others->addItem(shownName(wholeName(choice).toStdString()), QString::fromStdString(choice.subject));
    };
    for (const auto* list : {&m_choices, &m_archives})
        for (const Choice& choice : *list)
            add(choice);
    if (m_others->count() > 0)
        m_others->insertSeparator(m_others->count());
    m_others->addItem(gui::icon(QStringLiteral("open")), tr("Archive on disk…"), QString());
    m_others->setCurrentIndex(m_chosen.empty() ? -1 : m_others->findData(QString::fromStdString(m_chosen)));
}

void CompareView::choose()
{
    const std::string subject = m_others->currentData().toString().toStdString();
    if (subject.empty()) {
        refillChoices(); // what is compared with stays until another archive is chosen
        chooseArchive();
        return;
    }
    for (const auto* list : {&m_choices, &m_archives})
        for (const Choice& choice : *list)
            if (choice.subject == subject)
                return compareWith(Choice(choice));
}

void CompareView::chooseArchive()
{
    auto* dialog = new QFileDialog(this, tr("Compare with an archive"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("compareArchiveDialog"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const Choice choice{QFileInfo(path).fileName(), archiveSubject(path), Choice::Kind::Archive};
        std::erase_if(m_archives, [&](const Choice& other) { return other.subject == choice.subject; });
        m_archives.push_back(choice);
        compareWith(choice);
    });
    dialog->open();
}

void CompareView::fillParts(QComboBox* parts, const SharedImage& image)
{
    const QSignalBlocker quiet(parts);
    parts->clear();
    parts->addItem(tr("All layers"), -1);
    for (std::size_t i = 0; image && i < image->indexes.size(); ++i) {
        const QString step = shownName(image->layers[i].createdBy).left(60);
        parts->addItem(tr("Layer %1").arg(i + 1), int(i));
        parts->setItemData(parts->count() - 1, plainToolTip(step), Qt::ToolTipRole);
    }
    parts->setVisible(image && image->indexes.size() > 1);
}

void CompareView::say(const QString& title, const QString& explanation)
{
    m_empty->setTexts(title, explanation);
    m_empty->setAction({});
    m_stack->setCurrentWidget(m_empty);
}

void CompareView::compareWith(const Choice& choice)
{
    if (!m_own.image)
        return;
    m_chosen = choice.subject;
    m_other = {};
    refillChoices();
    fillParts(m_otherPart, {});
    showComparison({});
    const quint64 wish = ++m_wish;
    say(tr("Comparing…"), {});
    m_source.image(choice.subject).then(this, [this, wish, choice](const Result<SharedImage>& other) {
        if (wish != m_wish)
            return;
        if (!other || (*other)->indexes.empty()) {
            say(tr("They cannot be compared"),
                other ? tr("%1 has no layers.").arg(choice.shown) : sentence(text(other.error().what)));
            return;
        }
        m_other = {*other, wholeName(choice), -1};
        fillParts(m_otherPart, m_other.image);
        compare();
    });
}

void CompareView::compare()
{
    if (!m_own.image || !m_other.image)
        return;
    m_own.layer = m_ownPart->currentData().toInt();
    m_other.layer = m_otherPart->currentData().toInt();
    const quint64 wish = ++m_wish;
    say(tr("Comparing…"), {});
    inBackground([first = m_other, second = m_own]() -> SharedComparison {
        // One layer has no configuration.
        const auto settings = [](const Side& side) { return side.layer < 0 ? side.image->settings : layout::Settings(); };
        const bool both = first.layer < 0 && second.layer < 0;
        return std::make_shared<const ImageComparison>(first.name(), first.indexes(), second.name(), second.indexes(),
            both ? settings(first) : layout::Settings(), both ? settings(second) : layout::Settings());
    }).then(this, [this, wish](const SharedComparison& comparison) {
        if (wish == m_wish)
            showComparison(comparison);
    });
}

void CompareView::showComparison(SharedComparison comparison)
{
    ++m_wish;
    m_comparison = std::move(comparison);
    m_model->setComparison(m_comparison);
    m_export->setEnabled(m_comparison != nullptr);
    m_content->say({});
    fillSettings();
    m_counts->setVisible(m_comparison != nullptr);
    if (!m_comparison) {
        say(tr("Compare with something else"),
            tr("Choose an image, a container or an archive above: what has been added, changed and removed since then is "
               "listed here."));
        m_empty->setAction(tr("Choose an archive…"));
        return;
    }
    m_counts->setText(
        QStringLiteral("+%1 ~%2 −%3").arg(m_comparison->added).arg(m_comparison->changed).arg(m_comparison->removed));
    m_counts->setAccessibleName(tr("%1 added, %2 changed, %3 removed")
                                    .arg(m_comparison->added)
                                    .arg(m_comparison->changed)
                                    .arg(m_comparison->removed));
    m_counts->setToolTip(m_counts->accessibleName());
    refilter();
}

void CompareView::fillSettings()
{
    const auto settings = m_comparison ? m_comparison->settings() : std::vector<layout::SettingDifference>();
    m_settings->setRowCount(int(settings.size()));
    for (int row = 0; row < int(settings.size()); ++row) {
        const layout::SettingDifference& setting = settings[std::size_t(row)];
        const Change change = !setting.first ? Change::Added : setting.second ? Change::Changed : Change::Removed;
        auto* what = new QTableWidgetItem(changeLetter(change) + QStringLiteral(" ") + changeText(change));
        what->setData(ToneRole, int(changeTone(change)));
        m_settings->setItem(row, 0, what);
        int column = 1;
        for (const std::string* words : {&setting.name, &setting.before, &setting.after}) {
            auto* item = new QTableWidgetItem(shownName(*words));
            item->setToolTip(plainToolTip(item->text()));
            m_settings->setItem(row, column++, item);
        }
    }
    const std::size_t files = m_comparison ? m_comparison->differences.size() : 0;
    m_tabs->setTabText(0, tr("Files (%1)").arg(files));
    m_tabs->setTabText(1, tr("Configuration (%1)").arg(settings.size()));
}

void CompareView::refilter()
{
    m_model->setFilter(m_filter->text(), m_changes->currentData().toUInt());
    if (!m_comparison)
        return;
    if (m_comparison->differences.empty() && m_settings->rowCount() == 0) {
        say(tr("No difference"), tr("A container sees the same in both."));
        return;
    }
    m_content->say(m_model->rowCount() == 0 ? tr("No file differs in what the filter asks for.")
                                            : tr("Select a file to see what has changed in it."));
    m_stack->setCurrentWidget(m_tabs);
}

void CompareView::showContent()
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid() || !m_comparison || index.row() >= m_model->rowCount())
        return;
    const layers::Difference& difference = m_model->at(index.row());
    if (difference.change != Change::Changed) {
        m_content->say(difference.change == Change::Added ? tr("Only %1 has it.").arg(m_comparison->second)
                                                          : tr("Only %1 has it.").arg(m_comparison->first));
        return;
    }
    const auto versionOf = [&](const Side& side, const ImageTree& tree, std::uint32_t node) {
        return TextDifferenceView::Version{side.image->id, side.layerOf(tree, node), difference.path, tree.record(node)};
    };
    m_content->compare(versionOf(m_other, m_comparison->firstTree, difference.first),
        versionOf(m_own, m_comparison->secondTree, difference.second));
}

void CompareView::exportReport()
{
    if (!m_comparison)
        return;
    auto* dialog = new QFileDialog(this, tr("Save the report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("reportDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Text (*.txt)"), tr("JSON (*.json)"), tr("HTML (*.html)")});
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, comparison = m_comparison](const QString& path) {
        const ReportForm form = path.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive) ? ReportForm::Json
            : path.endsWith(QStringLiteral(".html"), Qt::CaseInsensitive)                   ? ReportForm::Html
                                                                                            : ReportForm::Text;
        inBackground([comparison, path, form]() -> Result<> {
            QSaveFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(comparisonReport(*comparison, form)) < 0
                || !file.commit())
                return fail(
                    ErrorCode::Internal, "write '{}': {}", path.toStdString(), file.errorString().toStdString());
            return {};
        }).then(this, [this, path](const Result<>& saved) {
            if (saved)
                Q_EMIT done(tr("The report was saved as %1.").arg(path));
            else
                Q_EMIT failed(tr("The report could not be saved"), saved.error());
        });
    });
    dialog->open();
}

} // namespace rocker::gui
