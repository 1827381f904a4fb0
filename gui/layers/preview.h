#pragma once

#include "engine/elf/elf_file.h"

#include <QByteArray>
#include <QImage>
#include <QString>

#include <optional>

namespace rocker::gui {

// What a file's bytes look like. They are a stranger's: what is read of them is bounded, and text is text.
struct Preview {
    enum class Kind { Text, Picture, Bytes };
    Kind kind = Kind::Text;
    QString text; // of Text, and the dump of Bytes
    QImage picture; // no larger than pictureEdge
    std::optional<elf::ElfFile> program;
    QString headline; // "PNG picture, 640 × 480": what it is, as far as its first bytes say

    static constexpr qsizetype textLimit = 256 * 1024;
    static constexpr qsizetype dumpLimit = 16 * 1024;
    static constexpr qint64 readLimit = 16 << 20; // a picture must fit
    static constexpr int pictureEdge = 2048;
    static constexpr qint64 picturePixels = 64 << 20;
};

// `whole` is whether `bytes` are all of the file. Takes its time for a picture: not for the window's thread.
Preview previewOf(const QByteArray& bytes, bool whole);

// "000010  68 65 6c 6c 6f …  hello"
QString hexDump(const QByteArray& bytes);
// "ELF, 64 bit, x86-64, position-independent executable or library, dynamically linked"
std::optional<QString> elfHeadline(const QByteArray& bytes);

} // namespace rocker::gui
