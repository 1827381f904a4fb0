#include "gui/pages/images/image_details.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/pages/images/text_cell.h"
#include "gui/widgets/state_delegate.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QHeaderView>
#include <QStandardItemModel>

namespace rocker::gui {

namespace {

QString lines(const std::vector<std::string>& values)
{
    QStringList list;
    for (const std::string& value : values)
        list << text(value);
    return list.join(u'\n');
}

} // namespace

ImageDetailsPane::ImageDetailsPane(HelperClient& client, QWidget* parent) : FactSheet(parent), m_client(client)
{
    setObjectName(QStringLiteral("imageDetails"));
    setAccessibleName(tr("Details of the image"));
}

void ImageDetailsPane::setImage(const ImageRow* row)
{
    const std::string name = row ? row->name() : std::string();
    if (name == m_name)
        return;
    m_name = name;
    clear();
    if (!row)
        return;
    m_client.call<protocol::Images, protocol::InspectImage>({m_name}).then(
        this, [this, name](const Result<protocol::InspectImage::Reply>& reply) {
            if (name != m_name)
                return;
            if (reply) {
                fill(*reply);
                return;
            }
            clear();
            addSection(tr("The details cannot be shown"));
            addFact(tr("Reason"), text(reply.error().what));
            m_name.clear(); // asked again when it is selected again
        });
}

void ImageDetailsPane::fill(const protocol::InspectImage::Reply& reply)
{
    const protocol::Image& image = reply.image;
    const protocol::ImageDetails& details = reply.details;
    clear();
    addSection(tr("Layers, the top one first"));
    addWidget(layerTable(details.layers));
    addSection(tr("Image"));
    addFact(tr("References"), lines(image.references));
    addFact(tr("ID"), text(image.id), Face::Fixed);
    if (!details.manifestDigest.empty())
        addFact(tr("Manifest"), text(details.manifestDigest), Face::Fixed);
    addFact(tr("Created"), QLocale().toString(timeOf(image.createdAt), QLocale::LongFormat));
    addFact(tr("Architecture"), text(image.architecture));
    addFact(tr("Size"), sizeText(image.size));
    addFact(tr("On disk"),
            details.sharedSize == 0 ? tr("%1, all its own").arg(sizeText(details.ownSize))
                                    : tr("%1 of its own, %2 shared with other images").arg(sizeText(details.ownSize), sizeText(details.sharedSize)));
    addFact(tr("Used by"), details.usedBy.empty() ? tr("no container of yours") : lines(details.usedBy));
    addSection(tr("What a container gets from it"));
    addFact(tr("Entrypoint"), commandText(details.entrypoint), Face::Fixed);
    addFact(tr("Command"), commandText(details.command), Face::Fixed);
    addFact(tr("Environment"), lines(details.environment), Face::Fixed);
    addFact(tr("Working directory"), text(details.workingDirectory), Face::Fixed);
    addFact(tr("User"), details.user.empty() ? tr("root") : text(details.user));
    addFact(tr("Ports"), lines(details.exposedPorts));
    addFact(tr("Volumes"), lines(details.volumes), Face::Fixed);
    if (!details.stopSignal.empty())
        addFact(tr("Stop signal"), text(details.stopSignal));
    if (!details.labels.empty()) {
        addSection(tr("Labels"));
        for (const auto& [name, value] : details.labels)
            addFact(text(name), text(value), Face::Fixed);
    }
    if (!details.history.empty()) {
        addSection(tr("History, the first step first"));
        addWidget(historyTable(details.history));
    }
}

QWidget* ImageDetailsPane::layerTable(const std::vector<protocol::ImageLayer>& layers)
{
    auto* table = new Table;
    auto* model = new QStandardItemModel(0, 4, table);
    model->setHorizontalHeaderLabels({tr("Made by"), tr("Digest"), tr("Files"), tr("Size")});
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
        model->appendRow({textCell(layer->createdBy.empty() ? tr("not told") : buildStep(layer->createdBy)),
                          textCell(shortId(layer->diffId)), textCell(QLocale().toString(qlonglong(layer->files)), Qt::AlignRight | Qt::AlignVCenter),
                          textCell(sizeText(layer->size), Qt::AlignRight | Qt::AlignVCenter)});
    for (int row = 0; row < model->rowCount(); ++row)
        model->item(row, 1)->setToolTip(text(layers[layers.size() - 1 - std::size_t(row)].diffId));
    for (int column : {2, 3})
        model->setHeaderData(column, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    table->setObjectName(QStringLiteral("layerTable"));
    table->setAccessibleName(tr("Layers of the image"));
    finished(table, model, 8);
    table->setColumns({{1, 0}, {0, 16}, {0, 10}, {0, 13}});
    return table;
}

// Every step, those that made no layer as well: who set the command, opened a port, changed the user.
QWidget* ImageDetailsPane::historyTable(const std::vector<protocol::ImageStep>& steps)
{
    auto* table = new Table;
    auto* model = new QStandardItemModel(0, 3, table);
    model->setHorizontalHeaderLabels({tr("Step"), tr("Makes"), tr("When")});
    int layer = 0;
    for (const protocol::ImageStep& step : steps) {
        const QString said = step.createdBy.empty() ? tr("not told") : buildStep(step.createdBy);
        const QString comment = step.comment.empty() ? QString() : QStringLiteral(" — ") + shownName(step.comment);
        model->appendRow({textCell(said + comment), textCell(step.emptyLayer ? tr("only settings") : tr("layer %1").arg(++layer)),
                          textCell(QLocale().toString(timeOf(step.createdAt), QLocale::ShortFormat))});
    }
    table->setObjectName(QStringLiteral("historyTable"));
    table->setAccessibleName(tr("Steps of the image's making"));
    finished(table, model, 12);
    table->setColumns({{1, 0}, {0, 16}, {0, 20}});
    return table;
}

QWidget* ImageDetailsPane::finished(Table* table, QStandardItemModel* model, int shownRows)
{
    table->setSortingEnabled(false);
    table->setModel(model);
    auto* delegate = new StateDelegate(table);
    delegate->setLeadIn(0);
    table->setItemDelegate(delegate);
    const int rows = std::min(shownRows, model->rowCount());
    table->setFixedHeight(table->horizontalHeader()->height() + rows * table->verticalHeader()->defaultSectionSize() + 2);
    return table;
}

} // namespace rocker::gui
