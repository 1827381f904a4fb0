#include "gui/layers/layer_text.h"
#include "gui/layers/line_diff.h"
#include "gui/layers/path_history.h"
#include "gui/layers/preview.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QBuffer>
#include <QFile>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestLayerText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBuildStepIsWhatWasWritten_data()
    {
        QTest::addColumn<QByteArray>("told");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* told, const char* expected) {
            QTest::newRow(name) << QByteArray(told) << QString::fromUtf8(expected);
        };
        row("an instruction that ran nothing", "/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]");
        row("a classic RUN", "/bin/sh -c apt-get update && apt-get install -y curl",
            "RUN apt-get update && apt-get install -y curl");
        row("buildkit's RUN", "RUN /bin/sh -c apk add curl # buildkit", "RUN apk add curl");
        row("buildkit's COPY", "COPY . /srv # buildkit", "COPY . /srv");
        row("with arguments", "|1 VERSION=3 /bin/sh -c make install", "RUN make install");
        row("with several arguments", "|2 A=1 B=two words /bin/sh -c make", "RUN make");
        row("buildkit's RUN with arguments", "RUN |1 A=1 /bin/sh -c make # buildkit", "RUN make");
        row("bash with options", "/bin/bash -eo pipefail -c true", "/bin/bash -eo pipefail -c true");
        row("bash with one option", "RUN /bin/bash -ec true # buildkit", "RUN true");
        row("more than one line", "/bin/sh -c a \\\n\t&& b", "RUN a \\ && b");
        row("another tool's words", "bazel build //image", "bazel build //image");
        row("nothing", "", "");
        row("direction marks", "COPY a\xe2\x80\xae b /", "COPY a b /");
    }
    void aBuildStepIsWhatWasWritten()
    {
        QFETCH(QByteArray, told);
        QTEST(buildStep(told.toStdString()), "expected");
    }

    void aBuildStepOfAnyLengthIsBounded()
    {
        const QString step = buildStep("|9 " + std::string(1 << 20, 'A') + "=x /bin/sh -c y");
        QVERIFY(step.size() <= 64 * 1024);
    }

    void modesReadAsLsWritesThem_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("mode");
        QTest::addColumn<QString>("expected");
        QTest::newRow("file") << int(layers::Kind::File) << 0644 << "-rw-r--r--";
        QTest::newRow("directory") << int(layers::Kind::Directory) << 01777 << "drwxrwxrwt";
        QTest::newRow("setuid") << int(layers::Kind::File) << 04755 << "-rwsr-xr-x";
        QTest::newRow("setuid without x") << int(layers::Kind::File) << 06644 << "-rwSr-Sr--";
        QTest::newRow("link") << int(layers::Kind::Symlink) << 0777 << "lrwxrwxrwx";
        QTest::newRow("device") << int(layers::Kind::CharDevice) << 0666 << "crw-rw-rw-";
    }
    void modesReadAsLsWritesThem()
    {
        QFETCH(int, kind);
        QFETCH(int, mode);
        QTEST(modeText({.kind = layers::Kind(kind), .mode = std::uint16_t(mode)}), "expected");
    }

    void namesShowWhatTheyAre()
    {
        QCOMPARE(shownName("a\nb"), QStringLiteral("a\ufffdb"));
        QCOMPARE(shownName("a\xe2\x80\xae"
                           "b"),
            QStringLiteral("a\ufffdb"));
        QCOMPARE(shownName("<b>\xc3\xa4</b>"), QStringLiteral("<b>ä</b>"));
        QCOMPARE(shownName("\xff"), QStringLiteral("\ufffd"));
    }

    void timesOutsideTheCalendarAreNone()
    {
        QCOMPARE(
            modifiedText({.seconds = std::numeric_limits<std::int64_t>::max()}, TimeStyle::Long), QStringLiteral("–"));
        QCOMPARE(
            modifiedText({.seconds = std::numeric_limits<std::int64_t>::min()}, TimeStyle::Short), QStringLiteral("–"));
    }

    void aPathHasAHistory_data()
    {
        QTest::addColumn<QStringList>("layers");
        QTest::addColumn<QString>("expected");
        QTest::newRow("added") << QStringList{"f a/b 1", "f c 1"} << "0+";
        QTest::newRow("changed") << QStringList{"f a/b 1", "f a/b 2"} << "0+ 1~";
        QTest::newRow("removed and back") << QStringList{"f a/b 1", "w a/b", "f a/b 2"} << "0+ 1- 2+";
        QTest::newRow("with its directory") << QStringList{"f a/b 1", "w a"} << "0+ 1-d";
        QTest::newRow("below an opaque one") << QStringList{"f a/b 1", "o a,f a/c 1"} << "0+ 1-d";
        QTest::newRow("in an opaque one") << QStringList{"f a/b 1", "o a,f a/b 1"} << "0+ 1~";
        QTest::newRow("a file for its directory") << QStringList{"f a/b 1", "f a 1"} << "0+ 1-d";
        QTest::newRow("never there") << QStringList{"f a/c 1", "w a/b"} << "";
        QTest::newRow("removed once only") << QStringList{"f a/b 1", "w a/b", "w a"} << "0+ 1-";
        QTest::newRow("an opaque root") << QStringList{"f a/b 1", "o /"} << "0+ 1-d";
    }
    void aPathHasAHistory()
    {
        QFETCH(QStringList, layers);
        QStringList found;
        for (const PathVersion& version : historyOf(layersOf(layers), "a/b"))
            found << QStringLiteral("%1%2%3")
                         .arg(version.layer)
                         .arg(QLatin1Char(" +~-"[int(version.change)]))
                         .arg(version.withDirectory ? u"d" : u"");
        QTEST(found.join(u' '), "expected");
    }

    void aDirectoryOnTheWayIsNoVersion()
    {
        QCOMPARE(
            historyOf(layersOf({QStringLiteral("d a,f a/b 1"), QStringLiteral("f a/c 1"), QStringLiteral("d a")}), "a")
                .size(),
            2U);
    }

    void textsAreComparedLineByLine_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << "a b c"
                                 << "a b c"
                                 << "…3 equal lines";
        QTest::newRow("a line more") << "a c"
                                     << "a b c"
                                     << " a +b  c";
        QTest::newRow("a line less") << "a b c"
                                     << "a c"
                                     << " a -b  c";
        QTest::newRow("another line") << "a b c"
                                      << "a x c"
                                      << " a -b +x  c";
        QTest::newRow("far lines are left out") << "1 2 3 4 5 6 x 1 2 3 4"
                                                << "1 2 3 4 5 6 y 1 2 3 4"
                                                << "…5 equal lines  6 -x +y  1 …3 equal lines";
        QTest::newRow("nothing in common") << "a b"
                                           << "c d"
                                           << "-a -b +c +d";
        QTest::newRow("from nothing") << ""
                                      << "a"
                                      << "- +a";
    }
    void textsAreComparedLineByLine()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const auto lines = lineDiff(before.split(u' '), after.split(u' '), 1);
        QVERIFY(lines);
        QStringList shown;
        for (const DiffLine& line : *lines)
            shown << QString(u" -+…"[int(line.kind)]) + line.text;
        QTEST(shown.join(u' '), "expected");
    }

    // Whatever is compared, the equal and removed lines are the first text, the equal and added ones the second.
    void aDifferenceLeadsFromOneTextToTheOther()
    {
        unsigned seed = 7;
        const auto random = [&](unsigned below) { return (seed = seed * 1103515245 + 12345) / 65536 % below; };
        for (int round = 0; round < 300; ++round) {
            QStringList before;
            QStringList after;
            for (unsigned i = random(12); i > 0; --i)
                before << QString(QChar(u'a' + char16_t(random(4))));
            for (unsigned i = random(12); i > 0; --i)
                after << QString(QChar(u'a' + char16_t(random(4))));
            const auto lines = lineDiff(before, after, 1000);
            QVERIFY(lines);
            QStringList one;
            QStringList other;
            for (const DiffLine& line : *lines) {
                if (line.kind != DiffLine::Kind::Added)
                    one << line.text;
                if (line.kind != DiffLine::Kind::Removed)
                    other << line.text;
            }
            QCOMPARE(one, before);
            QCOMPARE(other, after);
        }
    }

    void textsWithoutEndAreNotCompared()
    {
        QStringList one;
        QStringList other;
        for (int i = 0; i < 6000; ++i) {
            one << QString::number(i);
            other << QString::number(-i - 1);
        }
        QVERIFY(!lineDiff(one, other));
        QVERIFY(!lineDiff(QStringList(diffLineLimit + 1, QStringLiteral("x")), {}));
    }

    void aPreviewShowsWhatAFileIs()
    {
        QCOMPARE(previewOf("hello\n", true).kind, Preview::Kind::Text);
        QCOMPARE(previewOf("<b>not bold</b>", true).text, QStringLiteral("<b>not bold</b>"));
        QVERIFY(previewOf("#!/bin/sh -e\n", true).headline.contains(QStringLiteral("/bin/sh -e")));
        QCOMPARE(previewOf(QByteArray("a\0b", 3), true).kind, Preview::Kind::Bytes);
        QCOMPARE(previewOf("\xff\xfe", true).kind, Preview::Kind::Bytes);
        QCOMPARE(previewOf("half a letter \xc3", false).kind, Preview::Kind::Text);
        QCOMPARE(previewOf({}, true).headline, QStringLiteral("The file is empty"));
        const Preview cut = previewOf(QByteArray(1 << 20, 'x'), true);
        QCOMPARE(cut.text.size(), Preview::textLimit);
        QVERIFY(cut.headline.contains(QStringLiteral("256 KiB")));
        QCOMPARE(previewOf(QByteArray(1 << 20, '\0'), true).text.count(u'\n'), Preview::dumpLimit / 16);
    }

    void picturesAreShownAndBounded()
    {
        const auto png = [](int width, int height) {
            QImage image(width, height, QImage::Format_RGB32);
            image.fill(Qt::red);
            QByteArray bytes;
            QBuffer buffer(&bytes);
            buffer.open(QIODevice::WriteOnly);
            image.save(&buffer, "PNG");
            return bytes;
        };
        const Preview small = previewOf(png(40, 30), true);
        QCOMPARE(small.kind, Preview::Kind::Picture);
        QCOMPARE(small.picture.size(), QSize(40, 30));
        QVERIFY(small.headline.contains(QStringLiteral("40 × 30")));
        QCOMPARE(previewOf(png(5000, 10), true).picture.width(), Preview::pictureEdge);
        QCOMPARE(previewOf(png(40, 30).left(60), true).kind, Preview::Kind::Bytes);
        // A header that promises more than anyone will hold.
        QByteArray huge = png(40, 30);
        huge.replace(16, 8, QByteArray("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));
        QCOMPARE(previewOf(huge, true).kind, Preview::Kind::Bytes);
        QCOMPARE(
            previewOf("<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", true).kind,
            Preview::Kind::Text);
    }

    void programsTellWhatTheyAreFor()
    {
        QFile self(QCoreApplication::applicationFilePath());
        QVERIFY(self.open(QIODevice::ReadOnly));
        const QByteArray start = self.read(4096);
        const auto line = elfHeadline(start);
        QVERIFY(line);
        QVERIFY(line->startsWith(QStringLiteral("ELF")));
        QVERIFY(line->contains(QStringLiteral("dynamically linked")));
        QVERIFY(!elfHeadline(start.left(63)));
        for (qsizetype i = 4; i < 64; ++i) { // whatever the header claims, nothing is read beyond the bytes
            QByteArray damaged = start.left(64);
            damaged[i] = '\xff';
            elfHeadline(damaged);
        }
    }

    void bytesAreDumped()
    {
        QCOMPARE(
            hexDump("hello"), QStringLiteral("00000000   68 65 6c 6c 6f                                     hello\n"));
    }
};

QTEST_GUILESS_MAIN(TestLayerText)
#include "tst_layer_text.moc"
