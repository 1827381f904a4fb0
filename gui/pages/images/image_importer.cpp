#include "gui/pages/images/image_importer.h"

#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QFileInfo>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

constexpr int steps = 1000;

} // namespace

ImageImporter::ImageImporter(HelperClient& client, Reporter& reporter, QWidget* parent)
    : QFrame(parent), m_client(client), m_reporter(reporter), m_step(new QLabel(this)), m_bar(new QProgressBar(this))
{
    setProperty("role", QStringLiteral("bar"));
    m_step->setObjectName(QStringLiteral("importStep"));
    m_step->setTextFormat(Qt::PlainText);
    m_bar->setObjectName(QStringLiteral("importProgress"));
    m_bar->setAccessibleName(tr("Progress of the import"));
    m_bar->setTextVisible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, Theme::unit, 3 * Theme::unit, Theme::unit + Theme::unit / 2);
    column->setSpacing(Theme::unit);
    column->addWidget(m_step);
    column->addWidget(m_bar);
    hide();
}

void ImageImporter::import(const QStringList& paths)
{
    m_waiting += paths;
    if (!m_busy)
        next();
}

void ImageImporter::next()
{
    setVisible(!m_waiting.isEmpty());
    if (m_waiting.isEmpty())
        return;
    const QString path = QFileInfo(m_waiting.takeFirst()).absoluteFilePath();
    m_file = QFileInfo(path).fileName();
    m_busy = true;
    showProgress({.step = tr("waiting for the helper").toStdString()});
    m_reporter.busy(tr("Importing %1…").arg(m_file));
    m_client
        .stream<protocol::Images, protocol::ImportImage>(
            {.path = path.toStdString()},
            [self = QPointer(this)](const protocol::ImportImage::Reply& reply) {
                if (self && reply.progress)
                    self->showProgress(*reply.progress);
            })
        .then(this, [this, file = m_file](const Result<protocol::ImportImage::Reply>& reply) {
            m_busy = false;
            if (!reply) {
                m_reporter.fail(tr("%1 could not be imported").arg(file), reply.error());
            } else {
                QStringList names;
                for (const protocol::Image& image : reply->images)
                    for (const std::string& reference : image.references)
                        names << text(reference);
                m_reporter.done(names.isEmpty() ? tr("%1 was imported.").arg(file)
                                                : tr("%1 was imported as %2.").arg(file, names.join(QStringLiteral(", "))));
                if (!names.isEmpty())
                    Q_EMIT imported(names.front());
            }
            next();
        });
}

void ImageImporter::showProgress(const protocol::ImportProgress& progress)
{
    QString line = tr("Importing %1: %2").arg(m_file, text(progress.step));
    if (progress.total > 0)
        line += tr(" (%1 of %2)").arg(sizeText(progress.done), sizeText(progress.total));
    m_step->setText(line);
    m_bar->setRange(0, progress.total > 0 ? steps : 0);
    if (progress.total > 0)
        m_bar->setValue(int(double(progress.done) / double(progress.total) * steps));
}

} // namespace rocker::gui
