#include "engine/mount/options.h"
#include "engine/runtime/command.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/duration.h"
#include "engine/runtime/exec_process.h"
#include "engine/runtime/feature_list.h"
#include "engine/runtime/inherited_fds.h"
#include "engine/runtime/process_table.h"
#include "engine/runtime/signals.h"
#include "engine/runtime/update_resources.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <set>
#include <unistd.h>

using namespace rocker;
using namespace rocker::runtime;

static Result<Arguments> parse(const char* command, std::vector<std::string_view> words)
{
    const Command* found = findCommand(command);
    return Arguments::parse(found->options, words, found->optionsEnd);
}

static std::vector<std::string_view> split(const QByteArray& line)
{
    std::vector<std::string_view> words;
    for (std::string_view rest(line.constData(), std::size_t(line.size())); !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        words.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return words;
}

class TestRuntimeArguments : public QObject
{
    Q_OBJECT

private slots:
    void everySpellingOfAnOptionIsUnderstood_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char* line : {"--bundle /b -d id", "--bundle=/b --detach id", "-bundle /b -detach id", "-bundle=/b -d=true id",
                                 "-b /b -d id", "-b/b -d id", "-b=/b -d id", "-db /b id", "-db/b id", "id -b /b -d", "-d -b /x -b /b id",
                                 "--detach=false --bundle /b --detach id", "-d -b /b -- id", "-d=1 -b /b id"})
            QTest::newRow(line) << QByteArray(line);
    }
    void everySpellingOfAnOptionIsUnderstood()
    {
        QFETCH(QByteArray, line);
        const auto arguments = parse("run", split(line));
        QVERIFY2(arguments, arguments ? "" : arguments.error().what.c_str());
        QCOMPARE(arguments->text("bundle"), "/b");
        QVERIFY(arguments->isOn("detach"));
        QVERIFY(!arguments->isOn("keep"));
        QCOMPARE(arguments->positional().size(), 1);
        QCOMPARE(arguments->at(0), "id");
    }

    void whatIsNoOptionIsAnError_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("what");
        const auto row = [](const char* line, const char* what) { QTest::newRow(line) << QByteArray(line) << QByteArray(what); };
        row("--bundel /b id", "flag provided but not defined: --bundel");
        row("-x id", "flag provided but not defined: -x");
        row("-dx id", "flag provided but not defined: -dx");
        row("id --bundle", "flag needs an argument: --bundle");
        row("id -b", "flag needs an argument: -b");
        row("--detach=maybe id", "invalid boolean value \"maybe\" for --detach");
    }
    void whatIsNoOptionIsAnError()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, what);
        const auto arguments = parse("run", split(line));
        QVERIFY(!arguments);
        QCOMPARE(arguments.error().what.c_str(), what.constData());
    }

    void whatTheContainersCommandGetsIsNotLookedAt()
    {
        const auto exec = parse("exec", {"-e", "A=1", "--env", "B=2", "id", "ls", "-l", "--", "--tty", "-e"});
        QVERIFY(exec);
        QCOMPARE(exec->all("env"), (std::vector<std::string>{"A=1", "B=2"}));
        QVERIFY(!exec->isOn("tty"));
        QCOMPARE(std::vector<std::string>(exec->positional().begin(), exec->positional().end()),
                 (std::vector<std::string>{"id", "ls", "-l", "--", "--tty", "-e"}));
        const auto ps = parse("ps", {"-f", "json", "id", "-e", "-f"});
        QVERIFY(ps);
        QCOMPARE(ps->text("format"), "json");
        QCOMPARE(ps->positional().size(), 3);
        QCOMPARE(parse("kill", {"-a", "id", "-9"})->at(1), "-9");
    }

    void aValueMayLookLikeAnOption()
    {
        QCOMPARE(parse("update", {"--memory-swap", "-1", "id"})->text("memory-swap"), "-1");
    }

    void globalOptionsEndAtTheCommand()
    {
        const std::vector<std::string_view> words{"--root", "/r", "--log=l", "-debug", "run", "--debug", "-v"};
        const auto options = Arguments::parse(globalOptions(), words, 1);
        QVERIFY(options);
        QVERIFY(options->isOn("debug") && !options->has("version"));
        QCOMPARE(options->at(0), "run");
        QCOMPARE(options->wordOf(0), std::size_t(4));
    }

    void numbersAreWholeAndInRange_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        for (const auto& [text, good] : {std::pair("0", true), {"100", true}, {"101", false}, {"-1", false}, {"+1", false},
                                         {"1x", false}, {"x1", false}, {"", false}, {" 1", false}, {"0x10", false},
                                         {"18446744073709551617", false}, {"1e1", false}})
            QTest::addRow("'%s'", text) << QByteArray(text) << good;
    }
    void numbersAreWholeAndInRange()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        QCOMPARE(bool(parseNumber(text.constData(), 0, 100)), good);
    }

    void everyCommandCanBeDoneAndHasItsHelp()
    {
        for (const Command& command : commands()) {
            QVERIFY2(handlerOf(command.name), std::string(command.name).c_str());
            const std::string help = helpOf("runc", command);
            QVERIFY(help.starts_with(std::format("NAME:\n   runc {} - ", command.name)));
            std::set<std::string_view> names;
            std::set<char> letters;
            for (const Option& option : command.options) {
                QVERIFY2(names.insert(option.name).second, std::string(option.name).c_str());
                QVERIFY(option.letter == 0 || letters.insert(option.letter).second);
                QCOMPARE(help.contains(std::format("--{}", option.name)), !option.help.empty() || help.contains(std::format("--{}-", option.name)));
            }
            QVERIFY(generalHelp("runc").contains(std::format("   {} ", command.name)));
            QVERIFY(completionFor("runc").contains(std::format("        {})\n", command.name)));
        }
        QVERIFY(!handlerOf("help"));
        // crun's callers look for this line.
        QVERIFY(helpOf("crun", *findCommand("delete")).contains("Usage: crun [OPTION...] delete CONTAINER\n"));
    }

    void signalsHaveNamesAndNumbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("signal");
        for (const auto& [text, signal] : {std::pair("TERM", 15), {"SIGTERM", 15}, {"term", 15}, {"sigkill", 9}, {"9", 9}, {"0", 0},
                                           {"CLD", 17}, {"RTMIN", 34}, {"SIGRTMIN+3", 37}, {"RTMAX-1", 63}, {"64", 64}, {"65", -1},
                                           {"-9", -1}, {"SIG", -1}, {"", -1}, {"KILLER", -1}, {"RTMIN+31", -1}, {"9 ", -1}})
            QTest::addRow("'%s'", text) << QByteArray(text) << signal;
    }
    void signalsHaveNamesAndNumbers()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, signal);
        const auto parsed = parseSignal(text.constData());
        QCOMPARE(bool(parsed), signal >= 0);
        if (parsed)
            QCOMPARE(*parsed, signal);
        else
            QVERIFY(parsed.error().what.starts_with(std::format("unknown signal \"{}\"", text.constData())));
    }

    void bytesHaveSuffixes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qlonglong>("bytes"); // -2: an error
        for (const auto& [text, bytes] : {std::pair("0", 0LL), {"1024", 1024}, {"1k", 1024}, {"512M", 512LL << 20}, {"1.5GiB", 3LL << 29},
                                          {"2gb", 2LL << 30}, {"-1", -1}, {"-2", -2}, {"1x", -2}, {"", -2}, {"k", -2}, {"1kk", -2},
                                          {"99999999p", -2}, {"33554432", 33554432}, {"1 k", 1024}})
            QTest::addRow("'%s'", text) << QByteArray(text) << qlonglong(bytes);
    }
    void bytesHaveSuffixes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qlonglong, bytes);
        const auto parsed = parseBytes(text.constData());
        QCOMPARE(bool(parsed), bytes != -2);
        if (parsed)
            QCOMPARE(qlonglong(*parsed), bytes);
    }

    void updatesSayOnlyWhatWasAsked()
    {
        const auto resources = updatedResources(*parse("update", {"--memory", "32m", "--cpu-share=512", "--pids-limit", "-1", "id"}));
        QVERIFY(resources);
        QCOMPARE(*resources->memory->limit, std::int64_t(32) << 20);
        QVERIFY(!resources->memory->swap && !resources->cpu->quota && !resources->cpu->cpus && !resources->blockIo->weight);
        QCOMPARE(*resources->cpu->shares, std::uint64_t(512));
        QCOMPARE(*resources->pids->limit, std::int64_t(-1));
        QVERIFY(!updatedResources(*parse("update", {"--cpu-period", "-5", "id"})));
        QVERIFY(!updatedResources(*parse("update", {"--blkio-weight", "65546", "id"})));
    }

    void durationsAreGos_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("milliseconds"); // -1: an error
        for (const auto& [text, milliseconds] : {std::pair("5s", 5000), {"1m30s", 90000}, {"100ms", 100}, {"1.5h", 5400000}, {"0", 0},
                                                 {"5", -1}, {"", -1}, {"-1s", -1}, {"5 s", -1}, {"5days", -1}})
            QTest::addRow("'%s'", text) << QByteArray(text) << milliseconds;
    }
    void durationsAreGos()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, milliseconds);
        const auto parsed = parseDuration(text.constData());
        QCOMPARE(parsed ? int(parsed->count()) : -1, milliseconds);
    }

    // CVE-2026-30892: what is no id must not become one.
    void usersAreStrict_data()
    {
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QByteArray>("outcome"); // "uid:gid", "name", or empty for an error
        for (const auto& [user, outcome] : {std::pair("0", "0:7"), {"1000:100", "1000:100"}, {"4294967294", "4294967294:7"}, {"-1", ""},
                                            {"4294967295", ""}, {"4294967296", ""}, {"18446744073709551616", ""}, {"1000:-1", ""},
                                            {"1000:4294967296", ""}, {"+5", ""}, {"", ""}, {":5", ""}, {"5:", ""}, {"daemon", "name"},
                                            {"1000:users", "name"}, {"0x10", "name"}, {"1 ", "name"}})
            QTest::addRow("'%s'", user) << QByteArray(user) << QByteArray(outcome);
    }
    void usersAreStrict()
    {
        QFETCH(QByteArray, user);
        QFETCH(QByteArray, outcome);
        spec::Spec container = spec::example();
        container.process->user.gid = 7;
        const auto exec = execProcess(*parse("exec", {"-u", user.constData(), "id", "true"}), container);
        QCOMPARE(bool(exec), !outcome.isEmpty());
        if (exec && outcome == "name")
            QCOMPARE(exec->userName.c_str(), user.constData());
        else if (exec)
            QCOMPARE(std::format("{}:{}", exec->process.user.uid, exec->process.user.gid).c_str(), outcome.constData());
    }

    void execChangesTheContainersProcess()
    {
        spec::Spec container = spec::example();
        const auto plain = execProcess(*parse("exec", {"id", "ls", "-l"}), container);
        QVERIFY(plain);
        QCOMPARE(plain->process.args, (std::vector<std::string>{"ls", "-l"}));
        QVERIFY(!plain->process.terminal && plain->process.noNewPrivileges);
        QCOMPARE(plain->process.cwd, "/");
        const auto changed = execProcess(*parse("exec", {"-t", "--cwd", "/tmp", "-e", "A=b", "-c", "CAP_CHOWN", "--no-new-privs=false", "-g",
                                                         "5", "--apparmor", "p", "id", "ls"}), container);
        QVERIFY(changed);
        QVERIFY(changed->process.terminal && !changed->process.noNewPrivileges);
        QCOMPARE(changed->process.cwd, "/tmp");
        QCOMPARE(changed->process.env.back(), "A=b");
        QCOMPARE(changed->process.env.size(), container.process->env.size() + 1);
        QCOMPARE(changed->process.capabilities->bounding.back(), "CAP_CHOWN");
        QVERIFY(changed->process.capabilities->ambient.empty());
        QCOMPARE(changed->process.user.additionalGids, std::vector<std::uint32_t>{5});
        QVERIFY(!execProcess(*parse("exec", {"id"}), container));
        QVERIFY(!execProcess(*parse("exec", {"--cwd", "tmp", "id", "ls"}), container));
        QVERIFY(!execProcess(*parse("exec", {"-e", "A", "id", "ls"}), container));
        QVERIFY(!execProcess(*parse("exec", {"-p", "/nonexistent", "id"}), container));
    }

    void subCgroupsAreByController()
    {
        const auto below = cgroupsBelow({"memory:a", "cpu,cpuacct:b/c"});
        QVERIFY(below);
        QCOMPARE(*below, (cgroup::Cgroup::Below{{"memory", "a"}, {"cpu", "b/c"}, {"cpuacct", "b/c"}}));
        QCOMPARE(*cgroupsBelow({"x"}), (cgroup::Cgroup::Below{{"", "x"}}));
        QVERIFY(cgroupsBelow({})->empty());
        QVERIFY(!cgroupsBelow({"x", "memory:a"}));
        QVERIFY(!cgroupsBelow({"memory:a", "memory:b"}));
        QVERIFY(!cgroupsBelow({":a"}));
        QVERIFY(!cgroupsBelow({"cpu,:a"}));
    }

    void descriptorsOfSocketActivationAreHandedOn()
    {
        const auto before = findInheritedFds(*parse("run", {"id"}));
        QVERIFY(before && before->count == 0 && before->environment.empty());
        qputenv("LISTEN_FDS", "2");
        qputenv("LISTEN_PID", QByteArray::number(::getpid() + 1));
        QCOMPARE(findInheritedFds(*parse("run", {"id"}))->count, 0u);
        qputenv("LISTEN_PID", QByteArray::number(::getpid()));
        qputenv("LISTEN_FDNAMES", "a:b");
        const auto fds = findInheritedFds(*parse("run", {"id"}));
        QCOMPARE(fds->count, 2u);
        QCOMPARE(fds->environment, (std::vector<std::string>{"LISTEN_FDS=2", "LISTEN_PID=1", "LISTEN_FDNAMES=a:b"}));
        qputenv("LISTEN_FDS", "x");
        QVERIFY(!findInheritedFds(*parse("run", {"id"})));
        for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"})
            qunsetenv(name);
        QCOMPARE(findInheritedFds(*parse("run", {"--preserve-fds", "5", "id"}))->count, 5u);
        QVERIFY(!findInheritedFds(*parse("run", {"--preserve-fds", "-1", "id"})));
    }

    void psShowsItsHeadingAndTheseProcesses()
    {
        const std::string output = "  UID   PID CMD\n root    12 a 34\n root    34 b 12\n root   120 c\n";
        QCOMPARE(*selectProcesses(output, {34}), "  UID   PID CMD\n root    34 b 12\n");
        QVERIFY(!selectProcesses("UID CMD\n", {34}));
        const std::string own = processTable({::getpid(), -5});
        QVERIFY(own.starts_with("UID "));
        QCOMPARE(std::ranges::count(own, '\n'), 2);
        QVERIFY(own.contains("tst_runtime_arguments"));
    }

    void mountOptionsThatAreShownAreActedOn()
    {
        const auto names = knownMountOptions();
        QVERIFY(std::ranges::is_sorted(names));
        for (const std::string_view name : names) {
            const auto options = mount::parseOptions({std::string(name)});
            QVERIFY2(options && options->data.empty(), std::string(name).c_str());
        }
    }

    void featuresAreTheGoldenFile()
    {
        // What depends on this kernel and this build is left out.
        QString text = QString::fromStdString(featuresJson());
        text.replace(QRegularExpression("\"supportedFlags\": \\[[^]]*\\]"), "\"supportedFlags\": []");
        text.replace(QRegularExpression("(version\": )\"[^\"]*\""), "\\1\"\"");
        text.replace(QRegularExpression("\"archs\": \\[[^]]*\\]"), "\"archs\": []");
        QFile file(QString(ROCKER_SOURCE_DIR) + "/tests/golden/runtime/features.json");
        if (qEnvironmentVariableIsSet("UPDATE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.toUtf8());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(text, QString::fromUtf8(file.readAll()));
    }
};

QTEST_GUILESS_MAIN(TestRuntimeArguments)
#include "tst_runtime_arguments.moc"
