#include "engine/os/file.h"
#include "engine/seccomp/cache.h"
#include "seccomp_support.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>
#include <fcntl.h>
#include <random>
#include <seccomp.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rocker;
using namespace seccomptest;

namespace {

const std::string readable
    = R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]})";

// A cache in a directory of its own, with the profile `readable` in it.
struct Kept {
    QTemporaryDir root;
    UniqueFd cache;
    spec::Seccomp profile = profileOf(readable);
    std::string key = seccomp::cacheKey(profile, {}, seccomp::UnknownSyscalls::Skip);
    seccomp::Filter filter;

    Kept()
    {
        const auto directory = os::open(root.path().toStdString(), O_RDONLY | O_DIRECTORY);
        auto opened = seccomp::openCache(*directory);
        if (!opened)
            qFatal("%s", opened.error().what.c_str());
        cache = std::move(*opened);
        auto made = seccomp::compileCached(cache, profile);
        if (!made)
            qFatal("%s", made.error().what.c_str());
        filter = *made;
    }
    std::vector<std::string> names() const { return *os::listDirectory(cache, "."); }
    std::string file() const { return root.path().toStdString() + "/.seccomp/" + names().at(0); }
    std::string bytes() const { return *os::readFile(file()); }
    bool hit() const { return seccomp::findCached(cache, key).has_value(); }
    void overwrite(std::string_view bytes) const
    {
        // A new file: ext4 writes truncated ones to the disk when they are closed.
        const std::string path = file();
        ::unlink(path.c_str());
        const auto fd = os::open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (!fd || !os::writeAll(*fd, bytes))
            qFatal("cannot write the entry");
    }
};

double microseconds(std::vector<qint64>& samples)
{
    std::ranges::sort(samples);
    return double(samples[samples.size() / 2]) / 1000;
}

} // namespace

class TestSeccompCache : public QObject
{
    Q_OBJECT

private slots:
    void whatWasCompiledIsFoundAgain()
    {
        Kept kept;
        QCOMPARE(kept.names().size(), 1U);
        const auto found = seccomp::findCached(kept.cache, kept.key);
        QVERIFY(found);
        QVERIFY(*found == kept.filter);
        QVERIFY(*found == *seccomp::compile(kept.profile));
        struct stat status;
        QCOMPARE(::stat(kept.file().c_str(), &status), 0);
        QCOMPARE(status.st_mode, mode_t(S_IFREG | 0600));
        QCOMPARE(::fstat(kept.cache.value(), &status), 0);
        QCOMPARE(status.st_mode, mode_t(S_IFDIR | 0700));
    }

    void aHitIsWhatTheFileHolds()
    {
        // Shows that a hit compiles nothing: another program under the same key comes back.
        Kept kept;
        seccomp::Filter other = *seccomp::compile(profileOf(R"({"defaultAction":"SCMP_ACT_LOG","flags":[]})"));
        QVERIFY(seccomp::storeCached(kept.cache, kept.key, other));
        QVERIFY(*seccomp::compileCached(kept.cache, kept.profile) == other);
    }

    void theTextOfAProfileIsAKeyOfItsOwn()
    {
        Kept kept;
        QVERIFY(*seccomp::compileCached(kept.cache, kept.profile, readable) == kept.filter);
        QCOMPARE(kept.names().size(), 2U);
        // With the text known nothing is asked of the profile.
        QVERIFY(*seccomp::compileCached(kept.cache, spec::Seccomp{}, readable) == kept.filter);
        QVERIFY(!seccomp::compileCached(kept.cache, spec::Seccomp{}, readable + " "));
    }

    void everythingThatAProfileSaysIsInItsKey()
    {
        const std::string full
            = R"({"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86"],
            "flags":["SECCOMP_FILTER_FLAG_LOG"],"listenerPath":"/a","listenerMetadata":"m",
            "syscalls":[{"names":["read","open"],"action":"SCMP_ACT_ALLOW","errnoRet":3,
            "args":[{"index":1,"value":2,"valueTwo":4,"op":"SCMP_CMP_EQ"}]}]})";
        std::set<std::string> keys{seccomp::cacheKey(profileOf(full), {}, seccomp::UnknownSyscalls::Skip),
            seccomp::cacheKey(profileOf(full), {}, seccomp::UnknownSyscalls::Refuse)};
        const std::pair<const char*, const char*> changes[] = {{"ACT_ERRNO", "ACT_TRACE"},
            {"ErrnoRet\":1", "ErrnoRet\":2"}, {"\"defaultErrnoRet\":1,", ""}, {"ARCH_X86", "ARCH_X32"},
            {"[\"SECCOMP_FILTER_FLAG_LOG\"]", "[]"}, {"[\"SECCOMP_FILTER_FLAG_LOG\"]", "null"}, {"/a", "/b"},
            {"\"m\"", "\"n\""}, {"read", "reae"}, {"\"read\",\"open\"", "\"readopen\""}, {"ALLOW", "LOG"},
            {"errnoRet\":3", "errnoRet\":0"}, {"index\":1", "index\":2"}, {"value\":2", "value\":5"},
            {"valueTwo\":4", "valueTwo\":3"}, {"CMP_EQ", "CMP_NE"}};
        for (const auto& [from, to] : changes) {
            std::string changed = full;
            changed.replace(changed.find(from), std::strlen(from), to);
            QVERIFY2(
                keys.insert(seccomp::cacheKey(profileOf(changed), {}, seccomp::UnknownSyscalls::Skip)).second, from);
        }
    }

    void aDamagedFileIsAMissAndIsReplaced()
    {
        Kept kept;
        const std::string good = kept.bytes();
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bad = good;
            bad[at] = char(bad[at] ^ (1 << at % 8));
            kept.overwrite(bad);
            QVERIFY2(!kept.hit(), qPrintable(QString("byte %1").arg(at)));
        }
        for (std::size_t size = 0; size < good.size(); ++size) {
            kept.overwrite(std::string_view(good).substr(0, size));
            QVERIFY(!kept.hit());
        }
        kept.overwrite(good + "x");
        QVERIFY(!kept.hit());
        QVERIFY(*seccomp::compileCached(kept.cache, kept.profile) == kept.filter);
        QCOMPARE(kept.bytes(), good);
        QVERIFY(kept.hit());
    }

    void garbageIsNeverAProgram()
    {
        Kept kept;
        const std::string good = kept.bytes();
        std::mt19937 random(7);
        for (int round = 0; round < 3000; ++round) {
            std::string bad(random() % 2 ? good.size() : random() % 4096, '\0');
            for (char& byte : bad)
                byte = char(random());
            if (random() % 2)
                bad.replace(
                    0, std::min(bad.size(), std::size_t(48)), good.substr(0, std::min(bad.size(), std::size_t(48))));
            kept.overwrite(bad);
            QVERIFY(!kept.hit());
        }
    }

    // The name is only a hash: under it, with everything else right, may lie what another input has made.
    void anotherInputUnderTheSameNameIsAMiss()
    {
        Kept kept;
        const std::string name = kept.names().at(0);
        spec::Seccomp other = kept.profile;
        other.syscalls[0].names[0] = "exec";
        const std::string otherKey = seccomp::cacheKey(other, {}, seccomp::UnknownSyscalls::Skip);
        QCOMPARE(otherKey.size(), kept.key.size());
        QVERIFY(seccomp::storeCached(kept.cache, otherKey, kept.filter));
        for (const std::string& made : kept.names())
            if (made != name)
                QVERIFY(os::rename(kept.cache, made, kept.cache, name));
        QVERIFY(!kept.hit());
    }

    void aFileThatOthersCouldHaveWrittenIsAMiss()
    {
        Kept kept;
        for (const mode_t mode : {0620, 0602, 0666}) {
            QCOMPARE(::chmod(kept.file().c_str(), mode), 0);
            QVERIFY(!kept.hit());
        }
        QCOMPARE(::chmod(kept.file().c_str(), 0644), 0);
        QVERIFY(kept.hit());
        if (::geteuid() != 0)
            QSKIP("only root can give files away");
        QCOMPARE(::chown(kept.file().c_str(), 65534, 0), 0);
        QVERIFY(!kept.hit());
        // It is replaced, not written to.
        QVERIFY(seccomp::compileCached(kept.cache, kept.profile));
        QVERIFY(kept.hit());
    }

    void whatIsNoFileIsAMiss()
    {
        Kept kept;
        const std::string file = kept.file();
        const std::string moved = kept.root.path().toStdString() + "/moved";
        QCOMPARE(::rename(file.c_str(), moved.c_str()), 0);
        QVERIFY(!kept.hit());
        QCOMPARE(::symlink(moved.c_str(), file.c_str()), 0);
        QVERIFY(!kept.hit());
        QCOMPARE(::unlink(file.c_str()), 0);
        QCOMPARE(::mkfifo(file.c_str(), 0600), 0);
        QVERIFY(!kept.hit());
        QCOMPARE(::unlink(file.c_str()), 0);
        QCOMPARE(::mkdir(file.c_str(), 0700), 0);
        QVERIFY(!kept.hit());
        QVERIFY(*seccomp::compileCached(kept.cache, kept.profile) == kept.filter);
    }

    void aDirectoryOfOthersIsRefused()
    {
        QTemporaryDir root;
        const auto directory = os::open(root.path().toStdString(), O_RDONLY | O_DIRECTORY);
        const std::string path = root.path().toStdString() + "/.seccomp";
        QCOMPARE(::mkdir(path.c_str(), 0700), 0);
        QCOMPARE(::chmod(path.c_str(), 0770), 0);
        QCOMPARE(seccomp::openCache(*directory).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(::rmdir(path.c_str()), 0);
        QCOMPARE(::symlink("/tmp", path.c_str()), 0);
        QVERIFY(!seccomp::openCache(*directory));
    }

    void onlySoManyAreKeptAndTheOldestGo()
    {
        Kept kept;
        const timespec longAgo[2] = {{1000, 0}, {1000, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, kept.file().c_str(), longAgo, 0), 0);
        for (std::size_t i = 0; i < seccomp::maximumCacheEntries + 10; ++i) {
            QVERIFY(seccomp::storeCached(kept.cache, "key " + std::to_string(i), kept.filter));
            QCOMPARE(kept.hit(), i + 1 < seccomp::maximumCacheEntries);
            QVERIFY(kept.names().size() <= seccomp::maximumCacheEntries);
        }
        QVERIFY(seccomp::findCached(kept.cache, "key 73"));
    }

    void withoutACacheItIsCompiled()
    {
        QVERIFY(*seccomp::compileCached(BorrowedFd(-1), profileOf(readable)) == *seccomp::compile(profileOf(readable)));
        const UniqueFd file = *os::open("/dev/null", O_RDONLY);
        QVERIFY(*seccomp::compileCached(file, profileOf(readable)) == *seccomp::compile(profileOf(readable)));
    }

    // Figures, nothing asserted.
    void howLongItTakes()
    {
        Kept kept;
        const std::string text = dockerLikeProfile(seccomp_syscall_resolve_num_arch);
        const spec::Seccomp profile = profileOf(text);
        const auto measure = [](int rounds, auto&& work) {
            std::vector<qint64> samples;
            for (int i = 0; i < rounds; ++i) {
                QElapsedTimer timer;
                timer.start();
                work();
                samples.push_back(timer.nsecsElapsed());
            }
            return microseconds(samples);
        };
        const double compile = measure(15, [&] { QVERIFY(seccomp::compile(profile)); });
        QVERIFY(seccomp::compileCached(kept.cache, profile));
        QVERIFY(seccomp::compileCached(kept.cache, profile, text));
        const double hit = measure(300, [&] { QVERIFY(seccomp::compileCached(kept.cache, profile)); });
        const double hitByText = measure(300, [&] { QVERIFY(seccomp::compileCached(kept.cache, profile, text)); });
        qInfo("%zu calls: compiled in %.0f us; found by members in %.1f us, by text (%zu bytes) in %.1f us",
            profile.syscalls[0].names.size(), compile, hit, text.size(), hitByText);
    }
};

QTEST_GUILESS_MAIN(TestSeccompCache)
#include "tst_seccomp_cache.moc"
