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
    Preview preview{.kind = Preview::Kind::Picture, .text = {}, .picture = {}, .program = {}, .headline = {}};
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

QString headlineOf(const elf::ElfFile& file)
{
    QStringList facts{QStringLiteral("ELF"), file.wide ? previewTr("64 bit") : previewTr("32 bit"),
        QString::fromStdString(elf::machineName(file.machine))};
    if (file.bigEndian)
        facts << previewTr("big-endian");
    facts << (file.type == 1         ? previewTr("object file")
            : file.type == 2         ? previewTr("executable")
            : file.type == 4         ? previewTr("core dump")
            : file.type != 3         ? previewTr("of an unknown kind")
            : file.positionIndependent ? previewTr("position-independent executable")
            : !file.soname.empty()   ? previewTr("library")
                                     : previewTr("position-independent executable or library"));
    if (file.linking == elf::Linking::Dynamic && (!file.interpreter.empty() || !file.needed.empty()))
        facts << previewTr("dynamically linked");
    else if (file.linking == elf::Linking::Static)
        facts << previewTr("statically linked");
    return facts.join(QStringLiteral(", "));
}

// What stands above the dump of a program.
QString elfText(const elf::ElfFile& file)
{
    QString text;
    const auto add = [&text](const QString& key, const std::string& value) {
        if (!value.empty())
            text += key + QString::fromUtf8(value) + u'\n';
    };
    add(previewTr("Interpreter  "), file.interpreter);
    add(previewTr("Library      "), file.soname);
    std::size_t told = 0;
    for (const std::string& library : file.needed)
        if (++told <= 100)
            add(previewTr("Needs        "), library);
    add(previewTr("Run path     "), file.runPath);
    add(previewTr("Build ID     "), file.buildId);
    return text.isEmpty() ? text : text + u'\n';
}

} // namespace

std::optional<QString> elfHeadline(const QByteArray& bytes)
{
    const auto file = elf::read({bytes.data(), std::size_t(bytes.size())});
    return file ? std::optional(headlineOf(*file)) : std::nullopt;
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
        return {.kind = Preview::Kind::Text, .text = {}, .picture = {}, .program = {}, .headline = previewTr("The file is empty")};
    if (whole)
        if (auto picture = pictureOf(bytes))
            return *picture;
    const auto more = [&](qsizetype shown) {
        return whole && shown >= bytes.size()
            ? QString()
            : previewTr("; the first %1 are shown").arg(QLocale().formattedDataSize(shown, 0));
    };
    if (auto program = elf::read({bytes.data(), std::size_t(bytes.size())})) {
        const qsizetype shown = std::min(bytes.size(), Preview::dumpLimit);
        return {.kind = Preview::Kind::Bytes,
            .text = elfText(*program) + hexDump(bytes.left(shown)),
            .picture = {},
            .program = *program,
            .headline = headlineOf(*program) + more(shown)};
    }
    if (const auto text = textOf(bytes, whole)) {
        const qsizetype shown = std::min(bytes.size(), Preview::textLimit);
        const QString kind = text->startsWith(QStringLiteral("#!"))
            ? previewTr("Script for %1").arg(text->section(u'\n', 0, 0).mid(2).trimmed().left(80))
            : previewTr("Text");
        return {.kind = Preview::Kind::Text, .text = *text, .picture = {}, .program = {}, .headline = kind + more(shown)};
    }
    const qsizetype shown = std::min(bytes.size(), Preview::dumpLimit);
    return {.kind = Preview::Kind::Bytes,
        .text = hexDump(bytes.left(shown)),
        .picture = {},
        .program = {},
        .headline = previewTr("Not text") + more(shown)};
}

} // namespace rocker::gui
