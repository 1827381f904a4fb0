#include "engine/archive/decompressor.h"
#include "engine/archive/gzip_source.h"
#include "engine/archive/layer_path.h"
#include "engine/archive/pax.h"
#include "engine/archive/tar_reader.h"
#include "engine/archive/tar_writer.h"

#include <QTest>
#include <algorithm>
#include <cstring>
#include <zlib.h>

using namespace rocker;
using namespace rocker::archive;
using namespace std::string_view_literals;

namespace {

std::string header(std::string_view name, char type, std::size_t size)
{
    std::string block(blockSize, '\0');
    const auto put = [&](std::size_t offset, std::string_view text) { block.replace(offset, text.size(), text); };
    put(0, name);
    put(100, "0000644");
    put(124, std::format("{:011o}", size));
    put(148, "        ");
    block[156] = type;
    put(257, "ustar\00000"sv);
    int sum = 0;
    for (const char c : block)
        sum += std::uint8_t(c);
    put(148, std::format("{:06o}", sum));
    block[154] = '\0';
    return block;
}

std::string file(std::string_view name, std::string data, char type = '0')
{
    const std::string start = header(name, type, data.size());
    data.resize((data.size() + blockSize - 1) / blockSize * blockSize);
    return start + data;
}

std::string gzip(std::string_view data, int level = 6, int strategy = Z_DEFAULT_STRATEGY)
{
    std::string packed(compressBound(data.size()) + 64, '\0');
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, strategy);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = uInt(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

// As a pipe may give them.
class Drops : public ByteSource
{
public:
    Drops(std::string_view bytes, std::size_t size) : m_rest(bytes), m_size(size) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = std::min({buffer.size(), m_size, m_rest.size()});
        std::memcpy(buffer.data(), m_rest.data(), count);
        m_rest.remove_prefix(count);
        return count;
    }

private:
    std::string_view m_rest;
    std::size_t m_size;
};

// "name=data " of every entry, or the error.
std::string listing(ByteSource& source)
{
    TarReader reader(source);
    std::string text;
    for (;;) {
        const auto entry = reader.next();
        if (!entry)
            return entry.error().what;
        if (!*entry)
            return text;
        text += (*entry)->name + "=";
        for (;;) {
            const auto piece = reader.nextPiece();
            if (!piece)
                return piece.error().what;
            if (!*piece)
                break;
            text.append((*piece)->bytes.begin(), (*piece)->bytes.end());
        }
        text += " ";
    }
}

// All of it, or what is wrong with it.
std::string drained(ByteSource& source)
{
    std::string text(16 << 20, '\0');
    const auto count = readFully(source, text);
    if (!count)
        return count.error().what;
    text.resize(*count);
    return text;
}

std::string everything(ByteSource& source)
{
    const auto plain = decompress(source);
    return plain ? drained(**plain) : plain.error().what;
}

} // namespace

class TestArchive : public QObject
{
    Q_OBJECT

private slots:
    void aTarReadsTheSameInDropsOfAnySize()
    {
        const std::string tar = file("a", "first") + file("x", "12 path=b/c\n", 'x') + file("short", "second") + file("empty", "")
            + std::string(1024, '\0');
        for (const std::size_t size : {1, 7, 511, 512, 513, 100'000}) {
            Drops source(tar, size);
            QCOMPARE(listing(source), "a=first b/c=second empty= ");
        }
    }

    void dataThatNobodyReadIsPassedOver()
    {
        const std::string tar = file("a", std::string(1000, 'x')) + file("b", "y");
        MemorySource source(tar);
        TarReader reader(source);
        QCOMPARE((*reader.next())->name, "a");
        QCOMPARE((*reader.next())->name, "b");
        QVERIFY(!reader.next()->has_value());
    }

    void aTarCutAnywhereIsAnErrorOrHasWholeEntries()
    {
        const std::string tar = file("a", "first") + file("b", std::string(600, 'x'));
        for (std::size_t size = 1; size < tar.size(); ++size) {
            MemorySource source(std::string_view(tar).substr(0, size));
            const std::string text = listing(source);
            QVERIFY2(text == "a=first " || text.contains("truncated"), text.c_str());
            QCOMPARE(text == "a=first ", size == 1024);
        }
    }

    void aTarWithAnyByteChangedIsReadInBoundsOrRefused()
    {
        const std::string map = "2\n0\n3\n100\n3\n";
        const std::string sparse = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=1000\n";
        const std::string tar = file("PaxHeader", sparse, 'x') + file("s", map + std::string(blockSize - map.size(), '\0') + "abcdef")
            + file("././@LongLink", "named", 'L') + file("n", "x");
        MemorySource whole(tar);
        QCOMPARE(listing(whole), "s=abcdef named=x ");
        int refused = 0;
        for (std::size_t i = 0; i < tar.size(); ++i)
            for (const int change : {1, 0x20, 0x80, 0xff}) {
                std::string changed = tar;
                changed[i] = char(changed[i] ^ change);
                // A wrong check sum would hide what the field itself does.
                if (const std::size_t block = i / blockSize * blockSize; changed.compare(block + 257, 5, "ustar") == 0) {
                    changed.replace(block + 148, 8, "        ");
                    int sum = 0;
                    for (std::size_t at = block; at < block + blockSize; ++at)
                        sum += std::uint8_t(changed[at]);
                    changed.replace(block + 148, 7, std::format("{:06o}", sum) + '\0');
                }
                MemorySource source(changed);
                const std::string text = listing(source);
                QVERIFY2(text.size() < 2000, text.c_str());
                refused += text.find('=') == std::string::npos;
            }
        QVERIFY(refused > 100);
    }

    void gzipIsReadToTheEndOfItsLastMember()
    {
        const std::string packed = gzip("one ") + gzip("two");
        for (const std::size_t size : {1, 3, 1000}) {
            Drops source(packed, size);
            QCOMPARE(everything(source), "one two");
        }
        MemorySource cut(std::string_view(packed).substr(0, packed.size() - 3));
        QVERIFY(everything(cut).contains("truncated"));
        const std::string longer = packed + "x";
        MemorySource more(longer);
        QVERIFY(everything(more).contains("after its end"));
    }

    void whatIsWrittenIsReadAgain_data()
    {
        QTest::addColumn<TarEntry>("entry");
        const auto row = [](const char* name, TarEntry entry) {
            if (entry.name.empty())
                entry.name = "dir/file";
            QTest::newRow(name) << entry;
        };
        row("a file", {.mode = 0640, .uid = 5, .gid = 6, .size = 1000, .modified = {1700000000, 0}});
        row("a name of 100 bytes", {.name = std::string(100, 'n')});
        row("a name of 101", {.name = std::string(101, 'n')});
        row("a long path", {.name = std::string(200, 'd') + "/" + std::string(255, 'n')});
        row("a name that is not UTF-8", {.name = "dir/\xff\xfe"});
        row("a long name that is not UTF-8", {.name = std::string(120, '\xfe')});
        row("a directory", {.type = EntryType::Directory, .name = "dir/", .mode = 01777});
        row("a symbolic link", {.type = EntryType::Symlink, .linkTarget = std::string(300, 't'), .mode = 0777});
        row("a hard link", {.type = EntryType::HardLink, .linkTarget = "dir/other"});
        row("a device", {.type = EntryType::BlockDevice, .mode = 0660, .deviceMajor = 259, .deviceMinor = 1048575});
        row("a pipe", {.type = EntryType::Fifo});
        row("large ids", {.uid = 4000000000, .gid = 2097152});
        row("a nanosecond", {.modified = {1700000000, 1}});
        row("half a second", {.modified = {1700000000, 500'000'000}});
        row("before 1970", {.modified = {-5, 0}});
        row("a part of a second before 1970", {.modified = {-5, 250'000'000}});
        row("just before 1970", {.modified = {-1, 750'000'000}});
        row("after 2242", {.modified = {8589934592, 0}});
        row("attributes", {.xattrs = {{"security.capability", std::string("\1\0\0\2\n=", 6)}, {"user.x", ""}}});
    }
    void whatIsWrittenIsReadAgain()
    {
        QFETCH(TarEntry, entry);
        std::string text = entryHeader(entry);
        QCOMPARE(text.size() % blockSize, 0U);
        text += std::string(entry.size, 'x') + std::string(paddingOf(entry.size), '\0') + std::string(endSize, '\0');
        MemorySource source(text);
        TarReader reader(source);
        const auto found = reader.next();
        QVERIFY2(found && *found, found ? "" : found.error().what.c_str());
        const TarEntry& read = **found;
        QCOMPARE(read.type, entry.type);
        QCOMPARE(read.name, entry.name);
        QCOMPARE(read.linkTarget, entry.linkTarget);
        QCOMPARE(read.mode, entry.mode);
        QCOMPARE(read.uid, entry.uid);
        QCOMPARE(read.gid, entry.gid);
        QCOMPARE(read.size, entry.size);
        QCOMPARE(read.deviceMajor, entry.deviceMajor);
        QCOMPARE(read.deviceMinor, entry.deviceMinor);
        QCOMPARE(read.modified.tv_sec, entry.modified.tv_sec);
        QCOMPARE(read.modified.tv_nsec, entry.modified.tv_nsec);
        QCOMPARE(read.xattrs, entry.xattrs);
        QVERIFY(!*reader.next());
    }

    void gzipIsTheSameHoweverItComes()
    {
        std::string data;
        for (int i = 0; i < 3000; ++i) // words, noise, and a long run
            data += i % 7 ? std::format("line {} of {}\n", i * i % 97, i) : std::string(1, char(i * 2654435761U >> 13));
        data += std::string(200'000, 'x');
        std::string packed;
        std::string whole;
        for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE})
            for (const int level : {0, 1, 6, 9}) {
                packed += gzip(data, level, strategy);
                whole += data;
            }
        packed += gzip("");
        for (const std::size_t size : {1, 2, 7, 511, 4096, 100'000, 10'000'000}) {
            Drops source(packed, size);
            QVERIFY2(everything(source) == whole, qPrintable(QString::number(size)));
        }
    }

    void aDamagedGzipStreamIsRefused()
    {
        std::string data;
        for (int i = 0; i < 200; ++i)
            data += std::format("{} {}\n", i, i * i * 7919 % 1013);
        const std::string packed = gzip(data);
        for (std::size_t size = 0; size < packed.size(); ++size) {
            const std::string cut = packed.substr(0, size);
            MemorySource source(cut);
            GzipSource inflated(source);
            QVERIFY2(drained(inflated).contains("truncated"), qPrintable(QString::number(size)));
        }
        for (std::size_t i = 0; i < packed.size(); ++i) {
            std::string damaged = packed;
            damaged[i] = char(damaged[i] ^ 0x10);
            MemorySource source(damaged);
            GzipSource inflated(source);
            const std::string text = drained(inflated);
            // Time, extra flags and operating system of the header mean nothing.
            QVERIFY2(text == data ? i >= 4 && i < 10 : text.contains("gzip stream"), qPrintable(QString::number(i)));
        }
    }

    void timesOfExtendedHeaders_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<int>("nanoseconds");
        QTest::newRow("whole") << "12" << qint64(12) << 0;
        QTest::newRow("a fraction") << "12.5" << qint64(12) << 500'000'000;
        QTest::newRow("more digits than a nanosecond") << "1.1234567899" << qint64(1) << 123'456'789;
        QTest::newRow("before 1970") << "-1.25" << qint64(-2) << 750'000'000;
        QTest::newRow("just before 1970") << "-0.5" << qint64(-1) << 500'000'000;
        QTest::newRow("later than a disk can hold") << "99999999999999999999.5" << qint64(15032385535) << 0;
        QTest::newRow("earlier") << "-99999999999999999999" << qint64(-2147483648) << 0;
    }
    void timesOfExtendedHeaders()
    {
        QFETCH(QString, text);
        const auto time = paxTime(text.toStdString());
        QVERIFY(time.has_value());
        QTEST(qint64(time->tv_sec), "seconds");
        QTEST(int(time->tv_nsec), "nanoseconds");
    }

    void whatIsNoTime()
    {
        for (const char* text : {"", ".", "x", "1x", "1.x", "1.-5", "--1"})
            QVERIFY2(!paxTime(text), text);
    }

    void namesInALayer_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<int>("meaning");
        QTest::addColumn<QString>("path");
        QTest::newRow("a file") << "./a//b/./c" << int(Meaning::Content) << "a/b/c";
        QTest::newRow("an absolute one") << "/a" << int(Meaning::Content) << "a";
        QTest::newRow("the root") << "./" << int(Meaning::Content) << "";
        QTest::newRow("a whiteout") << "a/.wh.b" << int(Meaning::Whiteout) << "a/b";
        QTest::newRow("an opaque directory") << "a/.wh..wh..opq" << int(Meaning::Opaque) << "a";
        QTest::newRow("the opaque root") << ".wh..wh..opq" << int(Meaning::Opaque) << "";
        QTest::newRow("AUFS's own") << ".wh..wh.plnk/1" << int(Meaning::Ignored) << ".wh..wh.plnk/1";
        QTest::newRow("below a whiteout") << ".wh.a/b" << int(Meaning::Ignored) << ".wh.a/b";
    }
    void namesInALayer()
    {
        QFETCH(QString, entry);
        const auto name = layerName(entry.toStdString());
        QVERIFY(name.has_value());
        QTEST(int(name->meaning), "meaning");
        QTEST(QString::fromStdString(joined(name->path)), "path");
    }

    void namesThatNoLayerHas()
    {
        for (const std::string& name : {std::string(), std::string(".."), std::string("a/../../b"), std::string(".wh."),
                                        std::string(".wh.."), std::string("a/.wh..."), std::string(256, 'a'), std::string(5000, '/')})
            QVERIFY2(!layerName(name), name.c_str());
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
