#include "engine/mount/options.h"

#include <QTest>

#include <sys/mount.h>

using namespace rocker;
using mount::Options;

static Options parsed(std::initializer_list<const char*> words)
{
    auto options = mount::parseOptions({words.begin(), words.end()});
    if (!options)
        qFatal("%s", options.error().what.c_str());
    return *std::move(options);
}

class TestMountOptions : public QObject
{
    Q_OBJECT

private slots:
    void aFlagIsSetOrCleared_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<quint64>("set");
        QTest::addColumn<quint64>("cleared");
        QTest::addColumn<bool>("accessTime");
        const auto row = [](const char* words, std::uint64_t set, std::uint64_t cleared, bool accessTime = false) {
            QTest::newRow(words) << QString(words) << quint64(set) << quint64(cleared) << accessTime;
        };
        row("ro", MOUNT_ATTR_RDONLY, 0);
        row("rw", 0, MOUNT_ATTR_RDONLY);
        row("ro rw", 0, MOUNT_ATTR_RDONLY);
        row("rw ro", MOUNT_ATTR_RDONLY, 0);
        row("nosuid", MOUNT_ATTR_NOSUID, 0);
        row("suid", 0, MOUNT_ATTR_NOSUID);
        row("nodev", MOUNT_ATTR_NODEV, 0);
        row("dev", 0, MOUNT_ATTR_NODEV);
        row("noexec", MOUNT_ATTR_NOEXEC, 0);
        row("exec", 0, MOUNT_ATTR_NOEXEC);
        row("nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0);
        row("symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW);
        row("nodiratime", MOUNT_ATTR_NODIRATIME, 0, true);
        row("diratime", 0, MOUNT_ATTR_NODIRATIME);
        row("noatime", MOUNT_ATTR_NOATIME, 0, true);
        row("atime", 0, 0);
        row("noatime atime", 0, 0, true);
        row("relatime", 0, 0, true);
        row("norelatime", 0, 0);
        row("strictatime", MOUNT_ATTR_STRICTATIME, 0, true);
        row("nostrictatime", 0, 0);
        row("noatime strictatime", MOUNT_ATTR_STRICTATIME, 0, true);
        row("strictatime noatime", MOUNT_ATTR_STRICTATIME, 0, true);
        row("relatime noatime", MOUNT_ATTR_NOATIME, 0, true);
        row("ro,nosuid nodev", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0);
    }
    void aFlagIsSetOrCleared()
    {
        QFETCH(QString, words);
        std::vector<std::string> list;
        for (const QString& word : words.split(' '))
            list.push_back(word.toStdString());
        const auto options = mount::parseOptions(list);
        QVERIFY(options);
        QTEST(quint64(options->set), "set");
        QTEST(quint64(options->cleared), "cleared");
        QTEST(options->accessTime, "accessTime");
        QVERIFY(options->flagsGiven);
        QVERIFY(options->data.empty());
        QCOMPARE(options->recursiveSet | options->recursiveCleared, 0U);
    }

    void aRecursiveFlagIsForTheWholeTree_data()
    {
        QTest::addColumn<quint64>("set");
        QTest::addColumn<quint64>("cleared");
        const auto row = [](const char* word, std::uint64_t set, std::uint64_t cleared) {
            QTest::newRow(word) << quint64(set) << quint64(cleared);
        };
        row("rro", MOUNT_ATTR_RDONLY, 0);
        row("rrw", 0, MOUNT_ATTR_RDONLY);
        row("rnosuid", MOUNT_ATTR_NOSUID, 0);
        row("rsuid", 0, MOUNT_ATTR_NOSUID);
        row("rnodev", MOUNT_ATTR_NODEV, 0);
        row("rdev", 0, MOUNT_ATTR_NODEV);
        row("rnoexec", MOUNT_ATTR_NOEXEC, 0);
        row("rexec", 0, MOUNT_ATTR_NOEXEC);
        row("rnodiratime", MOUNT_ATTR_NODIRATIME, 0);
        row("rdiratime", 0, MOUNT_ATTR_NODIRATIME);
        row("rnosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0);
        row("rsymfollow", 0, MOUNT_ATTR_NOSYMFOLLOW);
        row("rnoatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME);
        row("ratime", 0, MOUNT_ATTR__ATIME);
        row("rrelatime", 0, MOUNT_ATTR__ATIME);
        row("rnorelatime", 0, MOUNT_ATTR__ATIME);
        row("rstrictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME);
        row("rnostrictatime", 0, MOUNT_ATTR__ATIME);
    }
    void aRecursiveFlagIsForTheWholeTree()
    {
        const Options options = parsed({QTest::currentDataTag()});
        QTEST(quint64(options.recursiveSet), "set");
        QTEST(quint64(options.recursiveCleared), "cleared");
        QCOMPARE(options.set | options.cleared, 0U);
        QVERIFY(!options.flagsGiven);
        QVERIFY(options.data.empty());
    }

    void propagationKeepsItsOrder()
    {
        const Options options = parsed({"rslave", "shared", "private", "runbindable"});
        QCOMPARE(options.propagation, (std::vector<unsigned long>{MS_SLAVE | MS_REC, MS_SHARED, MS_PRIVATE, MS_UNBINDABLE | MS_REC}));
        QCOMPARE(mount::parsePropagation("rprivate").value(), (unsigned long)(MS_PRIVATE | MS_REC));
        QVERIFY(!mount::parsePropagation("rbind"));
    }

    void wordsOfTheSuperblockStayWords()
    {
        const Options options = parsed({"sync", "dirsync", "lazytime", "async", "nolazytime", "mand", "nomand"});
        QCOMPARE(options.superblock.size(), 7U);
        QCOMPARE(options.superblock[1].key, "dirsync");
        QVERIFY(parsed({"iversion"}).iversion);
        QVERIFY(parsed({"defaults", "silent", "loud", "noiversion"}).superblock.empty());
    }

    void whatNobodyKnowsIsTheFileSystems()
    {
        const Options options = parsed({"mode=755", "size=64k,nr_inodes=5", "newinstance", "context=\"a:b,c\"", "empty="});
        const std::vector<os::FilesystemOption> wanted{{"mode", "755"}, {"size", "64k"}, {"nr_inodes", "5"}, {"newinstance", ""}, {"context", "a:b,c"}, {"empty", ""}};
        QVERIFY(options.data == wanted);
        QVERIFY(!options.flagsGiven);
    }

    void bindsAndExtensions()
    {
        QVERIFY(parsed({"bind"}).bind == Options::Bind::One);
        QVERIFY(parsed({"rbind", "bind"}).bind == Options::Bind::Recursive);
        QVERIFY(parsed({"remount"}).remount);
        QVERIFY(parsed({"tmpcopyup"}).copyUp);
        QVERIFY(parsed({"idmap"}).idMap == Options::IdMap::One);
        QVERIFY(parsed({"ridmap"}).idMap == Options::IdMap::Recursive);
        QVERIFY(parsed({"copy-symlink"}).copySymlink);
        const Options links = parsed({"src-nofollow", "dest-nofollow"});
        QVERIFY(links.sourceNoFollow && links.targetNoFollow);
    }

    void mappingsMayStandInTheOption()
    {
        const Options options = parsed({"idmap=uids=0-1-10#@10-11-10;gids=0-100-10"});
        QVERIFY((options.uidMappings == std::vector<Options::Mapping>{{{0, 1, 10}, false}, {{10, 11, 10}, true}}));
        QVERIFY((options.gidMappings == std::vector<Options::Mapping>{{{0, 100, 10}, false}}));
    }

    void whatMakesNoSenseIsRefused_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("part");
        QTest::newRow("sync for a tree") << "rsync" << "'sync' belongs to a file system";
        QTest::newRow("two kinds of link") << "copy-symlink src-nofollow" << "copy-symlink";
        QTest::newRow("a map of nothing") << "idmap=foo" << "neither uids= nor gids=";
        QTest::newRow("a map without a size") << "idmap=uids=0-1" << "disk-host-count";
        QTest::newRow("a map with a word") << "idmap=uids=0-1-many" << "disk-host-count";
        QTest::newRow("a map beyond 32 bits") << "idmap=uids=0-4294967296-1" << "disk-host-count";
    }
    void whatMakesNoSenseIsRefused()
    {
        QFETCH(QString, words);
        QFETCH(QString, part);
        std::vector<std::string> list;
        for (const QString& word : words.split(' '))
            list.push_back(word.toStdString());
        const auto options = mount::parseOptions(list);
        QVERIFY(!options);
        QVERIFY2(QString::fromStdString(options.error().what).contains(part), options.error().what.c_str());
        QVERIFY(options.error().code == ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestMountOptions)
#include "tst_mount_options.moc"
