#include "gui/pages/images/image_importer.h"

#include "engine/layout/opened_archive.h"
#include "gui/layers/background.h"
#include "gui/models/text.h"
#include "gui/registry/registry_name.h"
#include "gui/widgets/theme.h"

#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QVBoxLayout>

#include <cerrno>
#include <concepts>

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
    m_bar->setAccessibleName(tr("Progress"));
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
    return kind == Kind::Import ? QFileInfo(source).fileName() : source;
}

void ImageImporter::import(const QStringList& paths)
{
    for (const QString& path : paths) {
        const QString file = QFileInfo(path).absoluteFilePath();
        inBackground([name = QFile::encodeName(file).toStdString()] {
            return layout::OpenedArchive::isFileSystem(name, {.program = layout::viewerProgram(), .scratch = {}, .progress = {}, .cancelled = {}});
        }).then(this, [this, file](const Result<bool>& fileSystem) {
            // What cannot be read here the helper says in its own words.
            if (fileSystem && *fileSystem)
                Q_EMIT nameWanted(file);
            else
                add({.kind = Kind::Import, .source = file});
        });
    }
}

void ImageImporter::importAs(const QString& path, const QString& reference)
{
    add({.kind = Kind::Import, .source = path, .destination = reference});
}

void ImageImporter::pull(const QString& reference, const QString& platform)
{
    add({.kind = Kind::Pull, .source = reference, .platform = platform});
}

void ImageImporter::push(const QString& image, const QString& destination)
{
    add({.kind = Kind::Push, .source = image, .destination = destination});
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
    const std::string source = m_task.source.toStdString();
    switch (m_task.kind) {
    case Kind::Import:
        m_reporter.busy(tr("Importing %1…").arg(m_task.name()));
        return run<protocol::ImportImage>({.path = source, .reference = m_task.destination.toStdString()});
    case Kind::Pull:
        m_reporter.busy(tr("Pulling %1…").arg(m_task.name()));
        return run<protocol::PullImage>({.reference = source, .platform = m_task.platform.toStdString()});
    case Kind::Push:
        m_reporter.busy(tr("Pushing %1…").arg(m_task.name()));
        return run<protocol::PushImage>({.image = source, .reference = m_task.destination.toStdString()});
    }
}

template<protocol::Method M>
void ImageImporter::run(const typename M::Parameters& parameters)
{
    const auto progress = [self = QPointer(this)](const typename M::Reply& reply) {
        if (self && reply.progress)
            self->showProgress(*reply.progress);
    };
    m_client.stream<protocol::Images, M>(parameters, progress).then(this, [this](const Result<typename M::Reply>& reply) {
        m_busy = false;
        if (!reply)
            refused(reply.error());
        else if constexpr (std::same_as<M, protocol::PushImage>)
            m_reporter.done(tr("%1 was pushed to %2 as %3.").arg(m_task.name(), text(reply->name), text(reply->digest)));
        else
            taken(reply->images);
        next();
    });
}

void ImageImporter::taken(const std::vector<protocol::Image>& images)
{
    const QString name = m_task.name();
    QStringList names;
    for (const protocol::Image& image : images)
        for (const std::string& reference : image.references)
            names << text(reference);
    const QString list = names.join(QStringLiteral(", "));
    if (m_task.kind == Kind::Pull)
        m_reporter.done(tr("%1 was pulled.").arg(name));
    else
        m_reporter.done(names.isEmpty() ? tr("%1 was imported.").arg(name) : tr("%1 was imported as %2.").arg(name, list));
    if (!names.isEmpty())
        Q_EMIT imported(names.front());
}

void ImageImporter::refused(const Error& error)
{
    const QString what = m_task.kind == Kind::Import ? tr("%1 could not be imported")
        : m_task.kind == Kind::Pull                  ? tr("%1 could not be pulled")
                                                     : tr("%1 could not be pushed");
    m_reporter.fail(what.arg(m_task.name()), error);
    if (error.errnum == ENOKEY)
        Q_EMIT loginWanted(registryOf(m_task.kind == Kind::Push ? m_task.destination : m_task.source),
                           [this, task = m_task] { add(task); });
}

void ImageImporter::showProgress(const protocol::ImportProgress& progress)
{
    const QString what = m_task.kind == Kind::Import ? tr("Importing %1: %2")
        : m_task.kind == Kind::Pull                  ? tr("Pulling %1: %2")
                                                     : tr("Pushing %1: %2");
    QString line = what.arg(m_task.name(), text(progress.step));
    if (progress.total > 0)
        line += tr(" (%1 of %2)").arg(sizeText(progress.done), sizeText(progress.total));
    m_step->setText(line);
    m_bar->setRange(0, progress.total > 0 ? steps : 0);
    if (progress.total > 0)
        m_bar->setValue(int(double(progress.done) / double(progress.total) * steps));
}

} // namespace rocker::gui
