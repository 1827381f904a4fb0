#include "gui/layers/archive_layer_source.h"
#include "gui/layers/layer_sources.h"
#include "gui/layers/subject.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

namespace {

template <typename T> T waited(const QFuture<T>& future)
{
    [&] { QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), 20'000); }();
    return future.result();
}

} // namespace

// The window's source of archives, with the real workers.
class TestArchiveSource : public QObject
{
    Q_OBJECT

    QTemporaryDir m_place;
    ArchiveLayerSource m_source{QCoreApplication::applicationDirPath().toStdString() + "/rocker-unpack"};

    std::string subject(const char* name) const { return archiveSubject(m_place.filePath(QLatin1String(name))); }

private Q_SLOTS:
    void initTestCase()
    {
        QProcess maker;
        maker.start(QStringLiteral("/usr/bin/python3"),
            {QStringLiteral(ROCKER_SOURCE_DIR "/tests/support/three_layers.py"), m_place.path()});
        QVERIFY(maker.waitForFinished());
        QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());
    }

    void anImageIsTold()
    {
        const auto image = waited(m_source.image(subject("oci.tar")));
        QVERIFY2(image, image ? "" : image.error().what.c_str());
        QCOMPARE((*image)->name, std::string("three:1"));
        QCOMPARE((*image)->layers.size(), std::size_t(3));
        QCOMPARE((*image)->layers[1].createdBy, std::string("RUN change"));
        QCOMPARE((*image)->layers[2].createdAt, std::string("2024-05-04T10:00:00Z"));
        QCOMPARE((*image)->settings.at("Command"), std::string("[\"/nothing\"]"));
        QCOMPARE((*image)->settings.at("Port 80/tcp"), std::string("exposed"));
        QVERIFY((*image)->siblings.empty());
    }

    void filesAreReadAndSaved()
    {
        const auto image = waited(m_source.image(subject("docker.tar")));
        QVERIFY(image);
        const auto some = waited(m_source.file((*image)->id, 0, "big", 10));
        QVERIFY2(some, some ? "" : some.error().what.c_str());
        QCOMPARE(some->bytes, QByteArray(10, 'b'));
        QVERIFY(!some->whole);
        const auto whole = waited(m_source.file((*image)->id, 0, "kept", 10));
        QVERIFY(whole->whole);
        QCOMPARE(whole->bytes, QByteArray("kept\n"));
        QVERIFY(!waited(m_source.file((*image)->id, 0, "link", 10)));
        QVERIFY(!waited(m_source.file((*image)->id, 7, "kept", 10)));
        const QString target = m_place.filePath(QStringLiteral("saved"));
        QVERIFY(waited(m_source.save((*image)->id, 1, "big", target)));
        QCOMPARE(QFileInfo(target).size(), 60'000);
        QVERIFY(!waited(m_source.save((*image)->id, 1, "big", QStringLiteral("/nowhere/at/all"))));
    }

    void anArchiveIsOpenAsLongAsItsImage()
    {
        std::string id;
        {
            const auto image = waited(m_source.image(subject("docker.tar")));
            QVERIFY(image);
            id = (*image)->id;
            QVERIFY(QFile::copy(m_place.filePath(QStringLiteral("docker.tar")), m_place.filePath(QStringLiteral("moved"))));
        }
        const auto file = waited(m_source.file(id, 0, "kept", 10));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::NotFound);
    }

    void oneLayerIsAnImageOfItsOwn()
    {
        LayerSources sources(std::make_unique<FakeLayerSource>(),
            std::make_unique<ArchiveLayerSource>(QCoreApplication::applicationDirPath().toStdString() + "/rocker-unpack"));
        const auto layer = waited(sources.image(layerSubject(subject("oci.tar"), 1)));
        QVERIFY2(layer, layer ? "" : layer.error().what.c_str());
        QCOMPARE((*layer)->indexes.size(), std::size_t(1));
        QCOMPARE(waited(sources.file((*layer)->id, 0, "script", 100))->bytes, QByteArray("#!/bin/sh\n"));
        QVERIFY(!waited(sources.image(layerSubject(subject("oci.tar"), 3))));
        QVERIFY(!waited(sources.image("starter"))); // goes to the store, which has nothing
    }

    void whatIsGivenUpEnds()
    {
        auto future = m_source.image(subject("oci.tar"));
        future.cancel();
        QTRY_VERIFY(future.isFinished());
    }

    void aFileThatIsNotThereIsNamed()
    {
        const auto image = waited(m_source.image(subject("nothing")));
        QVERIFY(!image);
        QVERIFY2(image.error().what.contains("nothing"), image.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(TestArchiveSource)
#include "tst_archive_source.moc"
