#include "gui/models/input_checks.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rocker::gui;

class TestInputChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReferenceIsWhatARegistryWouldTake_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::addColumn<bool>("plain");
        QTest::addColumn<bool>("fetched");
        const QString digest = QStringLiteral("@sha256:") + QString(64, u'a');
        QTest::newRow("a name") << "debian" << true << true;
        QTest::newRow("a tag") << "debian:12" << true << true;
        QTest::newRow("a registry") << "quay.io/podman/hello:v1.2_x" << true << true;
        QTest::newRow("a port") << "localhost:5000/a/b" << true << true;
        QTest::newRow("a digest") << "debian:12" + digest << false << true;
        QTest::newRow("half a digest") << "debian@sha256:abc" << false << false;
        QTest::newRow("capitals") << "Debian" << false << false;
        QTest::newRow("a blank") << "a b" << false << false;
        QTest::newRow("climbing") << "../x" << false << false;
        QTest::newRow("no tag") << "debian:" << false << false;
        QTest::newRow("nothing") << "" << false << false;
    }
    void aReferenceIsWhatARegistryWouldTake()
    {
        QFETCH(QString, reference);
        QTEST(checkReference(reference, DigestIn::No).has_value(), "plain");
        QTEST(checkReference(reference, DigestIn::Allowed).has_value(), "fetched");
    }

    void commandsAreSplitAsAShellDoes_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("empty") << QString() << QStringList{};
        QTest::newRow("plain") << QStringLiteral("  ls  -l ") << QStringList{QStringLiteral("ls"), QStringLiteral("-l")};
        QTest::newRow("single quotes") << QStringLiteral("sh -c 'echo \"a b\" \\n'") << QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo \"a b\" \\n")};
        QTest::newRow("double quotes") << QStringLiteral("echo \"a \\\"b\\\" \\n\"") << QStringList{QStringLiteral("echo"), QStringLiteral("a \"b\" \\n")};
        QTest::newRow("escaped blank") << QStringLiteral("cat a\\ b") << QStringList{QStringLiteral("cat"), QStringLiteral("a b")};
        QTest::newRow("joined pieces") << QStringLiteral("a'b'\"c\"d") << QStringList{QStringLiteral("abcd")};
        QTest::newRow("empty word") << QStringLiteral("run ''") << QStringList{QStringLiteral("run"), QString()};
        QTest::newRow("not expanded") << QStringLiteral("echo $HOME *") << QStringList{QStringLiteral("echo"), QStringLiteral("$HOME"), QStringLiteral("*")};
    }
    void commandsAreSplitAsAShellDoes()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, words);
        const auto split = splitCommand(line);
        QVERIFY(split.has_value());
        QStringList found;
        for (const std::string& word : *split)
            found << QString::fromStdString(word);
        QCOMPARE(found, words);
    }

    void openQuotesAreRefused()
    {
        QVERIFY(!splitCommand(QStringLiteral("echo 'a")));
        QVERIFY(!splitCommand(QStringLiteral("echo \"a")));
        QVERIFY(!splitCommand(QStringLiteral("echo a\\")));
    }

    void memorySizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qlonglong>("bytes"); // -1: refused, 0: no limit
        const auto row = [](const char* text, qlonglong bytes) { QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text) << bytes; };
        row("", 0);
        row("256M", 256ll << 20);
        row("256m", 256ll << 20);
        row("1.5G", 3ll << 29);
        row("2 GiB", 2ll << 30);
        row("6291456", 6ll << 20);
        row("5M", -1);
        row("0", -1);
        row("-1", -1);
        row("lots", -1);
        row("12Q", -1);
        row("1e9", -1);
        row("99999999999T", -1);
        row("nan", -1);
    }
    void memorySizes()
    {
        QFETCH(QString, text);
        QFETCH(qlonglong, bytes);
        const auto parsed = parseMemory(text);
        QCOMPARE(parsed.has_value(), bytes >= 0);
        if (parsed)
            QCOMPARE(qlonglong(parsed->value_or(0)), bytes);
        else
            QVERIFY(!parsed.error().what.empty());
    }

    void processors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("accepted");
        for (const auto& [text, accepted] : std::initializer_list<std::pair<const char*, bool>>{
                 {"", true}, {"1", true}, {"0.5", true}, {"0", false}, {"-1", false}, {"two", false}, {"inf", false}, {"nan", false}, {"5000", false}})
            QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text) << accepted;
    }
    void processors()
    {
        QFETCH(QString, text);
        QTEST(parseCpus(text).has_value(), "accepted");
    }

    void names_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("empty") << QString() << true;
        QTest::newRow("plain") << QStringLiteral("web-1_a.b") << true;
        QTest::newRow("leading dash") << QStringLiteral("-web") << false;
        QTest::newRow("blank") << QStringLiteral("we b") << false;
        QTest::newRow("slash") << QStringLiteral("../web") << false;
        QTest::newRow("newline") << QStringLiteral("web\n") << false;
        QTest::newRow("umlaut") << QStringLiteral("wäb") << false;
        QTest::newRow("longest") << QString(64, u'a') << true;
        QTest::newRow("too long") << QString(65, u'a') << false;
    }
    void names()
    {
        QFETCH(QString, name);
        QTEST(checkName(name).has_value(), "accepted");
    }

    void theEnvironmentNamesTheLineThatIsWrong()
    {
        const auto good = parseEnvironment(QStringLiteral("A=1\n\nB=x=y z\nC="));
        QVERIFY(good.has_value());
        QCOMPARE(good->size(), 3u);
        QCOMPARE(good->at(1), "B=x=y z");
        const auto bad = parseEnvironment(QStringLiteral("A=1\nnonsense"));
        QVERIFY(!bad);
        QVERIFY(bad.error().what.contains("2"));
        QVERIFY(!parseEnvironment(QStringLiteral("=value")));
    }

    void targetsAreAbsoluteAndStayInside()
    {
        QVERIFY(checkTarget(QStringLiteral("/srv/web")).has_value());
        QVERIFY(!checkTarget(QStringLiteral("srv/web")));
        QVERIFY(!checkTarget(QStringLiteral("/srv/../etc")));
        QVERIFY(!checkTarget(QStringLiteral("/")));
        QVERIFY(!checkTarget({}));
    }

    void sourcesMustExist()
    {
        const QTemporaryDir directory;
        QVERIFY(checkSource(directory.path()).has_value());
        const auto missing = checkSource(directory.filePath(QStringLiteral("missing")));
        QVERIFY(!missing);
        QVERIFY(missing.error().what.contains("missing"));
        QVERIFY(!checkSource(QStringLiteral("relative")));
    }
};

QTEST_GUILESS_MAIN(TestInputChecks)
#include "tst_input_checks.moc"
