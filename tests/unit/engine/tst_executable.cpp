#include "engine/container/environment.h"
#include "engine/container/executable.h"
#include "engine/os/file.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>

using namespace rocker;
using namespace rocker::container;

class TestExecutable : public QObject
{
    Q_OBJECT

private slots:
    void anEnvironmentHasEachNameOnceAndTheLastValue()
    {
        QCOMPARE(withoutDuplicates({"A=1", "B=2", "A=", "HOME=/x", "HOME="}).value(), (std::vector<std::string>{"B=2", "A="}));
        QCOMPARE(withoutDuplicates({"L=1\n2"}).value(), std::vector<std::string>{"L=1\n2"});
        QVERIFY(!withoutDuplicates({"NAME"}));
        QVERIFY(!withoutDuplicates({"=value"}));
        QVERIFY(!withoutDuplicates({std::string("A=\0B", 4)}));
        QCOMPARE(variable({"PATH2=no", "PATH=yes"}, "PATH"), "yes");
    }

    void aFloodOfVariablesIsReadAsAFewAre()
    {
        std::vector<std::string> flood{"A=1", "HOME=/x"};
        for (int i = 0; i < 50000; ++i)
            flood.push_back(std::format("V{}=x", i));
        flood.insert(flood.end(), {"A=2", "HOME="});
        const auto kept = withoutDuplicates(flood).value();
        QCOMPARE(kept.size(), std::size_t(50001));
        QCOMPARE(kept.front(), std::string("V0=x"));
        QCOMPARE(kept.back(), std::string("A=2"));
    }

    // The seed's NewInitProcess: the command is looked up in the container's PATH.
    void newInitProcessLooksTheCommandUpInTheContainersPath()
    {
        QTemporaryDir directory;
        const std::string path = directory.path().toStdString();
        for (const char* name : {"one", "two"})
            QVERIFY(os::makeDirectories(path + "/" + name, 0755).has_value());
        QFile::copy("/bin/true", directory.filePath("two/tool"));
        QFile plain(directory.filePath("one/tool"));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        QVERIFY(os::makeDirectories(path + "/one/dir", 0755).has_value());

        QCOMPARE(findExecutable("tool", path + "/one:" + path + "/two").value(), path + "/two/tool");
        QCOMPARE(findExecutable(path + "/two/tool", "").value(), path + "/two/tool");
        QCOMPARE(findExecutable("nosuch", path).error().what, "exec: \"nosuch\": executable file not found in $PATH");
        QCOMPARE(findExecutable("nosuch", path).error().code, ErrorCode::CommandNotFound);
        QCOMPARE(findExecutable("dir", path + "/one").error().code, ErrorCode::CommandNotFound);
        QCOMPARE(findExecutable("tool", path + "/one").error().code, ErrorCode::CommandNotExecutable);
        QCOMPARE(findExecutable("/nosuch", "").error().what, "exec: \"/nosuch\": no such file or directory");
        QCOMPARE(findExecutable("/nosuch", "").error().code, ErrorCode::CommandNotFound);
        QCOMPARE(findExecutable("/etc", "").error().code, ErrorCode::CommandNotExecutable);
        QCOMPARE(findExecutable("/etc/passwd", "").error().code, ErrorCode::CommandNotExecutable);
        QCOMPARE(findExecutable("", "/bin").error().code, ErrorCode::CommandNotFound);
    }
};

QTEST_GUILESS_MAIN(TestExecutable)
#include "tst_executable.moc"
