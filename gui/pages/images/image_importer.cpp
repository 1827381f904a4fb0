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

QString ImageImporter::Task::name() const
{
    return pulls() ? reference : QFileInfo(path).fileName();
}

void ImageImporter::import(const QStringList& paths)
{
    for (const QString& path : paths)
        add({.path = QFileInfo(path).absoluteFilePath()});
}

void ImageImporter::pull(const QString& reference, const QString& platform)
{
    add({.reference = reference, .platform = platform});
}

void ImageImporter::add(const Task& task)
{
    m_waiting << task;
    if (!m_busy)
        next();
}

void ImageImporter::next()
{
    setVisible(!m_waiting.isEmpty());
    if (m_waiting.isEmpty())
        return;
    m_task = m_waiting.takeFirst();
    m_busy = true;
    showProgress({.step = tr("waiting for the helper").toStdString()});
    m_reporter.busy((m_task.pulls() ? tr("Pulling %1…") : tr("Importing %1…")).arg(m_task.name()));
    const auto progress = [self = QPointer(this)](const auto& reply) {
        if (self && reply.progress)
            self->showProgress(*reply.progress);
    };
    const auto done = [this](const auto& reply) {
        finish(reply ? Result<std::vector<protocol::Image>>(reply->images) : fail(reply.error()));
    };
    if (m_task.pulls())
        m_client
            .stream<protocol::Images, protocol::PullImage>(
                {.reference = m_task.reference.toStdString(), .platform = m_task.platform.toStdString()}, progress)
            .then(this, done);
    else
        m_client.stream<protocol::Images, protocol::ImportImage>({.path = m_task.path.toStdString()}, progress).then(this, done);
}

void ImageImporter::finish(const Result<std::vector<protocol::Image>>& images)
{
    m_busy = false;
    const QString name = m_task.name();
    if (!images) {
        m_reporter.fail((m_task.pulls() ? tr("%1 could not be pulled") : tr("%1 could not be imported")).arg(name), images.error());
    } else {
        QStringList names;
        for (const protocol::Image& image : *images)
            for (const std::string& reference : image.references)
                names << text(reference);
        const QString list = names.join(QStringLiteral(", "));
        if (m_task.pulls())
            m_reporter.done(tr("%1 was pulled.").arg(name));
        else
            m_reporter.done(names.isEmpty() ? tr("%1 was imported.").arg(name) : tr("%1 was imported as %2.").arg(name, list));
        if (!names.isEmpty())
            Q_EMIT imported(names.front());
    }
    next();
}

void ImageImporter::showProgress(const protocol::ImportProgress& progress)
{
    QString line = (m_task.pulls() ? tr("Pulling %1: %2") : tr("Importing %1: %2")).arg(m_task.name(), text(progress.step));
    if (progress.total > 0)
        line += tr(" (%1 of %2)").arg(sizeText(progress.done), sizeText(progress.total));
    m_step->setText(line);
    m_bar->setRange(0, progress.total > 0 ? steps : 0);
    if (progress.total > 0)
        m_bar->setValue(int(double(progress.done) / double(progress.total) * steps));
}

} // namespace rocker::gui
