#include "gui/layers/layer_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

namespace rocker::gui {

namespace {

QString layerTr(const char* source)
{
    return QCoreApplication::translate("rocker::gui", source);
}

bool showsItself(QChar character)
{
    switch (character.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    default:
        return true;
    }
}

} // namespace

QString shownName(std::string_view bytes)
{
    QString shown = QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
    for (QChar& character : shown)
        if (!showsItself(character))
            character = QChar::ReplacementCharacter;
    return shown;
}

QString buildStep(const std::string& createdBy)
{
    constexpr std::size_t longest = 64 * 1024; // the rest of a longer one is nobody's to read
    QString step = QString::fromUtf8(createdBy.data(), qsizetype(std::min(createdBy.size(), longest)));
    for (QChar& character : step)
        if (character.isSpace() || !showsItself(character))
            character = u' ';
    step = step.simplified();
    static const QRegularExpression buildkit(QStringLiteral(" ?# buildkit$"));
    static const QRegularExpression nop(QStringLiteral("^(?:/bin/sh|/bin/bash|sh) -c #\\(nop\\) ?"));
    static const QRegularExpression arguments(
        QStringLiteral("^(RUN )?\\|\\d+ (?:[A-Za-z_][A-Za-z0-9_]*=.*? )+?(?=(?:/bin/sh|/bin/bash|sh) -)"));
    static const QRegularExpression shell(QStringLiteral("^(RUN )?(?:/bin/sh|/bin/bash|/bin/ash|sh) -\\w*c "));
    step.remove(buildkit);
    if (const auto match = nop.match(step); match.hasMatch())
        return step.mid(match.capturedLength()).trimmed();
    if (const auto match = arguments.match(step); match.hasMatch())
        step.remove(match.capturedStart(), match.capturedLength());
    if (const auto match = shell.match(step); match.hasMatch())
        return QStringLiteral("RUN ") + step.mid(match.capturedLength()).trimmed();
    return step;
}

QString modeText(const layers::Record& record)
{
    QString text = QStringLiteral("----------");
    switch (record.kind) {
    case layers::Kind::Directory:
        text[0] = u'd';
        break;
    case layers::Kind::Symlink:
        text[0] = u'l';
        break;
    case layers::Kind::CharDevice:
        text[0] = u'c';
        break;
    case layers::Kind::BlockDevice:
        text[0] = u'b';
        break;
    case layers::Kind::Fifo:
        text[0] = u'p';
        break;
    default:
        break;
    }
    constexpr const char* letters = "rwxrwxrwx";
    for (int bit = 0; bit < 9; ++bit)
        if (record.mode & (0400 >> bit))
            text[1 + bit] = QLatin1Char(letters[bit]);
    const auto special = [&](int flag, int at, char with, char without) {
        if (record.mode & flag)
            text[at] = QLatin1Char(text[at] == u'x' ? with : without);
    };
    special(04000, 3, 's', 'S');
    special(02000, 6, 's', 'S');
    special(01000, 9, 't', 'T');
    return text;
}

QString ownerText(const layers::Record& record)
{
    return QStringLiteral("%1:%2").arg(record.uid).arg(record.gid);
}

QString modifiedText(const layers::Record& record, TimeStyle style)
{
    // Beyond these years calendars are not what they are taken for.
    if (record.seconds < -62'135'596'800 || record.seconds > 253'402'300'799)
        return QStringLiteral("–");
    const QDateTime time = QDateTime::fromSecsSinceEpoch(record.seconds);
    return style == TimeStyle::Long ? time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss t"))
                                    : time.toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString kindText(const layers::Record& record)
{
    switch (record.kind) {
    case layers::Kind::File:
        return record.is(layers::Record::hardLink) ? layerTr("Hard link") : layerTr("File");
    case layers::Kind::Directory:
        return layerTr("Directory");
    case layers::Kind::Symlink:
        return layerTr("Symbolic link");
    case layers::Kind::CharDevice:
        return layerTr("Character device");
    case layers::Kind::BlockDevice:
        return layerTr("Block device");
    case layers::Kind::Fifo:
        return layerTr("Named pipe");
    case layers::Kind::Whiteout:
        return layerTr("Removal");
    }
    return {};
}

QString changeText(layers::Change change)
{
    switch (change) {
    case layers::Change::Added:
        return layerTr("Added");
    case layers::Change::Changed:
        return layerTr("Changed");
    case layers::Change::Removed:
        return layerTr("Removed");
    case layers::Change::None:
        break;
    }
    return {};
}

QChar changeLetter(layers::Change change)
{
    constexpr char16_t letters[]{u' ', u'+', u'~', u'−'};
    return letters[int(change)];
}

Tone changeTone(layers::Change change)
{
    constexpr Tone tones[]{Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad};
    return tones[int(change)];
}

QString countText(std::uint64_t number, const char* one, const char* many)
{
    return number == 1 ? layerTr(one) : layerTr(many).arg(QLocale().toString(qulonglong(number)));
}

} // namespace rocker::gui
