#include "engine/archive/tar_reader.h"
#include "engine/os/file.h"
#include "helper/unpack/layer_writer.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace rocker;
using archive::EntryType;
using archive::TarEntry;

namespace {

// A file of a tar's data as its reader gives it: one header, then `data`.
std::string tarOf(const std::string& data)
{
    std::string block(archive::blockSize, '\0');
    const auto put = [&](std::size_t offset, std::string_view text) { block.replace(offset, text.size(), text); };
    put(0, "file");
    put(124, std::format("{:011o}", data.size()));
    put(148, "        ");
    block[156] = '0';
    int sum = 0;
    for (const char c : block)
        sum += std::uint8_t(c);
    put(148, std::format("{:06o}", sum));
    block[154] = '\0';
    return block + data + std::string((archive::blockSize - data.size() % archive::blockSize) % archive::blockSize, '\0');
}

} // namespace

// In a directory of the tester's own: without root and without the worker's confinement.
class TestLayerWriter : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    image::UnpackRequest m_limits;
    archive::MemorySource m_nothing{""};
    archive::TarReader m_noData{m_nothing};

    QString path(const char* name) const { return m_directory->filePath(name); }
    unpack::LayerWriter writer() { return {*os::open(m_directory->path().toStdString(), O_RDONLY | O_DIRECTORY), m_limits}; }

    static TarEntry entry(EntryType type, std::string name)
    {
        return {.type = type, .name = std::move(name), .mode = 0755, .uid = ::getuid(), .gid = ::getgid(), .modified = {1000, 0}};
    }
    Result<> addFile(unpack::LayerWriter& target, const std::string& data, const std::string& name = "file")
    {
        const std::string tar = tarOf(data);
        archive::MemorySource source(tar);
        archive::TarReader reader(source);
        TarEntry read = **reader.next();
        read.name = name;
        read.mode = 0644;
        read.uid = ::getuid();
        read.gid = ::getgid();
        return target.add(read, reader);
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_limits = {0, 1 << 30, 1 << 30, 1000};
    }

    void zerosBecomeHolesAndTheFileReadsTheSame_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<int>("stored"); // kibibytes at most
        QTest::newRow("all zeros") << QByteArray(1 << 20, '\0') << 0;
        QTest::newRow("a word between") << QByteArray(500'000, '\0') + "word" + QByteArray(500'000, '\0') << 8;
        QTest::newRow("a last byte") << QByteArray(300'001, '\0') + "x" << 8;
        QTest::newRow("less than a block") << QByteArray(100, '\0') << 0;
        QTest::newRow("none") << QByteArray(10'000, 'x') << 12;
        QTest::newRow("empty") << QByteArray() << 0;
    }
    void zerosBecomeHolesAndTheFileReadsTheSame()
    {
        QFETCH(QByteArray, data);
        auto target = writer();
        QVERIFY(addFile(target, data.toStdString()));
        QCOMPARE(target.finish()->size, data.size());
        QFile file(path("file"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == data);
        struct stat status{};
        QCOMPARE(::stat(file.fileName().toUtf8().constData(), &status), 0);
        QFETCH(int, stored);
        QVERIFY2(status.st_blocks / 2 <= stored, qPrintable(QString::number(status.st_blocks / 2)));
    }

    void onlyWhatTakesSpaceCountsAgainstTheLimit()
    {
        m_limits.storedLimit = 100'000;
        auto target = writer();
        QVERIFY(addFile(target, std::string(1'000'000, '\0'), "zeros"));
        QVERIFY(addFile(target, std::string(60'000, 'x'), "first"));
        const auto second = addFile(target, std::string(60'000, 'x'), "second");
        QVERIFY(!second);
        QVERIFY(second.error().code == ErrorCode::ResourceExhausted);
    }

    void aFileLargerThanAllowedIsNotBegun()
    {
        m_limits.fileLimit = 1000;
        auto target = writer();
        QCOMPARE(addFile(target, std::string(1001, 'x')).error().errnum, EFBIG);
        QVERIFY(!QFile::exists(path("file")));
    }

    void entriesAreCounted()
    {
        m_limits.entryLimit = 2;
        auto target = writer();
        QVERIFY(target.add(entry(EntryType::Directory, "a"), m_noData));
        QVERIFY(target.add(entry(EntryType::Directory, "b"), m_noData));
        QVERIFY(!target.add(entry(EntryType::Directory, "c"), m_noData));
    }

    void aDirectoryKeepsItsTimeWhateverComesIntoIt()
    {
        auto target = writer();
        QVERIFY(target.add(entry(EntryType::Directory, "d"), m_noData));
        QVERIFY(addFile(target, "x", "d/file"));
        QVERIFY(target.finish());
        struct stat status{};
        QCOMPARE(::stat(path("d").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mtim.tv_sec, 1000);
    }

    void whatReplacesADirectoryIsWhereTheNextEntriesGo()
    {
        auto target = writer();
        QVERIFY(addFile(target, "1", "a/b/first"));
        QVERIFY(addFile(target, "2", "c/b/second"));
        TarEntry link = entry(EntryType::Symlink, "a");
        link.linkTarget = "c";
        QVERIFY(addFile(target, "3", "a/b/third")); // the directories on the way are open
        QVERIFY(target.add(link, m_noData));
        QVERIFY(addFile(target, "4", "a/b/fourth"));
        QVERIFY(QFile::exists(path("c/b/fourth")));
        QVERIFY(target.add(entry(EntryType::Directory, "c/b/fourth"), m_noData));
        QVERIFY(addFile(target, "5", "c/b/fourth/fifth"));
        QVERIFY(QFile::exists(path("a/b/fourth/fifth")));
        QVERIFY(target.finish());
    }

    void pathsMayBeDeeperThanDirectoriesAreKeptOpen()
    {
        auto target = writer();
        std::string deep;
        for (int i = 0; i < 200; ++i)
            deep += "d/";
        QVERIFY(addFile(target, "1", deep + "first"));
        QVERIFY(addFile(target, "2", deep + "second"));
        QVERIFY(addFile(target, "3", deep.substr(0, 100) + "third"));
        QVERIFY(QFile::exists(path((deep + "first").c_str())));
        QVERIFY(QFile::exists(path((deep + "second").c_str())));
        QVERIFY(QFile::exists(path((deep.substr(0, 100) + "third").c_str())));
    }

    void whatIsMadeInASetGroupIdDirectoryDoesNotInheritIt()
    {
        auto target = writer();
        TarEntry shared = entry(EntryType::Directory, "d");
        shared.mode = 02775;
        QVERIFY(target.add(shared, m_noData));
        QVERIFY(target.add(entry(EntryType::Directory, "d/inner"), m_noData));
        QVERIFY(target.finish());
        struct stat status{};
        QCOMPARE(::stat(path("d").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 02775U);
        QCOMPARE(::stat(path("d/inner").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 0755U);
    }

    void aFileHasItsModeWhateverTheMask()
    {
        const mode_t mask = ::umask(077);
        auto target = writer();
        TarEntry file = entry(EntryType::Regular, "file");
        file.mode = 04711;
        QVERIFY(target.add(file, m_noData));
        ::umask(mask);
        struct stat status{};
        QCOMPARE(::stat(path("file").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 04711U);
        QCOMPARE(status.st_mtim.tv_sec, 1000);
    }

    void aWhiteoutIsADeviceInADirectoryThatSaysItMayHaveSome()
    {
        auto target = writer();
        QVERIFY(target.add(entry(EntryType::Directory, "d"), m_noData));
        QVERIFY(target.add(entry(EntryType::Regular, "d/.wh.gone"), m_noData));
        struct stat status{};
        QCOMPARE(::lstat(path("d/gone").toUtf8().constData(), &status), 0);
        QVERIFY(S_ISCHR(status.st_mode) && status.st_rdev == 0);
        QVERIFY(::getxattr(path("d").toUtf8().constData(), "user.overlay.origin", nullptr, 0) == 0);
    }

    void whatThisLayerMadeSurvivesItsOwnWhiteout()
    {
        auto target = writer();
        QVERIFY(addFile(target, "x", "kept"));
        QVERIFY(target.add(entry(EntryType::Regular, ".wh.kept"), m_noData));
        QVERIFY(QFile::exists(path("kept")));
    }

    void aLinkIsToWhatIsThere()
    {
        auto target = writer();
        TarEntry link = entry(EntryType::HardLink, "link");
        link.linkTarget = "nothing";
        QVERIFY(!target.add(link, m_noData));
        QVERIFY(addFile(target, "x", "file"));
        link.linkTarget = "/file";
        QVERIFY(target.add(link, m_noData));
        struct stat status{};
        QCOMPARE(::stat(path("link").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_nlink, nlink_t(2));
    }
};

QTEST_GUILESS_MAIN(TestLayerWriter)
#include "tst_layer_writer.moc"
