#include "gui/pages/images/image_details.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
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

QStandardItem* cell(const QString& text, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter)
{
    auto* item = new QStandardItem(text);
    item->setToolTip(plainToolTip(text));
    item->setTextAlignment(alignment);
    item->setEditable(false);
    return item;
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
}

QWidget* ImageDetailsPane::layerTable(const std::vector<protocol::ImageLayer>& layers)
{
    auto* table = new Table;
    auto* model = new QStandardItemModel(0, 4, table);
    model->setHorizontalHeaderLabels({tr("Made by"), tr("Digest"), tr("Files"), tr("Size")});
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
        model->appendRow({cell(layer->createdBy.empty() ? tr("not told") : buildStep(layer->createdBy)),
                          cell(shortId(layer->diffId)), cell(QLocale().toString(qlonglong(layer->files)), Qt::AlignRight | Qt::AlignVCenter),
                          cell(sizeText(layer->size), Qt::AlignRight | Qt::AlignVCenter)});
    for (int row = 0; row < model->rowCount(); ++row)
        model->item(row, 1)->setToolTip(text(layers[layers.size() - 1 - std::size_t(row)].diffId));
    for (int column : {2, 3})
        model->setHeaderData(column, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    table->setObjectName(QStringLiteral("layerTable"));
    table->setAccessibleName(tr("Layers of the image"));
    table->setSortingEnabled(false);
    table->setModel(model);
    auto* delegate = new StateDelegate(table);
    delegate->setLeadIn(0);
    table->setItemDelegate(delegate);
    table->setColumns({{1, 0}, {0, 16}, {0, 10}, {0, 13}});
    const int rows = std::min(8, model->rowCount());
    table->setFixedHeight(table->horizontalHeader()->height() + rows * table->verticalHeader()->defaultSectionSize() + 2);
    return table;
}

} // namespace rocker::gui
