#include "gui/models/input_checks.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

#include <cmath>

namespace rocker::gui {

namespace {

struct Checks {
    Q_DECLARE_TR_FUNCTIONS(Checks)
};

std::unexpected<Error> refuse(const QString& why)
{
    return fail(Error{ErrorCode::InvalidArgument, 0, why.toStdString()});
}

constexpr std::int64_t leastMemory = 6 << 20;

} // namespace

Result<std::vector<std::string>> splitCommand(const QString& line)
{
    std::vector<std::string> words;
    QString word;
    bool inWord = false;
    QChar quote;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        if (quote.isNull() && c.isSpace()) {
            if (inWord)
                words.push_back(word.toStdString());
            word.clear();
            inWord = false;
        } else if (c == u'\\' && quote != u'\'') {
            if (++i == line.size())
                return refuse(Checks::tr("There is nothing after the last \\."));
            // Inside "…" a backslash only escapes what would mean something there.
            if (!quote.isNull() && line[i] != u'"' && line[i] != u'\\' && line[i] != u'$' && line[i] != u'`')
                word += c;
            word += line[i];
            inWord = true;
        } else if (quote.isNull() && (c == u'\'' || c == u'"')) {
            quote = c;
            inWord = true;
        } else if (!quote.isNull() && c == quote) {
            quote = {};
        } else {
            word += c;
            inWord = true;
        }
    }
    if (!quote.isNull())
        return refuse(Checks::tr("The quote %1 is not closed.").arg(quote));
    if (inWord)
        words.push_back(word.toStdString());
    return words;
}

Result<std::optional<std::int64_t>> parseMemory(const QString& text)
{
    if (text.trimmed().isEmpty())
        return std::nullopt;
    static const QRegularExpression form(QStringLiteral("^(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(?:i?b)?$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(text.trimmed());
    if (!match.hasMatch())
        return refuse(Checks::tr("Write a size such as 256M or 1.5G."));
    const QString unit = match.captured(2).toLower();
    const int power = unit.isEmpty() ? 0 : int(QStringLiteral("kmgt").indexOf(unit)) + 1;
    const double bytes = match.captured(1).toDouble() * std::pow(1024.0, power);
    if (bytes >= 0x1p62)
        return refuse(Checks::tr("That is more memory than any machine has."));
    if (bytes < double(leastMemory))
        return refuse(Checks::tr("A container needs at least 6M."));
    return std::int64_t(bytes);
}

Result<std::optional<double>> parseCpus(const QString& text)
{
    if (text.trimmed().isEmpty())
        return std::nullopt;
    bool number = false;
    const double cpus = text.trimmed().toDouble(&number);
    if (!number || !std::isfinite(cpus))
        return refuse(Checks::tr("Write a number of processors such as 1.5."));
    if (cpus < 0.01 || cpus > 1024)
        return refuse(Checks::tr("Give from 0.01 to 1024 processors."));
    return cpus;
}

Result<std::optional<std::int64_t>> parsePids(const QString& text)
{
    if (text.trimmed().isEmpty())
        return std::nullopt;
    bool number = false;
    const qlonglong pids = text.trimmed().toLongLong(&number);
    if (!number || pids < 1 || pids > 4'194'304)
        return refuse(Checks::tr("Write a whole number from 1 to 4194304."));
    return pids;
}

Result<> checkName(const QString& name)
{
    static const QRegularExpression allowed(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]*\\z"));
    if (name.isEmpty())
        return {};
    if (!allowed.match(name).hasMatch())
        return refuse(Checks::tr("Use letters, digits, '_', '.' and '-', and begin with a letter or digit."));
    if (name.size() > 64)
        return refuse(Checks::tr("A name has 64 characters at most."));
    return {};
}

Result<std::vector<std::string>> parseEnvironment(const QString& lines)
{
    static const QRegularExpression variable(QStringLiteral("^[^=\\s]+=.*$"));
    std::vector<std::string> environment;
    int number = 0;
    for (const QString& line : lines.split(u'\n')) {
        ++number;
        if (line.trimmed().isEmpty())
            continue;
        if (!variable.match(line).hasMatch())
            return refuse(Checks::tr("Line %1 is not NAME=value.").arg(number));
        environment.push_back(line.toStdString());
    }
    return environment;
}

Result<> checkTarget(const QString& path)
{
    if (path.isEmpty())
        return refuse(Checks::tr("Say where in the container it belongs."));
    if (!path.startsWith(u'/'))
        return refuse(Checks::tr("The place in the container must begin with '/'."));
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    if (parts.contains(QStringLiteral("..")))
        return refuse(Checks::tr("The place in the container must not contain '..'."));
    if (parts.isEmpty())
        return refuse(Checks::tr("The root directory itself cannot be replaced."));
    return {};
}

Result<> checkSource(const QString& path)
{
    if (path.isEmpty())
        return refuse(Checks::tr("Choose a file or folder of this computer."));
    if (!path.startsWith(u'/'))
        return refuse(Checks::tr("The path on this computer must begin with '/'."));
    if (!QFileInfo::exists(path))
        return refuse(Checks::tr("There is no '%1' on this computer.").arg(path));
    return {};
}

Result<> checkReference(const QString& reference, DigestIn digest)
{
    static const QRegularExpression shape(QStringLiteral("^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*"
                                                         "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$"));
    if (!shape.match(reference).hasMatch() || (digest == DigestIn::No && reference.contains(u'@')))
        return fail(ErrorCode::InvalidArgument, "A name reads name:tag in small letters, with or without a registry: debian:12, quay.io/podman/hello.");
    return {};
}

} // namespace rocker::gui
