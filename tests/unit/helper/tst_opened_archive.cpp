#include "engine/image/digest.h"
#include "engine/layers/image_tree.h"
#include "engine/layout/opened_archive.h"
#include "helper/unpack/seclude.h"
#include "tests/unit/engine/forked.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rocker;
using layout::OpenedArchive;

namespace {

OpenedArchive::Options options()
{
    return {.program = QCoreApplication::applicationDirPath().toStdString() + "/rocker-unpack",
            .scratch = QDir::tempPath().toStdString(), .progress = {}, .cancelled = {}};
}

Result<std::vector<std::string>> take(OpenedArchive& archive, std::size_t layer, const std::vector<std::uint32_t>& records,
                                      std::int64_t limit = 1 << 30)
{
    std::vector<std::string> files(records.size());
    TRY(archive.take(0, layer, records, limit, [&](const OpenedArchive::Piece& piece) -> Result<> {
        std::string& file = files[piece.wish];
        if (file.size() < piece.offset && piece.bytes.size() > 0)
            file.resize(piece.offset);
        file += piece.bytes;
        return {};
    }, options()));
    return files;
}

void python(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setProcessEnvironment([] {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PYTHONPATH", ROCKER_SOURCE_DIR "/tests/support");
        return environment;
    }());
    process.start("/usr/bin/python3", QStringList(program) + arguments);
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
}

// What `attempt` comes to in a worker that has been secluded.
QString secluded(const std::function<std::string()>& attempt)
{
    return QString::fromStdString(forked([&]() -> std::string {
        if (const auto done = unpack::secludeReader(unpack::Opening::Nothing); !done)
            return done.error().what;
        return attempt();
    }));
}

std::string outcome(long value)
{
    return value >= 0 ? "done" : strerrorname_np(errno);
}

} // namespace

// Archives opened without a helper, by the real workers.
class TestOpenedArchive : public QObject
{
    Q_OBJECT

    QTemporaryDir m_place;

private slots:
    void initTestCase()
    {
        python(ROCKER_SOURCE_DIR "/tests/support/three_layers.py", {m_place.path()});
        python("-c", {"import sys, subprocess, random, tarfile, io, gzip\n"
                      "from tarmaker import *\n"
                      "place = sys.argv[1]\n"
                      "run = lambda *words: subprocess.run(words, check=True)\n"
                      "for name in ('oci', 'docker'):\n"
                      "    run('gzip', '-k', '-n', f'{place}/{name}.tar')\n"
                      "    run('zstd', '-q', '-k', f'{place}/{name}.tar')\n"
                      "run('mkdir', f'{place}/layout')\n"
                      "run('tar', '-xf', f'{place}/oci.tar', '-C', f'{place}/layout')\n"
                      "root = [directory('etc/'), file('etc/hostname', 'box'), file('manifest.json', '{}'), directory('usr/')]\n"
                      "tar = b''.join(root) + END\n"
                      "open(f'{place}/root.tar', 'wb').write(tar)\n"
                      "open(f'{place}/root.tar.gz', 'wb').write(gzipped(tar))\n"
                      "open(f'{place}/root.tar.zst', 'wb').write(zstandard(tar))\n"
                      "source = random.Random(7)\n"
                      "files = [file(f'data/{i:04}', bytes([65 + i % 26]) * (i * 7 % 90000) + source.randbytes(30000)) for i in range(600)]\n"
                      "open(f'{place}/large.tar.gz', 'wb').write(gzip.compress(b''.join(files) + END, 3))\n",
                      m_place.path()});
    }

    void everyFormOfAnImageIsTheSameImage_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"oci.tar", "docker.tar", "oci.tar.gz", "docker.tar.gz", "oci.tar.zst", "docker.tar.zst", "layout"})
            QTest::newRow(name) << name;
    }
    void everyFormOfAnImageIsTheSameImage()
    {
        QFETCH(QString, name);
        const auto archive = OpenedArchive::open(m_place.filePath(name).toStdString(), options());
        QVERIFY2(archive, archive ? "" : archive.error().what.c_str());
        QVERIFY(!(*archive)->isFileSystem());
        QCOMPARE((*archive)->images().size(), std::size_t(1));
        QCOMPARE((*archive)->images()[0].layers.size(), std::size_t(3));
        QCOMPARE((*archive)->images()[0].layers[1].createdBy, std::string("RUN change"));
        const auto indexes = (*archive)->indexes(0, options());
        QVERIFY2(indexes, indexes ? "" : indexes.error().what.c_str());
        const layers::ImageTree tree(*indexes, 2, layers::ImageTree::Scope::UpTo);
        QVERIFY(tree.find("kept") != layers::ImageTree::none);
        QVERIFY(tree.find("gone") == layers::ImageTree::none);
        const std::uint32_t late = indexes->at(2).find("late");
        const std::uint32_t link = indexes->at(0).find("keptlink");
        const auto files = take(**archive, 0, {link, indexes->at(0).find("old/a"), indexes->at(0).find("big")}, 5);
        QVERIFY2(files, files ? "" : files.error().what.c_str());
        QCOMPARE(*files, (std::vector<std::string>{"kept\n", "old a", "bbbbb"}));
        QCOMPARE(take(**archive, 2, {late})->front().size(), std::size_t(5000));
        QVERIFY(!take(**archive, 0, {indexes->at(0).find("link")}));
    }

    void aRootFileSystemIsOneLayer_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"root.tar", "root.tar.gz", "root.tar.zst"})
            QTest::newRow(name) << name;
    }
    void aRootFileSystemIsOneLayer()
    {
        QFETCH(QString, name);
        const auto archive = OpenedArchive::open(m_place.filePath(name).toStdString(), options());
        QVERIFY2(archive, archive ? "" : archive.error().what.c_str());
        QVERIFY((*archive)->isFileSystem());
        const auto indexes = (*archive)->indexes(0, options());
        QVERIFY2(indexes, indexes ? "" : indexes.error().what.c_str());
        QCOMPARE(indexes->size(), std::size_t(1));
        QCOMPARE(take(**archive, 0, {indexes->front().find("etc/hostname")})->front(), std::string("box"));
    }

    void aFileInTheMiddleOfAGzipStreamIsRead()
    {
        const auto archive = OpenedArchive::open(m_place.filePath("large.tar.gz").toStdString(), options());
        QVERIFY2(archive, archive ? "" : archive.error().what.c_str());
        const auto indexes = (*archive)->indexes(0, options());
        QVERIFY2(indexes, indexes ? "" : indexes.error().what.c_str());
        const layers::LayerIndex& index = indexes->front();
        std::vector<std::uint32_t> records;
        for (int i = 599; i >= 0; i -= 37)
            records.push_back(index.find(QString("data/%1").arg(i, 4, 10, QChar('0')).toStdString()));
        const auto together = take(**archive, 0, records);
        QVERIFY2(together, together ? "" : together.error().what.c_str());
        for (std::size_t i = 0; i < records.size(); ++i) {
            // Each alone as well, which enters the stream at another point; the index knows what it has to be.
            QVERIFY(take(**archive, 0, {records[i]})->front() == together->at(i));
            image::Sha256 hash;
            hash.add(together->at(i));
            const auto bytes = hash.bytes();
            QVERIFY(std::equal(index.at(records[i]).content.begin(), index.at(records[i]).content.end(), bytes.begin()));
        }
    }

    void whatIsNoArchiveIsSaidToBeNone_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray(5000, 'x');
        QTest::newRow("damaged gzip") << QByteArray("\x1f\x8b", 2) + QByteArray(600, 'x');
    }
    void whatIsNoArchiveIsSaidToBeNone()
    {
        QFETCH(QByteArray, bytes);
        QFile file(m_place.filePath("none"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
        file.close();
        const auto archive = OpenedArchive::open(file.fileName().toStdString(), options());
        QVERIFY(!archive);
        QCOMPARE(archive.error().code, ErrorCode::Corrupt);
        QVERIFY2(archive.error().what.contains("none"), archive.error().what.c_str());
    }

    void itIsGivenUpAtOnce()
    {
        QFile bomb(m_place.filePath("bomb.tar"));
        QVERIFY(bomb.open(QIODevice::WriteOnly));
        bomb.close();
        python("-c", {"import sys\nfrom tarmaker import *\n"
                      "out = open(sys.argv[1], 'wb')\nout.write(header('etc/', '5') + header('hole', size=base256(20 << 30, 12)))\n"
                      "out.truncate((20 << 30) + 4096)\n", bomb.fileName()});
        const auto archive = OpenedArchive::open(bomb.fileName().toStdString(), options());
        QVERIFY2(archive, archive ? "" : archive.error().what.c_str());
        QElapsedTimer timer;
        timer.start();
        auto impatient = options();
        impatient.cancelled = [&] { return timer.elapsed() > 200; };
        const auto indexes = (*archive)->indexes(0, impatient);
        QVERIFY(!indexes);
        QCOMPARE(indexes.error().code, ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void aSecludedWorkerOpensNothingAndReachesNobody()
    {
        QCOMPARE(secluded([] { return outcome(::open("/etc/passwd", O_RDONLY)); }), "EPERM");
        QCOMPARE(secluded([] { return outcome(::socket(AF_INET, SOCK_STREAM, 0)); }), "EPERM");
        QCOMPARE(secluded([] { return outcome(::fork()); }), "EPERM");
        QCOMPARE(secluded([] { return outcome(::execl("/bin/true", "true", nullptr)); }), "EPERM");
        QCOMPARE(secluded([] { return outcome(::kill(::getppid(), SIGTERM)); }), "EPERM");
        QCOMPARE(secluded([] { return std::to_string(::getuid() == 0); }), "0");
    }
};

QTEST_GUILESS_MAIN(TestOpenedArchive)
#include "tst_opened_archive.moc"
