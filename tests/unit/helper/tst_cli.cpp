#include "helper/cli/arguments.h"
#include "helper/cli/command.h"
#include "helper/cli/creation.h"
#include "helper/cli/detach_keys.h"
#include "helper/cli/output.h"
#include "helper/cli/tail.h"
#include "helper/cli/values.h"

#include <QDir>
#include <QSet>
#include <QTest>

using namespace rocker;
using namespace rocker::cli;
using namespace std::chrono_literals;

namespace {

const Syntax runLike{.names = {"run"},
                     .operands = "IMAGE [COMMAND…]",
                     .summary = "Runs.",
                     .options = {{'i', "interactive", "", "input"},
                                 {'t', "tty", "", "terminal"},
                                 {'m', "memory", "SIZE", "limit"},
                                 {'e', "env", "NAME=value", "variable"},
                                 {0, "name", "NAME", "name"}},
                     .fewest = 1,
                     .most = Syntax::anyNumber,
                     .stopAtOperand = true};

std::vector<std::string> words(const QStringList& list)
{
    std::vector<std::string> result;
    for (const QString& word : list)
        result.push_back(word.toStdString());
    return result;
}

// "interactive tty memory=256m | alpine sh": options by name, then operands.
QString shown(const Result<Arguments>& arguments)
{
    if (!arguments)
        return "error: " + QString::fromStdString(arguments.error().what);
    QStringList parts;
    for (const Option& option : runLike.options)
        for (const std::string& value : arguments->values(option.name))
            parts << QString::fromStdString(std::string(option.name) + (value.empty() ? "" : "=" + value));
    parts << "|";
    for (const std::string& operand : arguments->operands())
        parts << QString::fromStdString(operand);
    return parts.join(' ');
}

} // namespace

class TestCli : public QObject
{
    Q_OBJECT

private slots:
    void optionsAreReadAsGetoptWould_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* line, const char* result) {
            QTest::newRow(line) << QString(line).split(' ', Qt::SkipEmptyParts) << result;
        };
        row("alpine", "| alpine");
        row("-it alpine sh", "interactive tty | alpine sh");
        row("-i -t -m 256m alpine", "interactive tty memory=256m | alpine");
        row("-m256m alpine", "memory=256m | alpine");
        row("-m=256m alpine", "memory=256m | alpine");
        row("-itm 256m alpine", "interactive tty memory=256m | alpine");
        row("--memory=256m alpine", "memory=256m | alpine");
        row("--memory 256m alpine", "memory=256m | alpine");
        row("-e A=1 -e B=2 alpine", "env=A=1 env=B=2 | alpine");
        row("--env=A=1=2 alpine", "env=A=1=2 | alpine");
        row("alpine ls -l --name x", "| alpine ls -l --name x");
        row("-- -odd -i", "| -odd -i");
        row("-t -- alpine -- x", "tty | alpine -- x");
        row("alpine -", "| alpine -");
        row("-x alpine", "error: -x is not an option of 'run'");
        row("--nope alpine", "error: --nope is not an option of 'run'");
        row("--tty=yes alpine", "error: --tty takes no value");
        row("--name", "error: --name needs a value: NAME");
        row("-m", "error: -m needs a value: SIZE");
        row("-i", "error: 'run' needs IMAGE [COMMAND…]");
    }
    void optionsAreReadAsGetoptWould()
    {
        QFETCH(QStringList, line);
        QFETCH(QString, result);
        QCOMPARE(shown(parseArguments(runLike, words(line))), result);
    }

    void tooManyOperandsAreRefusedByName()
    {
        Syntax syntax = runLike;
        syntax.most = 1;
        QCOMPARE(shown(parseArguments(syntax, words({"a", "b"}))), "error: 'run' does not take 'b'");
    }

    void helpNeedsNoOperand()
    {
        const auto arguments = parseArguments(runLike, words({"--help"}));
        QVERIFY(arguments && arguments->has("help"));
        const std::string text = helpText(runLike);
        QVERIFY(text.contains("-m, --memory SIZE"));
        QVERIFY(text.contains("    --name NAME"));
    }

    void everyCommandHasItsOwnNamesLettersAndHelp()
    {
        QSet<QString> names;
        for (const Command& command : allCommands()) {
            for (const auto name : command.syntax.names) {
                const QString text = QString::fromUtf8(name.data(), qsizetype(name.size()));
                QVERIFY2(!names.contains(text), qPrintable(text));
                names << text;
            }
            QVERIFY(command.syntax.summary.ends_with('.'));
            QSet<char> letters;
            QSet<QString> options{"help"};
            for (const Option& option : command.syntax.options) {
                QVERIFY(option.letter == 0 || !letters.contains(option.letter));
                letters << option.letter;
                const QString name = QString::fromUtf8(option.name.data(), qsizetype(option.name.size()));
                QVERIFY2(!options.contains(name), qPrintable(name));
                options << name;
            }
        }
        QVERIFY(names.contains("rm") && names.contains("log") && names.contains("unpause") && names.contains("rmi"));
    }

    void sizesAreReadInPowersOf1024_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("plain") << "4096" << qint64(4096);
        QTest::newRow("b") << "10b" << qint64(10);
        QTest::newRow("k") << "1k" << qint64(1024);
        QTest::newRow("m") << "256m" << qint64(256) * 1024 * 1024;
        QTest::newRow("M") << "256M" << qint64(256) * 1024 * 1024;
        QTest::newRow("MiB") << "64MiB" << qint64(64) * 1024 * 1024;
        QTest::newRow("gb") << "2gb" << (qint64(2) << 30);
        QTest::newRow("fraction") << "1.5g" << qint64(1536) * 1024 * 1024;
        QTest::newRow("empty") << "" << qint64(-1);
        QTest::newRow("unit alone") << "m" << qint64(-1);
        QTest::newRow("negative") << "-5m" << qint64(-1);
        QTest::newRow("unknown unit") << "5x" << qint64(-1);
        QTest::newRow("longer unit") << "5mm" << qint64(-1);
        QTest::newRow("bb") << "5bb" << qint64(-1);
        QTest::newRow("two points") << "1.2.3m" << qint64(-1);
        QTest::newRow("space") << "5 m" << qint64(-1);
        QTest::newRow("too large") << "99999999999t" << qint64(-1);
        QTest::newRow("words") << "lots" << qint64(-1);
    }
    void sizesAreReadInPowersOf1024()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const auto size = parseSize(text.toStdString());
        QCOMPARE(size.value_or(-1), bytes);
        if (bytes < 0)
            QVERIFY(size.error().what.contains("'" + text.toStdString() + "' is not a size"));
    }

    void bindsAreReadAsDockerWritesThem_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        const QString here = QDir::currentPath();
        QTest::newRow("plain") << "/a:/b" << "/a /b rw";
        QTest::newRow("read-only") << "/a:/b:ro" << "/a /b ro";
        QTest::newRow("writable") << "/a:/b:rw" << "/a /b rw";
        QTest::newRow("relative") << "./x:/b" << here + "/x /b rw";
        QTest::newRow("no target") << "/a" << "refused";
        QTest::newRow("relative target") << "/a:b" << "refused";
        QTest::newRow("unknown mode") << "/a:/b:z" << "refused";
        QTest::newRow("no source") << ":/b" << "refused";
        QTest::newRow("empty") << "" << "refused";
    }
    void bindsAreReadAsDockerWritesThem()
    {
        QFETCH(QString, text);
        QFETCH(QString, result);
        const auto bind = parseBind(text.toStdString());
        QCOMPARE(bind ? QString::fromStdString(bind->source + ' ' + bind->target + (bind->readOnly ? " ro" : " rw"))
                      : QString("refused"),
                 result);
    }

    void aVariableWithoutValueIsTakenFromHere()
    {
        qputenv("ROCKER_TEST_VARIABLE", "from here");
        QCOMPARE(parseEnvironment("ROCKER_TEST_VARIABLE").value(), "ROCKER_TEST_VARIABLE=from here");
        QCOMPARE(parseEnvironment("A=").value(), "A=");
        QVERIFY(!parseEnvironment("ROCKER_TEST_NO_SUCH_VARIABLE"));
        QVERIFY(!parseEnvironment("=x"));
    }

    void creationOptionsBecomeParameters()
    {
        const Syntax syntax = runCommand().syntax;
        const auto arguments =
            parseArguments(syntax, words({"-it", "--name", "web", "-m", "64m", "--cpus", "0.5", "--cpuset", "0-1", "--cpushare",
                                          "512", "--pids-limit", "100", "-v", "/a:/b:ro", "-e", "A=1", "-w", "/w", "-u", "1:2",
                                          "--entrypoint", "/e", "--cap-add", "NET_ADMIN", "--cap-drop", "CHOWN", "--hostname",
                                          "h", "--rm", "--net", "none", "image", "ls", "-l"}));
        QVERIFY(arguments);
        const auto parameters = creationParameters(*arguments);
        QVERIFY(parameters);
        QCOMPARE(QString::fromStdString(json::dump(json::write(*parameters))),
                 R"({"binds":[{"readOnly":true,"source":"/a","target":"/b"}],"capabilitiesAdd":["NET_ADMIN"],)"
                 R"("capabilitiesDrop":["CHOWN"],"command":["ls","-l"],"entrypoint":["/e"],"environment":["A=1"],)"
                 R"("hostname":"h","image":"image","interactive":true,"limits":{"cpuShares":512,"cpus":0.5,"cpuset":"0-1",)"
                 R"("memory":67108864,"pids":100},"name":"web","removeOnExit":true,"tty":true,"user":"1:2",)"
                 R"("workingDirectory":"/w"})");
    }

    void portsAndNetworksAreRefusedClearly_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::addColumn<QString>("part");
        QTest::newRow("port") << QStringList{"-p", "80:80", "x"} << "publishing ports is not available in this version";
        QTest::newRow("network") << QStringList{"--net", "bridge", "x"} << "networks are not available in this version";
        QTest::newRow("memory") << QStringList{"-m", "many", "x"} << "--memory: 'many' is not a size";
        QTest::newRow("weight") << QStringList{"--cpushare", "1", "x"} << "'1' is not a number from 2 to 262144";
    }
    void portsAndNetworksAreRefusedClearly()
    {
        QFETCH(QStringList, line);
        QFETCH(QString, part);
        const auto arguments = parseArguments(runCommand().syntax, words(line));
        QVERIFY(arguments);
        const auto parameters = creationParameters(*arguments);
        QVERIFY(!parameters);
        QVERIFY2(QString::fromStdString(parameters.error().what).contains(part), parameters.error().what.c_str());
    }

    void failuresHaveTheExitCodesThatScriptsKnow()
    {
        QCOMPARE(exitCodeOf({ErrorCode::CommandNotFound, 0, ""}, true), 127);
        QCOMPARE(exitCodeOf({ErrorCode::CommandNotExecutable, 0, ""}, true), 126);
        QCOMPARE(exitCodeOf({ErrorCode::NotFound, 0, ""}, true), 125);
        QCOMPARE(exitCodeOf({ErrorCode::CommandNotFound, 0, ""}, false), 1);
    }

    void agesReadAsPeopleSayThem_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << 0 << "Less than a second";
        QTest::newRow("in the future") << -5 << "Less than a second";
        QTest::newRow("1") << 1 << "1 second";
        QTest::newRow("59") << 59 << "59 seconds";
        QTest::newRow("60") << 60 << "1 minute";
        QTest::newRow("2 h") << 7300 << "2 hours";
        QTest::newRow("8 d") << 8 * 86400 << "1 week";
    }
    void agesReadAsPeopleSayThem()
    {
        QFETCH(int, seconds);
        QFETCH(QString, text);
        const auto then = std::chrono::sys_days(std::chrono::year(2025) / 11 / 24);
        QCOMPARE(QString::fromStdString(ageOf("2025-11-24T00:00:00.123Z", then + std::chrono::seconds(seconds))), text);
    }

    void aStatusSaysHowItEnded()
    {
        const auto now = std::chrono::sys_days(std::chrono::year(2025) / 11 / 24) + 1h;
        protocol::Container container;
        container.state = protocol::ContainerState::Exited;
        container.exitCode = 3;
        container.finishedAt = "2025-11-24T00:00:00Z";
        QCOMPARE(statusOf(container, now), "Exited (3) 1 hour ago");
        container.state = protocol::ContainerState::Paused;
        container.startedAt = "2025-11-24T00:58:00Z";
        QCOMPARE(statusOf(container, now), "Up 2 minutes (Paused)");
    }

    void aTableAlignsCharactersAndDefusesControlOnes()
    {
        Table table({"NAME", "X"});
        table.add({"größe", "1"});
        table.add({"a\x1b[2Jb\n", "2"});
        QCOMPARE(QString::fromStdString(table.text()), "NAME      X\ngröße     1\na?[2Jb?   2\n");
    }

    void shorteningCutsBetweenCharacters()
    {
        QCOMPARE(shortened("größer", 4), "grö…");
        QCOMPARE(shortened("größ", 4), "größ");
        QCOMPARE(shortId("sha256:0123456789abcdef"), "0123456789ab");
        QCOMPARE(sizeText(4190000), "4.19MB");
        QCOMPARE(sizeText(999), "999B");
        QCOMPARE(sizeText(999999), "1MB");
    }

    void detachKeysAreFoundAcrossReadsAndNothingElseIsLost()
    {
        DetachKeys keys;
        QCOMPARE(keys.filter("ab\x10"), "ab");
        QCOMPARE(keys.filter("c"), "\x10" "c");
        QCOMPARE(keys.filter("\x10\x10"), "\x10");
        QVERIFY(!keys.detached());
        QCOMPARE(keys.filter("\x11 lost"), "");
        QVERIFY(keys.detached());
    }

    void aTailKeepsTheLastLinesOfBothStreams()
    {
        Tail tail(2);
        tail.add(FrameType::Output, "one\ntw");
        tail.add(FrameType::Output, "o\n");
        tail.add(FrameType::ErrorOutput, "three\n");
        tail.add(FrameType::Output, "fo");
        tail.add(FrameType::Output, "ur");
        QCOMPARE(tail.lines().size(), 2U);
        QCOMPARE(tail.lines()[0].text, "three\n");
        QVERIFY(tail.lines()[0].type == FrameType::ErrorOutput);
        QCOMPARE(tail.lines()[1].text, "four");
        Tail none(0);
        none.add(FrameType::Output, "x\ny");
        QVERIFY(none.lines().empty());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
