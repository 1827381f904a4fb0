#include "gui/pages/images/prune_dialog.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/pages/images/text_cell.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

QString nameOf(const protocol::Image& image)
{
    return image.references.empty() ? QObject::tr("without a name (%1)").arg(shortId(image.id)) : text(image.references.front());
}

} // namespace

PruneDialog::PruneDialog(HelperClient& client, QWidget* parent)
    : QDialog(parent), m_client(client), m_all(new QCheckBox(tr("&Those with names as well, when no container uses them"))),
      m_age(new QComboBox), m_model(new QStandardItemModel(0, 3, this)), m_table(new Table), m_summary(new QLabel)
{
    setObjectName(QStringLiteral("pruneDialog"));
    setWindowTitle(tr("Clean up the images"));
    m_all->setObjectName(QStringLiteral("pruneAll"));
    m_age->setObjectName(QStringLiteral("pruneAge"));
    m_age->setAccessibleName(tr("Age"));
    m_age->addItem(tr("Of any age"), 0);
    m_age->addItem(tr("Made more than a day ago"), 1);
    m_age->addItem(tr("Made more than a week ago"), 7);
    m_age->addItem(tr("Made more than a month ago"), 30);
    m_age->addItem(tr("Made more than a year ago"), 365);
    m_model->setHorizontalHeaderLabels({tr("Image"), tr("Frees"), tr("What happens")});
    m_model->setHeaderData(1, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    m_table->setObjectName(QStringLiteral("pruneTable"));
    m_table->setAccessibleName(tr("What would happen to the images"));
    m_table->setSortingEnabled(false);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new StateDelegate(m_table));
    m_table->setColumns({{1, 0}, {0, 14}, {1, 0}});
    m_table->setMinimumSize(84 * Theme::unit, 36 * Theme::unit);
    m_summary->setObjectName(QStringLiteral("pruneSummary"));
    m_summary->setProperty("role", QStringLiteral("title"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    auto* buttons = new DialogButtons(QStringLiteral("pruneAccept"), tr("Remove"), this, DialogButtons::Kind::Danger);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &PruneDialog::submit);
    connect(m_all, &QCheckBox::toggled, this, &PruneDialog::preview);
    connect(m_age, &QComboBox::currentIndexChanged, this, &PruneDialog::preview);

    auto* choices = new QHBoxLayout;
    choices->setSpacing(2 * Theme::unit);
    choices->addWidget(m_all, 1);
    choices->addWidget(m_age);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    column->addWidget(m_summary);
    column->addLayout(choices);
    column->addWidget(m_table, 1);
    column->addWidget(buttons);
    preview();
}

protocol::PruneImages::Parameters PruneDialog::wishes(bool dryRun) const
{
    protocol::PruneImages::Parameters parameters{.all = m_all->isChecked(), .dryRun = dryRun};
    if (const int days = m_age->currentData().toInt(); days > 0)
        parameters.until = QDateTime::currentSecsSinceEpoch() - qint64(days) * 24 * 60 * 60;
    return parameters;
}

void PruneDialog::preview()
{
    const quint64 wish = ++m_wish;
    m_accept->setEnabled(false);
    m_summary->setText(tr("Looking what could go…"));
    m_client.call<protocol::Images, protocol::PruneImages>(wishes(true)).then(
        this, [this, wish](const Result<protocol::PruneImages::Reply>& reply) {
            if (wish == m_wish)
                show(reply);
        });
}

void PruneDialog::show(const Result<protocol::PruneImages::Reply>& reply)
{
    m_model->removeRows(0, m_model->rowCount());
    if (!reply) {
        m_summary->setText(sentence(text(reply.error().what)));
        return;
    }
    std::size_t going = 0;
    for (const protocol::PruneRow& row : reply->images) {
        const bool goes = row.kept.empty();
        going += goes;
        const QString why = row.kept.starts_with("used ") ? tr("stays: is %1").arg(text(row.kept)) : tr("stays: %1").arg(text(row.kept));
        m_model->appendRow({textCell(nameOf(row.image)), textCell(goes ? sizeText(row.freed) : QString(), Qt::AlignRight | Qt::AlignVCenter),
                            textCell(goes ? tr("is removed for good") : why)});
    }
    m_summary->setText(going == 0 ? tr("There is nothing to clean up")
                                  : tr("%1 would go, and %2 be freed").arg(countText(going, "1 image", "%1 images"), sizeText(reply->freed)));
    m_accept->setEnabled(going > 0);
    m_accept->setText(going == 0 ? tr("Remove") : tr("Remove %1").arg(countText(going, "1 image", "%1 images")));
}

void PruneDialog::submit()
{
    ++m_wish;
    m_accept->setEnabled(false);
    m_summary->setText(tr("Removing…"));
    m_client.call<protocol::Images, protocol::PruneImages>(wishes(false))
        .then(this, [this](const Result<protocol::PruneImages::Reply>& reply) {
            if (!reply) {
                show(reply);
                return;
            }
            std::size_t gone = 0;
            for (const protocol::PruneRow& row : reply->images)
                gone += row.kept.empty();
            Q_EMIT pruned(tr("%1 removed, %2 freed.").arg(countText(gone, "1 image was", "%1 images were"), sizeText(reply->freed)));
            accept();
        });
}

} // namespace rocker::gui
