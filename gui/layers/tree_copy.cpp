#include "gui/layers/tree_copy.h"

#include "gui/layers/background.h"
#include "gui/layers/folder_archive.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::gui {

namespace {

using layers::ImageTree;
using layers::Kind;

QByteArray encoded(const QString& directory, const std::string& path)
{
    return QFile::encodeName(directory) + '/' + QByteArray::fromStdString(path);
}

// Whether a link that stands at `path` in the copy leads to something in the copy.
bool staysInside(const std::string& path, std::string_view target)
{
    if (target.starts_with('/'))
        return false;
    long depth = std::ranges::count(path, '/');
    for (std::size_t start = 0; start <= target.size();) {
        const std::size_t end = std::min(target.find('/', start), target.size());
        const std::string_view step = target.substr(start, end - start);
        start = end + 1;
        if (step == "..")
            --depth;
        else if (!step.empty() && step != ".")
            ++depth;
        if (depth < 1) // beside the copy's top is outside of it
            return false;
    }
    return true;
}

void dress(const QByteArray& path, const layers::Record& record)
{
    ::chmod(path.constData(), (record.mode & 0777) | (record.kind == Kind::Directory ? 0700 : 0600));
    const timespec times[2]{{0, UTIME_OMIT}, {record.seconds, long(record.nanoseconds)}};
    ::utimensat(AT_FDCWD, path.constData(), times, 0);
}

Result<> makeDirectories(const TreeCopy& copy, const QString& directory)
{
    for (const auto* list : {&copy.directories, &copy.files, &copy.links})
        if (!list->empty()) {
            const std::string top = list->front().path.substr(0, list->front().path.find('/'));
            struct stat status{};
            if (::lstat(encoded(directory, top).constData(), &status) == 0)
                return fail(ErrorCode::AlreadyExists, "'{}' is there already", encoded(directory, top).toStdString());
            break;
        }
    for (const TreeCopy::Item& item : copy.directories)
        if (::mkdir(encoded(directory, item.path).constData(), 0700) != 0)
            return fail(Error::fromErrno(errno).in(std::format("make '{}'", item.path)));
    return {};
}

// Links last: nothing was written through one.
Result<LeftOut> finishDirectories(const TreeCopy& copy, const QString& directory)
{
    LeftOut left{copy.others.size()};
    for (const TreeCopy::Item& item : copy.files)
        dress(encoded(directory, item.path), copy.record(item));
    for (const TreeCopy::Item& item : copy.links) {
        const std::string target(copy.target(item));
        if (!staysInside(item.path, target)) {
            ++left.count;
            continue;
        }
        if (::symlink(target.c_str(), encoded(directory, item.path).constData()) != 0)
            return fail(Error::fromErrno(errno).in(std::format("make the link '{}'", item.path)));
    }
    for (auto item = copy.directories.rbegin(); item != copy.directories.rend(); ++item)
        dress(encoded(directory, item->path), copy.record(*item));
    return left;
}

} // namespace

std::vector<FileWish> TreeCopy::wishes(const std::function<QString(std::size_t)>& target) const
{
    std::vector<FileWish> found;
    for (std::size_t i = 0; i < files.size(); ++i)
        found.push_back({tree->tree().at(files[i].node).layer, tree->tree().path(files[i].node), target(i)});
    return found;
}

TreeCopy copyOf(const SharedTree& shared, std::uint32_t top)
{
    TreeCopy copy{.tree = shared};
    const ImageTree& tree = shared->tree();
    const std::string name = top == ImageTree::root ? "root" : std::string(tree.name(top));
    std::vector<TreeCopy::Item> pending{{name, top}};
    while (!pending.empty()) {
        TreeCopy::Item item = std::move(pending.back());
        pending.pop_back();
        const ImageTree::Node& node = tree.at(item.node);
        switch (tree.record(item.node).kind) {
        case Kind::Directory:
            for (std::uint32_t child = node.firstChild + node.childCount; child-- > node.firstChild;)
                if (tree.at(child).change != layers::Change::Removed)
                    pending.push_back({item.path + "/" + std::string(tree.name(child)), child});
            copy.directories.push_back(std::move(item));
            break;
        case Kind::File:
            copy.bytes += tree.record(item.node).size;
            copy.files.push_back(std::move(item));
            break;
        case Kind::Symlink:
            copy.links.push_back(std::move(item));
            break;
        case Kind::Whiteout:
            break;
        default:
            copy.others.push_back(std::move(item));
        }
    }
    return copy;
}

QFuture<Result<LeftOut>> copyToDirectory(
    LayerSource& source, const std::string& image, TreeCopy copy, const QString& directory)
{
    if (const auto made = makeDirectories(copy, directory); !made)
        return ready(Result<LeftOut>(fail(made.error())));
    const auto wishes
        = copy.wishes([&](std::size_t file) { return QFile::decodeName(encoded(directory, copy.files[file].path)); });
    // A name that this locale cannot say would become another one.
    for (std::size_t i = 0; i < wishes.size(); ++i)
        if (QFile::encodeName(wishes[i].target) != encoded(directory, copy.files[i].path))
            return ready(Result<LeftOut>(
                fail(ErrorCode::InvalidArgument, "the name '{}' cannot be written here", copy.files[i].path)));
    return source.saveAll(image, wishes)
        .then([copy = std::move(copy), directory](const Result<>& saved) {
            if (!saved)
                return ready(Result<LeftOut>(fail(saved.error())));
            return inBackground([copy, directory] { return finishDirectories(copy, directory); });
        })
        .unwrap();
}

QFuture<Result<LeftOut>> copyToArchive(
    LayerSource& source, const std::string& image, TreeCopy copy, const QString& target, FolderForm form)
{
    // Contents first, each under its number; then the archive is written from them.
    auto contents = std::make_shared<QTemporaryDir>(QFileInfo(target).absolutePath() + QStringLiteral("/.rocker-XXXXXX"));
    if (!contents->isValid())
        return ready(Result<LeftOut>(fail(ErrorCode::Internal, "make a temporary directory: {}", contents->errorString().toStdString())));
    const auto place = [contents](std::size_t file) { return contents->filePath(QString::number(file)); };
    return source.saveAll(image, copy.wishes(place))
        .then([copy = std::move(copy), contents, place, target, form](const Result<>& saved) {
            if (!saved)
                return ready(Result<LeftOut>(fail(saved.error())));
            return inBackground([copy, contents, place, target, form] { return writeFolder(copy, place, contents->filePath(QStringLiteral("archive")), target, form); });
        })
        .unwrap();
}

} // namespace rocker::gui
