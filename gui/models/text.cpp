#include "gui/models/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cstring>

namespace rocker::gui {

namespace {

QString tr(const char* source, int number = -1)
{
    return QCoreApplication::translate("rocker::gui", source, nullptr, number);
}

bool needsQuotes(const std::string& word)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+,";
    return word.empty() || word.find_first_not_of(plain) != std::string::npos;
}

QString ago(qint64 number, const char* one, const char* many)
{
    return number == 1 ? tr(one) : tr(many).arg(number);
}

} // namespace

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QString sentence(const QString& text)
{
    if (text.isEmpty())
        return text;
    const QString begun = text[0].toUpper() + text.mid(1);
    return begun.back().isPunct() && begun.back() != u'\'' && begun.back() != u')' ? begun : begun + u'.';
}

QString sizeText(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeIecFormat);
}

QDateTime timeOf(const std::string& rfc3339)
{
    return QDateTime::fromString(text(rfc3339), Qt::ISODateWithMs).toLocalTime();
}

QString ageText(const QDateTime& then, const QDateTime& now)
{
    if (!then.isValid())
        return {};
    const qint64 seconds = std::max<qint64>(0, then.secsTo(now));
    if (seconds < 60)
        return tr("just now");
    if (seconds < 3600)
        return ago(seconds / 60, "1 minute ago", "%1 minutes ago");
    if (seconds < 86400)
        return ago(seconds / 3600, "1 hour ago", "%1 hours ago");
    if (seconds < 30 * 86400)
        return ago(seconds / 86400, "yesterday", "%1 days ago");
    return QLocale().toString(then.date(), QLocale::ShortFormat);
}

QString shortId(const std::string& id)
{
    const std::size_t colon = id.find(':');
    return text(id.substr(colon == std::string::npos ? 0 : colon + 1, 12));
}

QString plainToolTip(const QString& text)
{
    return text.isEmpty() ? text : QStringLiteral("<p style='white-space: pre-wrap'>%1</p>").arg(text.toHtmlEscaped());
}

QString commandText(const std::vector<std::string>& command)
{
    QStringList words;
    for (const std::string& word : command) {
        QString shown = text(word);
        if (needsQuotes(word))
            shown = u'\'' + shown.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
        words << shown;
    }
    return words.join(u' ');
}

QString stateText(const protocol::Container& container)
{
    using enum protocol::ContainerState;
    switch (container.state) {
    case Created:
        return container.error.empty() ? tr("Created") : tr("Did not start");
    case Running:
        return tr("Running");
    case Paused:
        return tr("Paused");
    case Restarting:
        return tr("Restarting");
    case Removing:
        return tr("Being removed");
    case Dead:
        return tr("Dead");
    case Exited:
        break;
    }
    if (!container.error.empty())
        return tr("Did not start");
    return container.oomKilled ? tr("Out of memory") : tr("Exited (%1)").arg(container.exitCode);
}

Tone stateTone(const protocol::Container& container)
{
    using enum protocol::ContainerState;
    switch (container.state) {
    case Running:
        return Tone::Good;
    case Paused:
    case Restarting:
        return Tone::Warning;
    case Dead:
        return Tone::Bad;
    case Created:
        return container.error.empty() ? Tone::Accent : Tone::Bad;
    case Removing:
        return Tone::Neutral;
    case Exited:
        break;
    }
    // 130, 137 and 143 are what INT, KILL and TERM leave behind: somebody wanted it to end.
    const bool wanted = container.exitCode == 0 || container.exitCode == 130 || container.exitCode == 137
        || container.exitCode == 143;
    return wanted && !container.oomKilled && container.error.empty() ? Tone::Neutral : Tone::Bad;
}

QString endText(std::int64_t exitCode, bool oomKilled)
{
    if (oomKilled)
        return tr("The kernel ended it because it reached its memory limit.");
    if (exitCode == 0)
        return tr("It ended without an error (exit code 0).");
    if (exitCode == 126)
        return tr("Its command could not be executed (exit code 126).");
    if (exitCode == 127)
        return tr("Its command was not found (exit code 127).");
    if (exitCode > 128 && exitCode < 128 + 65) {
        const char* name = sigabbrev_np(int(exitCode - 128));
        return name ? tr("It was ended by the signal %1 (exit code %2).").arg(QLatin1String(name)).arg(exitCode)
                    : tr("It was ended by signal %1 (exit code %2).").arg(exitCode - 128).arg(exitCode);
    }
    return tr("It ended with exit code %1.").arg(exitCode);
}

bool isAlive(protocol::ContainerState state)
{
    using enum protocol::ContainerState;
    return state == Running || state == Paused || state == Restarting;
}

} // namespace rocker::gui
