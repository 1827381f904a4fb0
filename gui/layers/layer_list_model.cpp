#include "gui/layers/layer_list_model.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"

namespace rocker::gui {

void LayerListModel::setImage(SharedImage image)
{
    beginResetModel();
    m_image = std::move(image);
    m_sums.clear();
    m_total = 0;
    for (std::size_t i = 0; m_image && i < m_image->indexes.size(); ++i) {
        const layers::LayerIndex& index = m_image->indexes[i];
        Sums sums;
        for (std::uint32_t record = 1; record < index.size(); ++record) {
            const layers::Record& at = index.at(record);
            sums.bytes += at.stored();
            sums.removals += at.kind == layers::Kind::Whiteout || at.is(layers::Record::opaque);
            sums.files += at.kind != layers::Kind::Whiteout && at.kind != layers::Kind::Directory;
        }
        m_total += sums.bytes;
        m_sums.push_back(sums);
    }
    endResetModel();
}

int LayerListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_sums.size());
}

std::size_t LayerListModel::layerOf(const QModelIndex& index) const
{
    return m_sums.size() - 1 - std::size_t(index.row());
}

QModelIndex LayerListModel::indexOf(std::size_t layer) const
{
    return layer < m_sums.size() ? index(int(m_sums.size() - 1 - layer)) : QModelIndex();
}

std::size_t LayerListModel::topmostWithFiles() const
{
    for (std::size_t layer = m_sums.size(); layer-- > 0;)
        if (m_sums[layer].files > 0 || m_sums[layer].removals > 0)
            return layer;
    return m_sums.empty() ? 0 : m_sums.size() - 1;
}

QString LayerListModel::step(std::size_t layer) const
{
    const std::string& told = layer < m_image->layers.size() ? m_image->layers[layer].createdBy : std::string();
    return told.empty() ? tr("The image does not tell what made it") : buildStep(told);
}

QString LayerListModel::facts(std::size_t layer) const
{
    const Sums& sums = m_sums[layer];
    QStringList facts{sizeText(std::int64_t(sums.bytes)), countText(sums.files, "1 file", "%1 files")};
    if (sums.removals > 0)
        facts << countText(sums.removals, "1 removal", "%1 removals");
    if (layer < m_image->layers.size())
        if (const QString age = ageText(timeOf(m_image->layers[layer].createdAt), QDateTime::currentDateTime());
            !age.isEmpty())
            facts << age;
    return facts.join(QStringLiteral(" · "));
}

QVariant LayerListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_image || index.row() >= rowCount())
        return {};
    const std::size_t layer = layerOf(index);
    const QString digest = layer < m_image->layers.size() ? text(m_image->layers[layer].diffId) : QString();
    switch (role) {
    case Qt::DisplayRole:
    case StepRole:
        return step(layer);
    case Qt::AccessibleTextRole:
        return tr("Layer %1: %2, %3").arg(layer + 1).arg(step(layer), facts(layer));
    case Qt::ToolTipRole:
        return plainToolTip(QStringLiteral("%1\n%2").arg(step(layer).left(2000), digest));
    case FactsRole:
        return facts(layer);
    case ShareRole:
        return m_total == 0 ? 0.0 : double(m_sums[layer].bytes) / double(m_total);
    case NumberRole:
        return int(layer + 1);
    case DigestRole:
        return digest;
    default:
        return {};
    }
}

} // namespace rocker::gui
