#include "engine/elf/elf_file.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;

namespace {

std::string contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace

class TestElf : public QObject
{
    Q_OBJECT

private slots:
    void thisVeryProgramIsWhatReadelfSays()
    {
        const QString path = QCoreApplication::applicationFilePath();
        const auto file = elf::read(contentOf(path));
        QVERIFY(file);
        QProcess readelf;
        readelf.start("readelf", {"-W", "-l", "-d", "-n", path});
        if (!readelf.waitForStarted() || !readelf.waitForFinished())
            QSKIP("readelf is not installed");
        const QString said = QString::fromLocal8Bit(readelf.readAllStandardOutput());
        QVERIFY(file->wide && file->complete && !file->stripped && file->positionIndependent);
        QCOMPARE(file->linking, elf::Linking::Dynamic);
        QVERIFY(said.contains("Requesting program interpreter: " + QString::fromStdString(file->interpreter) + ']'));
        QCOMPARE(file->needed.size(), std::size_t(said.count("(NEEDED)")));
        for (const std::string& library : file->needed)
            QVERIFY2(said.contains("Shared library: [" + QString::fromStdString(library) + ']'), library.c_str());
        QCOMPARE(file->buildId.empty(), !said.contains("Build ID"));
        QVERIFY(said.contains("Build ID: " + QString::fromStdString(file->buildId)));
        QCOMPARE(elf::machineName(file->machine).empty(), false);
    }

    void aLibraryHasItsName()
    {
        QString libc;
        for (const std::string& line : {std::string("/lib/x86_64-linux-gnu/libc.so.6"), std::string("/lib/aarch64-linux-gnu/libc.so.6")})
            if (QFile::exists(QString::fromStdString(line)))
                libc = QString::fromStdString(line);
        if (libc.isEmpty())
            QSKIP("no libc at a known place");
        const auto file = elf::read(contentOf(libc));
        QVERIFY(file);
        QCOMPARE(file->soname, "libc.so.6");
    }

    void aBeginningIsIncomplete()
    {
        const std::string whole = contentOf(QCoreApplication::applicationFilePath());
        const auto file = elf::read(std::string_view(whole).substr(0, 4096));
        QVERIFY(file);
        QVERIFY(!file->complete);
        QVERIFY(!file->interpreter.empty());
    }

    void damageIsNoHarm()
    {
        const std::string start = contentOf(QCoreApplication::applicationFilePath()).substr(0, 8192);
        for (std::size_t size = 0; size < 200; ++size)
            (void)elf::read(std::string_view(start).substr(0, size));
        for (std::size_t i = 0; i < 1024; ++i)
            for (const int bits : {1, 0x80, 0xff}) {
                std::string damaged = start;
                damaged[i] = char(damaged[i] ^ bits);
                if (const auto file = elf::read(damaged))
                    QVERIFY(file->needed.size() <= elf::neededLimit && file->interpreter.size() <= elf::textLimit);
            }
        for (const char* none : {"", "\x7f" "ELF", "MZ"})
            QVERIFY(!elf::read(none));
    }
};

QTEST_GUILESS_MAIN(TestElf)
#include "tst_elf.moc"
