#include "engine/base/scope_exit.h"
#include "engine/image/digest.h"
#include "engine/image/worker_process.h"
#include "engine/layers/layer_index.h"
#include "engine/layout/content_hash.h"
#include "engine/layout/layer_look.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "helper/unpack/layer_survey.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <climits>
#include <set>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace rocker;
using layers::Kind;
using layers::Record;

namespace {

std::string contentOf(const std::string& path)
{
    const auto file = os::open(path, O_RDONLY);
    if (!file)
        return "unreadable";
    image::Sha256 hash;
    std::vector<char> buffer(1 << 20);
    for (ssize_t count; (count = ::read(file->value(), buffer.data(), buffer.size())) > 0;)
        hash.add({buffer.data(), std::size_t(count)});
    const auto bytes = hash.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size() / 2};
}

std::string contentOf(const Record& record)
{
    return {reinterpret_cast<const char*>(record.content.data()), record.content.size()};
}

// The layer on the disk, as far as an index tells of it, in words to be compared.
class OnDisk
{
public:
    explicit OnDisk(std::string root) : m_root(std::move(root)) { add(""); }
    const std::map<std::string, std::string>& entries() const { return m_entries; }
    ino_t inodeOf(const std::string& path) const
    {
        struct stat status{};
        return ::lstat((m_root + "/" + path).c_str(), &status) == 0 ? status.st_ino : 0;
    }

    static std::string describe(Kind kind, unsigned mode, unsigned uid, unsigned gid, std::uint64_t size, std::int64_t seconds,
                                std::uint32_t nanoseconds, std::string_view more)
    {
        if (kind == Kind::Whiteout)
            return "whiteout";
        return std::format("{} {:o} {}:{} {} {}.{:09} {}", int(kind), mode, uid, gid, size, seconds, nanoseconds, more);
    }
    static bool isOpaque(const std::string& path)
    {
        char value = 0;
        return ::lgetxattr(path.c_str(), "user.overlay.opaque", &value, 1) == 1 && value == 'y';
    }

private:
    void add(const std::string& path)
    {
        const std::string full = m_root + "/" + path;
        struct stat status{};
        if (::lstat(full.c_str(), &status) != 0)
            return;
        Kind kind = Kind::File;
        std::uint64_t size = 0;
        std::string more;
        if (S_ISREG(status.st_mode)) {
            size = std::uint64_t(status.st_size);
            more = contentOf(full);
        } else if (S_ISDIR(status.st_mode)) {
            kind = Kind::Directory;
            more = isOpaque(full) ? "opaque" : "";
            const auto names = os::listDirectory(os::currentDirectory, full);
            for (const std::string& name : *names)
                add(path.empty() ? name : path + "/" + name);
        } else if (S_ISLNK(status.st_mode)) {
            kind = Kind::Symlink;
            char target[PATH_MAX];
            more.assign(target, std::size_t(::readlink(full.c_str(), target, sizeof target)));
        } else if (S_ISFIFO(status.st_mode)) {
            kind = Kind::Fifo;
        } else {
            kind = S_ISBLK(status.st_mode) ? Kind::BlockDevice : status.st_rdev == 0 ? Kind::Whiteout : Kind::CharDevice;
            size = std::uint64_t(major(status.st_rdev)) << 32 | minor(status.st_rdev);
        }
        m_entries[path] = describe(kind, status.st_mode & 07777, status.st_uid, status.st_gid, size, status.st_mtim.tv_sec,
                                   std::uint32_t(status.st_mtim.tv_nsec), more);
    }

    std::string m_root;
    std::map<std::string, std::string> m_entries;
};

std::string describe(const layers::LayerIndex& index, std::uint32_t number)
{
    const Record& record = index.at(number);
    std::string more(index.link(number));
    if (record.kind == Kind::File)
        more = contentOf(record);
    else if (record.kind == Kind::Directory)
        more = record.is(Record::opaque) ? "opaque" : "";
    return OnDisk::describe(record.kind, record.mode, record.uid, record.gid, record.size, record.seconds,
                            record.nanoseconds, more);
}

// What is wrong with the index, or nothing.
QString findings(const layers::LayerIndex& index, const std::string& root)
{
    const OnDisk disk(root);
    QStringList wrong;
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < index.size(); ++i) {
        const std::string path = index.path(i);
        const Record& record = index.at(i);
        seen.insert(path);
        const auto entry = disk.entries().find(path);
        if (entry == disk.entries().end())
            wrong += QString("'%1' is not on the disk").arg(QString::fromStdString(path));
        else if (record.is(Record::implied) && record.is(Record::opaque) != OnDisk::isOpaque(root + "/" + path))
            wrong += QString("'%1' is opaque or not").arg(QString::fromStdString(path));
        else if (const std::string told = describe(index, i); !record.is(Record::implied) && entry->second != told)
            wrong += QString::fromStdString(std::format("'{}' is {}, not {}", path, entry->second, told));
        if (record.is(Record::hardLink) && disk.inodeOf(path) != disk.inodeOf(std::string(index.link(i))))
            wrong += QString("'%1' is another file than its link's").arg(QString::fromStdString(path));
    }
    for (const auto& [path, text] : disk.entries())
        if (!seen.contains(path))
            wrong += QString("'%1' is not in the index").arg(QString::fromStdString(path));
    return wrong.join("; ");
}

QStringList wordsOf(const layers::LayerIndex& index)
{
    QStringList words;
    for (std::uint32_t i = 0; i < index.size(); ++i)
        words << QString::fromStdString(std::format("/{} {} flags {} xattrs {} link {}", index.path(i), describe(index, i),
                                                    index.at(i).flags, index.at(i).xattrs, index.link(i)));
    return words;
}

// A layer that is only looked at, in this process.
Result<layout::LayerLook> lookedAt(const std::string& archive)
{
    const UniqueFd file = TRY(os::open(archive, O_RDONLY));
    return layout::lookAtLayer(file, {0, std::uint64_t(TRY(os::status(file)).st_size)}, {});
}

} // namespace

// Every layer of the cases through the confined worker, and its index beside what lies on the disk.
class TestLayerSurvey : public QObject
{
    Q_OBJECT

    QTemporaryDir m_layers;
    int m_accepted = 0;
    int m_compared = 0;

    static std::string worker() { return QCoreApplication::applicationDirPath().toStdString() + "/rocker-unpack"; }

    // The worker's outcome; the directory has "diff" and "index" afterwards. `sound`: the stream had nothing against the
    // layer but that it knows no digest of it.
    static Result<json::Value> unpack(const std::string& archive, const std::string& directory, bool& sound)
    {
        TRY(os::makeDirectory(os::currentDirectory, directory + "/diff", 0755));
        const UniqueFd diff = TRY(os::open(directory + "/diff", O_RDONLY | O_DIRECTORY));
        const UniqueFd index = TRY(os::open(directory + "/index", O_RDWR | O_CREAT, 0600));
        const UniqueFd stored = TRY(os::open(archive, O_RDONLY));
        os::Pipe pipe = TRY(os::makePipe());
        // That it knows no digests of the layer is heard too late to matter here.
        const image::ArchivedLayer layer{.diffId = "unknown", .size = TRY(os::status(stored)).st_size};
        const json::Value asked = json::write(image::StreamRequest{layer});
        auto stream = TRY(image::WorkerProcess::start({worker(), "stream", asked, stored, pipe.writeEnd}));
        pipe.writeEnd.reset();
        const image::UnpackRequest limits{layer.size, 64LL << 30, 64LL << 30, 5'000'000};
        auto outcome = TRY(image::WorkerProcess::start({worker(), "unpack", json::write(limits), pipe.readEnd, diff, index})).run();
        const auto streamed = stream.run();
        sound = !streamed && streamed.error().what.contains("another diff ID");
        return outcome;
    }

private slots:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("the worker confines itself, which needs root");
        QProcess cases;
        cases.start("/usr/bin/python3", {ROCKER_SOURCE_DIR "/tests/support/write_layers.py", m_layers.path()});
        QVERIFY(cases.waitForFinished());
        QVERIFY2(cases.exitCode() == 0, cases.readAllStandardError().constData());
    }

    void theIndexSaysWhatIsOnTheDisk_data()
    {
        QTest::addColumn<QString>("layer");
        for (const QString& name : QDir(m_layers.path()).entryList(QDir::Files))
            QTest::newRow(qPrintable(name)) << m_layers.filePath(name);
    }
    void theIndexSaysWhatIsOnTheDisk()
    {
        QFETCH(QString, layer);
        const QTemporaryDir directory;
        const std::string root = directory.path().toStdString();
        // Qt does not remove names that are no text.
        const UniqueFd opened = *os::open(root, O_RDONLY | O_DIRECTORY);
        const ScopeExit remove([&] { (void)os::removeTree(opened, "diff"); });
        const auto looked = lookedAt(layer.toStdString());
        bool sound = false;
        if (!unpack(layer.toStdString(), root, sound)) { // what is refused has no index
            QVERIFY(!looked);
            return;
        }
        ++m_accepted;
        const auto index = layers::LayerIndex::parse(*os::readFile(root + "/index", 1 << 30));
        QVERIFY2(index, index ? "" : index.error().what.c_str());
        const QString wrong = findings(*index, root + "/diff");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));

        if (!sound) // the unpacker has not seen the damage behind the archive's end, the reader may have
            return;
        QVERIFY2(looked, looked ? "" : looked.error().what.c_str());
        const auto other = layers::LayerIndex::parse(looked->index);
        QVERIFY2(other, other ? "" : other.error().what.c_str());
        QCOMPARE(wordsOf(*other), wordsOf(*index));
        QVERIFY(looked->index == *os::readFile(root + "/index", 1 << 30));
        QCOMPARE(looked->places.size(), std::size_t(other->size()));
        ++m_compared;
    }
    void mostOfTheCasesWereAccepted()
    {
        QVERIFY2(m_accepted > 100, qPrintable(QString::number(m_accepted)));
        QVERIFY2(m_compared > 100, qPrintable(QString::number(m_compared)));
    }

    void holesHaveTheIdOfTheirZeros()
    {
        std::uint64_t zeros = 1 << 20;
        layout::ContentHash hash(zeros);
        hash.add(100'000, {"word", 4});
        const std::string whole = std::string(100'000, '\0') + "word" + std::string(300'000, '\0');
        image::Sha256 plain;
        plain.add(whole);
        const auto id = hash.finish(whole.size());
        QVERIFY(std::equal(id.begin(), id.end(), plain.bytes().begin()));
        QCOMPARE(zeros, std::uint64_t((1 << 20) - 400'000));
    }
    void aHoleOfTerabytesTakesNoTime()
    {
        const auto idOf = [](std::uint64_t size) {
            std::uint64_t zeros = 1 << 20;
            layout::ContentHash hash(zeros);
            hash.add(1ULL << 40, {"word", 4});
            return hash.finish(size);
        };
        QVERIFY(idOf(1ULL << 50) == idOf(1ULL << 50));
        QVERIFY(idOf(1ULL << 50) != idOf((1ULL << 50) + 1));
    }

    void aFileThatNobodyWroteIsNoPartOfALayer()
    {
        const QTemporaryDir directory;
        QFile file(directory.filePath("stray"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const UniqueFd root = *os::open(directory.path().toStdString(), O_RDONLY | O_DIRECTORY);
        const auto index = unpack::surveyLayer(root, {});
        QVERIFY(!index);
        QVERIFY2(index.error().what.contains("stray"), index.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(TestLayerSurvey)
#include "tst_layer_survey.moc"
