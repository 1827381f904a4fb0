#include "engine/layers/comparison.h"
#include "engine/layers/index_writer.h"
#include "engine/layers/waste.h"

#include <QTest>

#include <cstring>
#include <sstream>

using namespace rocker::layers;

namespace {

std::vector<std::string> components(const std::string& path)
{
    std::vector<std::string> names;
    std::istringstream text(path);
    for (std::string name; std::getline(text, name, '/');)
        if (!name.empty())
            names.push_back(name);
    return names;
}

// "d a" a directory, "f a/b 10 x" a file of 10 bytes with content x, "l a/c b" a symbolic link, "h a/d a/b" a hard link,
// "w a/b" a whiteout, "o a" an opaque directory; separated by commas, in the archive's order.
std::string indexOf(const std::string& notation)
{
    IndexWriter writer;
    std::istringstream lines(notation);
    for (std::string line; std::getline(lines, line, ',');) {
        std::istringstream words(line);
        std::string kind;
        std::string path;
        std::string rest;
        words >> kind >> path >> rest;
        const std::vector<std::string> names = components(path);
        Record record{.mode = 0644};
        if (kind == "d") {
            record.kind = Kind::Directory;
            record.mode = rest.empty() ? 0755 : std::uint16_t(std::stoi(rest, nullptr, 8));
            writer.add(names, record);
        } else if (kind == "f" || kind == "h") {
            std::string content;
            words >> content;
            record.size = kind == "f" ? std::stoull(rest) : 0;
            record.flags = kind == "h" ? Record::hardLink : 0;
            std::memcpy(record.content.data(), content.data(), std::min<std::size_t>(content.size(), 16));
            writer.add(names, record, kind == "h" ? rest : "");
        } else if (kind == "l") {
            record.kind = Kind::Symlink;
            writer.add(names, record, rest);
        } else if (kind == "w") {
            writer.whiteout(names);
        } else if (kind == "o") {
            writer.makeOpaque(names);
        }
    }
    return *writer.finish();
}

std::vector<LayerIndex> layersOf(const QStringList& notations)
{
    std::vector<LayerIndex> layers;
    for (const QString& notation : notations) {
        auto index = LayerIndex::parse(indexOf(notation.toStdString()));
        if (!index)
            qFatal("%s", index.error().what.c_str());
        layers.push_back(*index);
    }
    return layers;
}

QString shown(const LayerIndex& index)
{
    QStringList lines;
    for (std::uint32_t i = 1; i < index.size(); ++i) {
        const Record& record = index.at(i);
        QString line = QString::fromStdString(index.path(i));
        line.prepend(record.kind == Kind::Whiteout ? "w " : record.kind == Kind::Directory ? record.is(Record::opaque) ? "o " : "d " : "");
        lines += line;
    }
    return lines.join(',');
}

QString shown(const ImageTree& tree, std::uint32_t node = ImageTree::root)
{
    QStringList lines;
    for (std::uint32_t i = 0; i < tree.at(node).childCount; ++i) {
        const std::uint32_t child = tree.at(node).firstChild + i;
        constexpr const char* marks[]{"", "+", "~", "-"};
        QString line = marks[int(tree.at(child).change)] + QString::fromUtf8(tree.name(child).data(), int(tree.name(child).size()));
        if (const QString inside = shown(tree, child); !inside.isEmpty())
            line += '(' + inside + ')';
        lines += line;
    }
    return lines.join(' ');
}

} // namespace

class TestLayers : public QObject
{
    Q_OBJECT

private slots:
    void anIndexHasWhatTheUnpackerMakes_data()
    {
        QTest::addColumn<QString>("notation");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("sorted by name, whatever the order") << "f b 1,f a 1,f a/c 1" << "d a,a/c,b";
        QTest::newRow("a slash sorts before everything in a name") << "f a-b 1,f a/z 1" << "d a,a/z,a-b";
        QTest::newRow("parents that nobody named") << "f x/y/z 1" << "d x,d x/y,x/y/z";
        QTest::newRow("the last entry counts") << "d a,f a/b 1,f a 2" << "a";
        QTest::newRow("a directory keeps what is in it") << "f a/b 1,d a" << "d a,a/b";
        QTest::newRow("a file becomes a directory") << "f a 1,f a/b 1" << "d a,a/b";
        QTest::newRow("a whiteout") << "w a/b" << "d a,w a/b";
        QTest::newRow("a whiteout after the file is of the layers below") << "f a 1,w a" << "a";
        QTest::newRow("a file after the whiteout") << "w a,f a 1" << "a";
        QTest::newRow("a directory made anew is opaque") << "w a,d a,f a/n 1" << "o a,a/n";
        QTest::newRow("even if nobody names it") << "w a,f a/n 1" << "o a,a/n";
        QTest::newRow("or it comes first") << "f a/n 1,w a" << "o a,a/n";
        QTest::newRow("what lay below a replaced directory is gone") << "f a/b/c 1,l a x" << "a";
        QTest::newRow("and does not come back") << "f a/b 1,f a 1,d a" << "d a";
    }

    void anIndexHasWhatTheUnpackerMakes()
    {
        QFETCH(QString, notation);
        QFETCH(QString, expected);
        const std::vector<LayerIndex> layers = layersOf({notation});
        QCOMPARE(shown(layers[0]), expected);
        for (std::uint32_t i = 0; i < layers[0].size(); ++i)
            QCOMPARE(layers[0].find(layers[0].path(i)), i);
        QCOMPARE(layers[0].find("not/there"), layers[0].size());
    }

    void whatNoWriterWritesIsRefused()
    {
        const std::string good = indexOf("f a/b 3 x,l a/c b,f d 1 y,w e");
        QVERIFY(LayerIndex::parse(good));
        for (std::size_t size = 0; size < good.size(); ++size)
            QVERIFY2(!LayerIndex::parse(good.substr(0, size)), qPrintable(QString::number(size)));
        // Any byte changed: refused, or read as another well-formed index that can be walked to its end.
        for (std::size_t i = 0; i < good.size(); ++i)
            for (const int bit : {1, 0x80}) {
                std::string damaged = good;
                damaged[i] = char(damaged[i] ^ bit);
                const auto index = LayerIndex::parse(damaged);
                if (!index)
                    continue;
                const ImageTree tree({*index, *index}, 1, ImageTree::Scope::UpTo);
                QVERIFY(tree.size() <= 2 * index->size());
                wasteOf({*index, *index});
            }
    }

    void aTreeShowsWhatALayerDid_data()
    {
        QTest::addColumn<QStringList>("layers");
        QTest::addColumn<QString>("upTo");
        QTest::addColumn<QString>("only");
        QTest::newRow("the first adds everything") << QStringList{"f a/b 1"} << "+a(+b)" << "+a(+b)";
        QTest::newRow("untouched things stay") << QStringList{"f a 1,f b 1", "f b 2"} << "a ~b" << "~b";
        QTest::newRow("removed") << QStringList{"f a/b 1,f a/c 1", "w a/b"} << "a(-b c)" << "a(-b)";
        QTest::newRow("a removed directory, with everything in it")
            << QStringList{"f a/b 1,f a/c/d 1", "w a"} << "-a(-b -c(-d))" << "-a(-b -c(-d))";
        QTest::newRow("opaque") << QStringList{"f a/b 1,f a/c 1", "o a,f a/c 2,f a/n 1"} << "a(-b ~c +n)" << "a(-b ~c +n)";
        QTest::newRow("a file for a directory") << QStringList{"f a/b 1", "f a 1"} << "~a(-b)" << "~a(-b)";
        QTest::newRow("a directory for a file") << QStringList{"f a 1", "f a/b 1"} << "~a(+b)" << "~a(+b)";
        QTest::newRow("another mode") << QStringList{"d a,f a/b 1", "d a 700"} << "~a(b)" << "~a";
        QTest::newRow("a directory on the way changes nothing") << QStringList{"d a 700,f a/b 1", "f a/c 1"} << "a(b +c)" << "a(+c)";
        QTest::newRow("a whiteout of nothing") << QStringList{"f a 1", "w b"} << "a" << "";
        QTest::newRow("what the layer below removed does not show") << QStringList{"f a 1,f b 1", "w a", "f c 1"} << "b +c" << "+c";
        QTest::newRow("made anew after it was removed") << QStringList{"f a 1", "w a", "f a 1"} << "+a" << "+a";
        QTest::newRow("two layers share a directory") << QStringList{"f a/1 1", "f a/2 1", "f a/3 1"} << "a(1 2 +3)" << "a(+3)";
        QTest::newRow("what an opaque one below hid does not show")
            << QStringList{"f a/1 1", "o a,f a/2 1", "f a/3 1"} << "a(2 +3)" << "a(+3)";
        QTest::newRow("an opaque root") << QStringList{"f a 1,f b 1", "o /,f b 1"} << "-a ~b" << "-a ~b";
    }

    void aTreeShowsWhatALayerDid()
    {
        QFETCH(QStringList, layers);
        const std::vector<LayerIndex> indexes = layersOf(layers);
        const ImageTree upTo(indexes, indexes.size() - 1, ImageTree::Scope::UpTo);
        QTEST(shown(upTo), "upTo");
        QTEST(shown(ImageTree(indexes, indexes.size() - 1, ImageTree::Scope::Layer)), "only");
        for (std::uint32_t i = 0; i < upTo.size(); ++i)
            QCOMPARE(upTo.find(upTo.path(i)), i);
        QCOMPARE(upTo.find("no/where"), ImageTree::none);
    }

    void sizesAddUp()
    {
        const auto layers = layersOf({"f a/b 10,f a/c 5,h a/d a/b,f e 1", "f a/b 20,w a/c"});
        const ImageTree tree(layers, 1, ImageTree::Scope::UpTo);
        const ImageTree::Node& root = tree.at(ImageTree::root);
        QCOMPARE(root.size, 21U);
        QCOMPARE(root.removed, 5U);
        QCOMPARE(root.files, 3U);
        QVERIFY(root.below);
        const ImageTree only(layers, 1, ImageTree::Scope::Layer);
        QCOMPARE(only.at(ImageTree::root).size, 20U);
        QCOMPARE(only.at(ImageTree::root).files, 1U);
    }

    void wasteIsWhatNobodySees_data()
    {
        QTest::addColumn<QStringList>("layers");
        QTest::addColumn<QString>("expected"); // total wasted: path=bytes@hiding layer, a minus when nothing of it is left
        QTest::newRow("nothing") << QStringList{"f a 10", "f b 10"} << "20 0:";
        QTest::newRow("of two copies one") << QStringList{"f a 10", "f a 12"} << "22 10: a=10@1";
        QTest::newRow("of three copies two") << QStringList{"f a 10", "f a 10", "f a 10"} << "30 20: a=20@2";
        QTest::newRow("removed") << QStringList{"f a 10,f b 1", "w a"} << "11 10: a=10@1-";
        QTest::newRow("removed with its directory") << QStringList{"f d/a 10,f d/b 5", "w d"} << "15 15: d/a=10@1- d/b=5@1-";
        QTest::newRow("and made anew") << QStringList{"f d/a 10", "w d", "f d/a 3"} << "13 10: d/a=10@1";
        QTest::newRow("opaque") << QStringList{"f d/a 10,f d/b 5", "o d,f d/b 6"} << "21 15: d/a=10@1- d/b=5@1";
        QTest::newRow("a directory over a file") << QStringList{"f a 10", "f a/b 1"} << "11 10: a=10@1";
        QTest::newRow("hard links have no bytes") << QStringList{"f a 10,h b a", "w b"} << "10 0:";
        QTest::newRow("empty files neither") << QStringList{"f a 0", "w a"} << "0 0:";
    }

    void wasteIsWhatNobodySees()
    {
        QFETCH(QStringList, layers);
        const Waste waste = wasteOf(layersOf(layers));
        QString text = QString("%1 %2:").arg(waste.total).arg(waste.wasted);
        for (const WastedFile& file : waste.files)
            text += QString(" %1=%2@%3%4").arg(QString::fromStdString(file.path)).arg(file.wasted).arg(file.hiddenBy).arg(file.removed ? "-" : "");
        QTEST(text, "expected");
        QCOMPARE(waste.efficiency(), waste.total == 0 ? 1.0 : 1.0 - double(waste.wasted) / double(waste.total));
    }

    void equalContentsAreFound()
    {
        const Waste waste = wasteOf(layersOf({"f a 9000 x,f b/c 9000 x,f d 9000 y,h e a,f f 10 z,f g 10 z", "f a 9000 q"}));
        QCOMPARE(waste.duplicates.size(), 0U); // one of the two copies of x is hidden
        const Waste same = wasteOf(layersOf({"f a 9000 x,f b/c 9000 x,f d 9000 x"}));
        QCOMPARE(same.duplicates.size(), 1U);
        QCOMPARE(same.duplicates[0].paths, (std::vector<std::string>{"a", "b/c", "d"}));
        QCOMPARE(same.duplicates[0].wasted(), 18000U);
    }

    void twoTreesAreCompared()
    {
        const auto first = layersOf({"f a 1 x,f b 1 x,d c 755,f c/d 1 x,l e t,f g 1 x"});
        const auto second = layersOf({"f a 1 y,f b 1 x,d c 700,f c/n 1 x,l e u,d g"});
        const auto found = compare(ImageTree(first, 0, ImageTree::Scope::UpTo), ImageTree(second, 0, ImageTree::Scope::UpTo));
        QStringList lines;
        for (const Difference& difference : found)
            lines += QString::fromStdString(difference.path) + (difference.change == Change::Added ? "+" : difference.change == Change::Removed ? "-" : "~")
                + (difference.content ? "c" : "") + (difference.mode ? "m" : "") + (difference.link ? "l" : "") + (difference.kind ? "k" : "");
        QCOMPARE(lines.join(' '), "a~c c~m c/d- c/n+ e~l g~mk");
        QVERIFY(compare(ImageTree(first, 0, ImageTree::Scope::UpTo), ImageTree(first, 0, ImageTree::Scope::UpTo)).empty());
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
