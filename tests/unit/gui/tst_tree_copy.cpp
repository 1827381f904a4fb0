#include "gui/layers/subject.h"
#include "gui/layers/tree_copy.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <K7Zip>
#include <KTar>
#include <KZip>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace rocker;
using namespace rocker::gui;

namespace {

QByteArray read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

SharedTree treeOf(const SharedImage& image)
{
    return std::make_shared<const SearchableTree>(
        image->indexes, image->indexes.size() - 1, layers::ImageTree::Scope::UpTo);
}

} // namespace

class TestTreeCopy : public QObject
{
    Q_OBJECT

    FakeLayerSource m_source;
    SharedImage m_image = imageOf({QStringLiteral("d etc,f etc/a 1 x,f etc/gone 1 y,d etc/sub,f etc/sub/b 2 zz"),
        QStringLiteral("w etc/gone,l etc/inside sub/b,l etc/out ../../../etc/passwd,l etc/root /etc/shadow,l etc/sub/up "
                       "../a,c etc/null,f other 1 o")});
    SharedTree m_tree = treeOf(m_image);

    TreeCopy etc() const { return copyOf(m_tree, m_tree->tree().find("etc")); }

private Q_SLOTS:
    void initTestCase()
    {
        m_source.files[{0, "etc/a"}] = "x";
        m_source.files[{0, "etc/sub/b"}] = "zz";
    }

    void aFolderBecomesAFolder()
    {
        const QTemporaryDir place;
        auto copied = copyToDirectory(m_source, m_image->id, etc(), place.path());
        QTRY_VERIFY(copied.isFinished());
        QVERIFY2(copied.result(), copied.result() ? "" : copied.result().error().what.c_str());
        QCOMPARE(read(place.filePath(QStringLiteral("etc/a"))), QByteArray("x"));
        QCOMPARE(read(place.filePath(QStringLiteral("etc/sub/b"))), QByteArray("zz"));
        QVERIFY(!QFileInfo::exists(place.filePath(QStringLiteral("etc/gone"))));
        QCOMPARE(QFile::symLinkTarget(place.filePath(QStringLiteral("etc/inside"))),
            place.filePath(QStringLiteral("etc/sub/b")));
        QCOMPARE(QFile::symLinkTarget(place.filePath(QStringLiteral("etc/sub/up"))), place.filePath(QStringLiteral("etc/a")));
    }

    void whatWouldLeadOutOfTheCopyIsLeftOut()
    {
        const QTemporaryDir place;
        auto copied = copyToDirectory(m_source, m_image->id, etc(), place.path());
        QTRY_VERIFY(copied.isFinished());
        QCOMPARE(copied.result()->count, std::size_t(3)); // two links and a device
        for (const char* name : {"etc/out", "etc/root", "etc/null"}) {
            struct stat status{};
            QVERIFY(::lstat(QFile::encodeName(place.filePath(QLatin1String(name))).constData(), &status) != 0);
        }
    }

    void whatIsThereAlreadyStays()
    {
        const QTemporaryDir place;
        QVERIFY(QDir(place.path()).mkdir(QStringLiteral("etc")));
        auto copied = copyToDirectory(m_source, m_image->id, etc(), place.path());
        QTRY_VERIFY(copied.isFinished());
        QVERIFY(!copied.result());
        QCOMPARE(copied.result().error().code, ErrorCode::AlreadyExists);
        QVERIFY(QDir(place.filePath(QStringLiteral("etc"))).isEmpty());
    }

    void aFolderBecomesAnArchive_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"etc.zip", "etc.7z", "etc.tar", "etc.tar.gz", "etc.tar.zst"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void aFolderBecomesAnArchive()
    {
        QFETCH(QString, name);
        const QTemporaryDir place;
        const auto save = [&](const QString& target) {
            auto saved = copyToArchive(m_source, m_image->id, etc(), target, *folderFormOf(target));
            [&] { QTRY_VERIFY(saved.isFinished()); }();
            return saved.result();
        };
        const QString path = place.filePath(name);
        const auto saved = save(path);
        QVERIFY2(saved, saved ? "" : saved.error().what.c_str());
        QCOMPARE(QDir(place.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList(name));
        std::unique_ptr<KArchive> archive;
        if (name.endsWith(QStringLiteral("zip")))
            archive = std::make_unique<KZip>(path);
        else if (name.endsWith(QStringLiteral("7z")))
            archive = std::make_unique<K7Zip>(path);
        else
            archive = std::make_unique<KTar>(path);
        QVERIFY2(archive->open(QIODevice::ReadOnly), qPrintable(archive->errorString()));
        const KArchiveFile* file = archive->directory()->file(QStringLiteral("etc/sub/b"));
        QVERIFY(file);
        QCOMPARE(file->data(), QByteArray("zz"));
        const KArchiveEntry* link = archive->directory()->entry(QStringLiteral("etc/inside"));
        QVERIFY(link);
        QCOMPARE(link->symLinkTarget(), QStringLiteral("sub/b"));
        QVERIFY(!archive->directory()->entry(QStringLiteral("etc/gone")));
        const QString again = place.filePath(QStringLiteral("again-") + name);
        QVERIFY(save(again));
        if (name.contains(QStringLiteral(".tar")))
            QCOMPARE(read(again), read(path));
    }

    void onlyKnownEndingsAreForms()
    {
        QVERIFY(!folderFormOf(QStringLiteral("a.rar")));
        QVERIFY(folderFormOf(QStringLiteral("A.TGZ")) == FolderForm::TarGzip);
    }

    void subjectsAreReadBack()
    {
        const auto archive = archiveOf(archiveSubject(QStringLiteral("/a:b/ü.tar"), 3));
        QVERIFY(archive);
        QCOMPARE(archive->number, std::size_t(3));
        QCOMPARE(archive->path, QStringLiteral("/a:b/ü.tar"));
        QCOMPARE(containerOf(containerSubject("x")).value(), std::string("x"));
        const auto layer = layerOf(layerSubject(containerSubject("x"), 2));
        QVERIFY(layer);
        QCOMPARE(layer->layer, std::size_t(2));
        QCOMPARE(layer->subject, std::string("container:x"));
        for (const char* name : {"starter:latest", "layer:x:y", "archive:", "layer:5"}) {
            QVERIFY(!archiveOf(name));
            QVERIFY(!layerOf(name));
            QVERIFY(!containerOf(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestTreeCopy)
#include "tst_tree_copy.moc"
