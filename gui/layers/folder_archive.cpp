#include "gui/layers/folder_archive.h"

#include "engine/archive/tar_writer.h"

#include <K7Zip>
#include <KCompressionDevice>
#include <KZip>

#include <QDateTime>
#include <QFile>

#include <cstdio>
#include <sys/stat.h>

namespace rocker::gui {

namespace {

using archive::EntryType;
using layers::Kind;

constexpr qint64 pieceSize = 1 << 20;
constexpr std::uint64_t memoryLimit = 1ULL << 30; // 7-Zip's writer keeps everything in memory

Error problem(const QString& what, const QString& why)
{
    return {ErrorCode::Internal, 0, std::format("write '{}': {}", what.toStdString(), why.toStdString())};
}

EntryType typeOf(Kind kind)
{
    switch (kind) {
    case Kind::Directory:
        return EntryType::Directory;
    case Kind::Symlink:
        return EntryType::Symlink;
    case Kind::CharDevice:
        return EntryType::CharDevice;
    case Kind::BlockDevice:
        return EntryType::BlockDevice;
    case Kind::Fifo:
        return EntryType::Fifo;
    default:
        return EntryType::Regular;
    }
}

// Everything of a copy in the order of its paths, so that the same copy gives the same bytes.
struct Member {
    const TreeCopy::Item* item = nullptr;
    std::size_t file = 0; // its number among the files
};
std::vector<Member> membersOf(const TreeCopy& copy)
{
    std::vector<Member> members;
    for (const auto* list : {&copy.directories, &copy.files, &copy.links, &copy.others})
        for (std::size_t i = 0; i < list->size(); ++i)
            members.push_back({&(*list)[i], i});
    std::ranges::sort(members, {}, [](const Member& member) -> const std::string& { return member.item->path; });
    return members;
}

Result<> copyContent(const QString& from, qint64 size, const std::function<bool(const char*, qint64)>& write)
{
    QFile file(from);
    if (!file.open(QIODevice::ReadOnly))
        return fail(problem(from, file.errorString()));
    for (qint64 left = size; left > 0;) {
        const QByteArray piece = file.read(std::min(left, pieceSize));
        if (piece.isEmpty())
            return fail(problem(from, QStringLiteral("it has become shorter")));
        if (!write(piece.constData(), piece.size()))
            return fail(ErrorCode::Internal, "write the archive");
        left -= piece.size();
    }
    return {};
}

Result<> writeTar(const TreeCopy& copy, const std::function<QString(std::size_t)>& place, QIODevice& out)
{
    const auto write = [&out](const char* bytes, qint64 size) { return out.write(bytes, size) == size; };
    const auto writeAll = [&](const std::string& bytes) { return write(bytes.data(), qint64(bytes.size())); };
    for (const Member& member : membersOf(copy)) {
        const layers::Record& record = copy.record(*member.item);
        const bool device = record.kind == Kind::CharDevice || record.kind == Kind::BlockDevice;
        archive::TarEntry entry{.type = typeOf(record.kind), .name = member.item->path, .mode = record.mode,
            .uid = record.uid, .gid = record.gid,
            .modified = {record.seconds, long(record.nanoseconds)}};
        if (record.kind == Kind::Directory)
            entry.name += '/';
        else if (record.kind == Kind::Symlink)
            entry.linkTarget = copy.target(*member.item);
        else if (record.kind == Kind::File)
            entry.size = record.size;
        if (device) {
            entry.deviceMajor = std::uint32_t(record.size >> 32);
            entry.deviceMinor = std::uint32_t(record.size);
        }
        if (!writeAll(archive::entryHeader(entry)))
            return fail(ErrorCode::Internal, "write the archive: {}", out.errorString().toStdString());
        if (record.kind != Kind::File)
            continue;
        TRY(copyContent(place(member.file), qint64(record.size), write), "'{}'", member.item->path);
        if (!writeAll(std::string(archive::paddingOf(record.size), '\0')))
            return fail(ErrorCode::Internal, "write the archive: {}", out.errorString().toStdString());
    }
    return writeAll(std::string(archive::endSize, '\0')) ? Result<>() : fail(ErrorCode::Internal, "write the archive");
}

Result<LeftOut> writeMembers(const TreeCopy& copy, const std::function<QString(std::size_t)>& place, KArchive& out)
{
    for (const Member& member : membersOf(copy)) {
        const layers::Record& record = copy.record(*member.item);
        const QString name = QString::fromStdString(member.item->path);
        const QDateTime time = QDateTime::fromSecsSinceEpoch(record.seconds);
        const QString user = QString::number(record.uid);
        const QString group = QString::number(record.gid);
        bool written = true;
        if (record.kind == Kind::Directory) {
            written = out.writeDir(name, user, group, S_IFDIR | record.mode, time, time, time);
        } else if (record.kind == Kind::Symlink) {
            const std::string target(copy.target(*member.item));
            written = out.writeSymLink(
                name, QString::fromStdString(target), user, group, S_IFLNK | 0777, time, time, time);
        } else if (record.kind == Kind::File) {
            written = out.prepareWriting(
                name, user, group, qint64(record.size), S_IFREG | record.mode, time, time, time);
            if (written)
                TRY(copyContent(place(member.file), qint64(record.size),
                        [&](const char* bytes, qint64 size) { return out.writeData(bytes, size); }),
                    "'{}'", member.item->path);
            written = written && out.finishWriting(qint64(record.size));
        }
        if (!written)
            return fail(problem(name, out.errorString()));
    }
    if (!out.close())
        return fail(problem(out.fileName(), out.errorString()));
    return LeftOut{copy.others.size()};
}

Result<LeftOut> writeTarFile(
    const TreeCopy& copy, const std::function<QString(std::size_t)>& place, const QString& path, FolderForm form)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(problem(path, file.errorString()));
    if (form == FolderForm::Tar) {
        TRY(writeTar(copy, place, file));
    } else {
        KCompressionDevice out(
            &file, false, form == FolderForm::TarGzip ? KCompressionDevice::GZip : KCompressionDevice::Zstd);
        if (!out.open(QIODevice::WriteOnly))
            return fail(problem(path, out.errorString()));
        TRY(writeTar(copy, place, out));
        out.close();
        if (out.error() != QFileDevice::NoError)
            return fail(problem(path, out.errorString()));
    }
    if (file.isOpen() && !file.flush())
        return fail(problem(path, file.errorString()));
    return LeftOut{};
}

Result<LeftOut> writeForm(
    const TreeCopy& copy, const std::function<QString(std::size_t)>& place, const QString& path, FolderForm form)
{
    if (form != FolderForm::Zip && form != FolderForm::SevenZip)
        return writeTarFile(copy, place, path, form);
    if (form == FolderForm::SevenZip && copy.bytes > memoryLimit)
        return fail(ErrorCode::ResourceExhausted, "this is too large for a 7z archive: save it as zip or tar");
    const auto out = form == FolderForm::Zip ? std::unique_ptr<KArchive>(std::make_unique<KZip>(path))
                                             : std::unique_ptr<KArchive>(std::make_unique<K7Zip>(path));
    if (!out->open(QIODevice::WriteOnly))
        return fail(problem(path, out->errorString()));
    return writeMembers(copy, place, *out);
}

} // namespace

std::optional<FolderForm> folderFormOf(const QString& fileName)
{
    static constexpr std::pair<const char*, FolderForm> endings[]{{".tar", FolderForm::Tar},
        {".tar.gz", FolderForm::TarGzip}, {".tgz", FolderForm::TarGzip}, {".tar.zst", FolderForm::TarZstd},
        {".tzst", FolderForm::TarZstd}, {".zip", FolderForm::Zip}, {".7z", FolderForm::SevenZip}};
    for (const auto& [ending, form] : endings)
        if (fileName.endsWith(QLatin1String(ending), Qt::CaseInsensitive))
            return form;
    return std::nullopt;
}

Result<LeftOut> writeFolder(const TreeCopy& copy, const std::function<QString(std::size_t)>& place,
    const QString& temporary, const QString& target, FolderForm form)
{
    const LeftOut left = TRY(writeForm(copy, place, temporary, form));
    if (::rename(QFile::encodeName(temporary).constData(), QFile::encodeName(target).constData()) != 0)
        return fail(Error::fromErrno(errno).in("keep '" + target.toStdString() + "'"));
    return left;
}

} // namespace rocker::gui
