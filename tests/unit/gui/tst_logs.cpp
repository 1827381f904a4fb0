#include "gui/pages/containers/log_saver.h"
#include "gui/pages/containers/log_text.h"
#include "tests/unit/gui/fake_helper.h"

#include <KCompressionDevice>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestLogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesBecomePlainLines_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("lines");
        QTest::newRow("plain") << QByteArray("a\nb\n") << QStringLiteral("a\nb\n");
        QTest::newRow("terminal's newlines") << QByteArray("a\r\nb\r\n") << QStringLiteral("a\nb\n");
        QTest::newRow("colours") << QByteArray("\x1b[1;31mred\x1b[0m\n") << QStringLiteral("red\n");
        QTest::newRow("title") << QByteArray("\x1b]0;title\x07text\n") << QStringLiteral("text\n");
        QTest::newRow("title, ST") << QByteArray("\x1b]0;title\x1b\\text\n") << QStringLiteral("text\n");
        QTest::newRow("progress") << QByteArray("10%\r20%\r100%\n") << QStringLiteral("100%\n");
        QTest::newRow("character set") << QByteArray("\x1b(Btext\n") << QStringLiteral("text\n");
        QTest::newRow("umlaut") << QByteArray("gr\xc3\xbcn\n") << QStringLiteral("grün\n");
        QTest::newRow("no UTF-8") << QByteArray("a\xff\n") << QStringLiteral("a\ufffd\n");
    }
    void bytesBecomePlainLines()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, lines);
        QCOMPARE(LogText().add(bytes.toStdString()), lines);
        LogText pieces;
        QString found;
        for (const char byte : bytes)
            found += pieces.add({&byte, 1});
        QCOMPARE(found, lines);
    }

    void aLineWithoutAnEndIsBounded()
    {
        LogText text;
        const QString lines = text.add(std::string(1 << 20, 'x'));
        QVERIFY(text.partialLine().size() <= 64 * 1024);
        QCOMPARE(lines.count(u'x') + text.partialLine().size(), 1 << 20);
    }

    void aSavedLogIsWhatWasPrinted_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << QStringLiteral("web.log");
        QTest::newRow("compressed") << QStringLiteral("web.log.gz");
    }
    void aSavedLogIsWhatWasPrinted()
    {
        QFETCH(QString, name);
        FakeHelper helper;
        for (int i = 0; i < 20'000; ++i)
            helper.log += "\x1b[32mline\x1b[0m " + std::to_string(i) + "\n";
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        const QTemporaryDir directory;
        const QString path = directory.filePath(name);
        auto* saver = new LogSaver(client, "web", path, this);
        QSignalSpy finished(saver, &LogSaver::finished);
        saver->start();
        QTRY_COMPARE(finished.size(), 1);
        QFile plain(path);
        KCompressionDevice compressed(path, KCompressionDevice::GZip);
        QIODevice& file = name.endsWith(QStringLiteral(".gz")) ? static_cast<QIODevice&>(compressed) : plain;
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().toStdString(), helper.log);
        if (&file == &compressed)
            QVERIFY(QFile(path).size() < qint64(helper.log.size() / 4));
    }

    void aLogThatCannotBeReadLeavesNoFile()
    {
        FakeHelper helper;
        helper.on("Containers.Logs", [](const FakeHelper::Call& call) { call.fail(ErrorCode::NotFound, "no container is called 'web'"); });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        const QTemporaryDir directory;
        auto* saver = new LogSaver(client, "web", directory.filePath(QStringLiteral("web.log")), this);
        QSignalSpy failed(saver, &LogSaver::failed);
        saver->start();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!QFile::exists(directory.filePath(QStringLiteral("web.log"))));
    }
};

QTEST_GUILESS_MAIN(TestLogs)
#include "tst_logs.moc"
