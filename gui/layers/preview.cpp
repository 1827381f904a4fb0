#include "gui/layers/preview.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>
#include <QLocale>
#include <QStringDecoder>

#include <algorithm>

namespace rocker::gui {

namespace {

QString previewTr(const char* source)
{
    return QCoreApplication::translate("rocker::gui", source);
}

// Formats whose readers are simple and well kept; drawings that can name other files are text here.
bool isPictureFormat(const QByteArray& format)
{
    return format == "png" || format == "jpeg" || format == "gif" || format == "bmp" || format == "webp"
        || format == "ico";
}

std::optional<Preview> pictureOf(const QByteArray& bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    const QByteArray format = reader.format();
    if (!isPictureFormat(format))
        return std::nullopt;
    const QSize size = reader.size();
    Preview preview{.kind = Preview::Kind::Picture, .text = {}, .picture = {}, .headline = {}};
    preview.headline = previewTr("%1 picture").arg(QString::fromLatin1(format).toUpper());
    if (!size.isValid() || qint64(size.width()) * size.height() > Preview::picturePixels)
        return std::nullopt;
    preview.headline += QStringLiteral(", %1 × %2").arg(size.width()).arg(size.height());
    if (size.width() > Preview::pictureEdge || size.height() > Preview::pictureEdge)
        reader.setScaledSize(
            size.scaled(Preview::pictureEdge, Preview::pictureEdge, Qt::KeepAspectRatio).expandedTo({1, 1}));
    preview.picture = reader.read();
    return preview.picture.isNull() ? std::nullopt : std::optional(preview);
}

// UTF-8 without control characters but those of text files; a file that goes on may end in half a character.
std::optional<QString> textOf(const QByteArray& bytes, bool whole)
{
    const QByteArray start = bytes.left(Preview::textLimit);
    for (const char byte : start)
        if (static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f'
            && byte != '\x1b')
            return std::nullopt;
    QStringDecoder decode(QStringDecoder::Utf8);
    QString text = decode(start);
    if (decode.hasError() || (whole && start.size() == bytes.size() && text.endsWith(QChar::ReplacementCharacter)))
        return std::nullopt;
    return text;
}

QString machineName(unsigned machine)
{
    switch (machine) {
    case 3:
        return QStringLiteral("x86");
    case 8:
        return QStringLiteral("MIPS");
    case 20:
        return QStringLiteral("PowerPC");
    case 21:
        return QStringLiteral("PowerPC 64");
    case 22:
        return QStringLiteral("S/390");
    case 40:
        return QStringLiteral("ARM");
    case 62:
        return QStringLiteral("x86-64");
    case 183:
        return QStringLiteral("AArch64");
    case 243:
        return QStringLiteral("RISC-V");
    case 247:
        return QStringLiteral("BPF");
    case 258:
        return QStringLiteral("LoongArch");
    default:
        return previewTr("machine %1").arg(machine);
    }
}

} // namespace

std::optional<QString> elfHeadline(const QByteArray& bytes)
{
    if (bytes.size() < 64
        || !bytes.startsWith("\x7f"
                             "ELF"))
        return std::nullopt;
    const auto byte = [&](qsizetype at) { return unsigned(static_cast<unsigned char>(bytes[at])); };
    const bool wide = byte(4) == 2;
    const bool big = byte(5) == 2;
    const auto number = [&](qsizetype at, int size) {
        quint64 value = 0;
        for (int i = 0; i < size; ++i)
            value |= quint64(byte(at + i)) << 8 * (big ? size - 1 - i : i);
        return value;
    };
    QStringList facts{
        QStringLiteral("ELF"), wide ? previewTr("64 bit") : previewTr("32 bit"), machineName(unsigned(number(18, 2)))};
    if (big)
        facts << previewTr("big-endian");
    const quint64 type = number(16, 2);
    facts << (type == 1 ? previewTr("object file")
            : type == 2 ? previewTr("executable")
            : type == 3 ? previewTr("position-independent executable or library")
            : type == 4 ? previewTr("core dump")
                        : previewTr("of an unknown type"));
    // An interpreter among the program headers: a dynamic loader starts it.
    const quint64 table = wide ? number(32, 8) : number(28, 4);
    const quint64 entry = number(wide ? 54 : 42, 2);
    const quint64 count = std::min<quint64>(number(wide ? 56 : 44, 2), 64);
    for (quint64 i = 0; i < count && entry >= 32; ++i) {
        const quint64 at = table + i * entry;
        if (at < table || at + 4 > quint64(bytes.size()))
            break;
        if (number(qsizetype(at), 4) == 3) {
            facts << previewTr("dynamically linked");
            break;
        }
    }
    return facts.join(QStringLiteral(", "));
}

QString hexDump(const QByteArray& bytes)
{
    constexpr qsizetype width = 16;
    constexpr const char* digits = "0123456789abcdef";
    QString dump;
    dump.reserve(bytes.size() * 5);
    for (qsizetype line = 0; line < bytes.size(); line += width) {
        dump += QStringLiteral("%1 ").arg(line, 8, 16, QLatin1Char('0'));
        QString letters;
        for (qsizetype i = line; i < line + width; ++i) {
            dump += i % 8 == 0 ? QStringLiteral("  ") : QStringLiteral(" ");
            if (i >= bytes.size()) {
                dump += QStringLiteral("  ");
                continue;
            }
            const auto byte = static_cast<unsigned char>(bytes[i]);
            dump += QLatin1Char(digits[byte >> 4]);
            dump += QLatin1Char(digits[byte & 15]);
            letters += byte >= 0x20 && byte < 0x7f ? QLatin1Char(char(byte)) : QLatin1Char('.');
        }
        dump += QStringLiteral("   ") + letters + u'\n';
    }
    return dump;
}

Preview previewOf(const QByteArray& bytes, bool whole)
{
    if (bytes.isEmpty())
        return {.kind = Preview::Kind::Text, .text = {}, .picture = {}, .headline = previewTr("The file is empty")};
    if (whole)
        if (auto picture = pictureOf(bytes))
            return *picture;
    const auto more = [&](qsizetype shown) {
        return whole && shown >= bytes.size()
            ? QString()
            : previewTr("; the first %1 are shown").arg(QLocale().formattedDataSize(shown, 0));
    };
    if (const auto elf = elfHeadline(bytes)) {
        const qsizetype shown = std::min(bytes.size(), Preview::dumpLimit);
        return {.kind = Preview::Kind::Bytes,
            .text = hexDump(bytes.left(shown)),
            .picture = {},
            .headline = *elf + more(shown)};
    }
    if (const auto text = textOf(bytes, whole)) {
        const qsizetype shown = std::min(bytes.size(), Preview::textLimit);
        const QString kind = text->startsWith(QStringLiteral("#!"))
            ? previewTr("Script for %1").arg(text->section(u'\n', 0, 0).mid(2).trimmed().left(80))
            : previewTr("Text");
        return {.kind = Preview::Kind::Text, .text = *text, .picture = {}, .headline = kind + more(shown)};
    }
    const qsizetype shown = std::min(bytes.size(), Preview::dumpLimit);
    return {.kind = Preview::Kind::Bytes,
        .text = hexDump(bytes.left(shown)),
        .picture = {},
        .headline = previewTr("Not text") + more(shown)};
}

} // namespace rocker::gui
