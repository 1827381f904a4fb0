#include "helper/fetch/challenge.h"
#include "helper/fetch/credentials.h"
#include "helper/fetch/platform.h"
#include "helper/fetch/remote_reference.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;
using namespace rocker::fetch;

class TestFetchDocuments : public QObject
{
    Q_OBJECT

    static void put(const QString& path, const QByteArray& text, bool executable = false)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
        if (executable)
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

private slots:
    void whatIsLeftOutOfAReferenceIsFilledIn_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("full");
        QTest::newRow("a word") << "alpine" << "docker.io/library/alpine:latest";
        QTest::newRow("a tag") << "alpine:3" << "docker.io/library/alpine:3";
        QTest::newRow("an owner") << "me/thing" << "docker.io/me/thing:latest";
        QTest::newRow("the registry itself") << "docker.io/alpine" << "docker.io/library/alpine:latest";
        QTest::newRow("its old name") << "index.docker.io/me/thing:1" << "docker.io/me/thing:1";
        QTest::newRow("its server") << "registry-1.docker.io/alpine" << "docker.io/library/alpine:latest";
        QTest::newRow("another registry") << "quay.io/a/b/c:v1" << "quay.io/a/b/c:v1";
        QTest::newRow("a port") << "localhost:5000/thing" << "localhost:5000/thing:latest";
        QTest::newRow("localhost") << "localhost/thing:x" << "localhost/thing:x";
        QTest::newRow("a digest") << "alpine@sha256:" + QString(64, 'a')
                                  << "docker.io/library/alpine@sha256:" + QString(64, 'a');
        QTest::newRow("a tag and a digest")
            << "alpine:3@sha256:" + QString(64, 'a') << "docker.io/library/alpine:3@sha256:" + QString(64, 'a');
        for (const char* wrong : {"", "Alpine", "a b", "alpine:", "alpine@", "alpine@sha256:abc", "alpine@sha512:abc",
                 "a/../b", "-a", "https://x.y/a", "a@b@c", "x.y/"})
            QTest::newRow(qPrintable(QString("not '%1'").arg(wrong))) << wrong << "";
    }
    void whatIsLeftOutOfAReferenceIsFilledIn()
    {
        QFETCH(QString, text);
        QFETCH(QString, full);
        const auto resolved = resolveReference(text.toStdString(), {});
        QCOMPARE(resolved ? QString::fromStdString(resolved->front().fullName()) : QString(), full);
    }

    void settingsSayWhereToLook()
    {
        image::RegistrySettings settings;
        settings.shortNames = {"one.example", "docker.io"};
        settings.mirrors = {{"docker.io", {"mirror.example", "localhost:5000"}}};
        settings.insecure = {"localhost:5000"};
        const auto found = resolveReference("thing", settings);
        QVERIFY(found);
        QCOMPARE(found->size(), 2U);
        QCOMPARE((*found)[0].fullName(), std::string("one.example/thing:latest"));
        QCOMPARE((*found)[1].fullName(), std::string("docker.io/library/thing:latest"));
        const auto endpoints = endpointsOf("docker.io", settings);
        QCOMPARE(endpoints.size(), 3U);
        QCOMPARE(endpoints[0].base(), std::string("https://mirror.example"));
        QCOMPARE(endpoints[1].base(), std::string("http://localhost:5000"));
        QCOMPARE(endpoints[2].base(), std::string("https://registry-1.docker.io"));
        QCOMPARE(endpoints[2].authority, std::string("docker.io"));
        settings.shortNames.clear();
        QVERIFY(!resolveReference("thing", settings));
        QVERIFY(resolveReference("quay.io/thing", settings));
    }

    void challengesAreRead_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("read");
        QTest::newRow("bearer") << "Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:x:pull\""
                                << "bearer realm=https://a/t scope=repository:x:pull service=s";
        QTest::newRow("bare words, blanks, capitals") << "BASIC Realm = shop ,  charset=UTF-8"
                                                      << "basic charset=UTF-8 realm=shop";
        QTest::newRow("two of them") << "Basic realm=\"a\", Bearer realm=\"b\",service=\"c\""
                                     << "basic realm=a;bearer realm=b service=c";
        QTest::newRow("a comma and a quote in quotes") << "Basic realm=\"a, \\\"b\\\" c\"" << "basic realm=a, \"b\" c";
        QTest::newRow("no parameters") << "Negotiate, Basic realm=x" << "negotiate;basic realm=x";
        QTest::newRow("no end of the quotes") << "Bearer realm=\"a" << "bearer";
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("nonsense") << "=,=\"" << "";
    }
    void challengesAreRead()
    {
        QFETCH(QString, field);
        QFETCH(QString, read);
        QStringList all;
        for (const Challenge& challenge : parseChallenges(field.toStdString())) {
            QString text = QString::fromStdString(challenge.scheme);
            for (const auto& [name, value] : challenge.parameters)
                text += QString::fromStdString(" " + name + "=" + value);
            all += text;
        }
        QCOMPARE(all.join(';'), read);
    }

    void thePlatformsManifestIsChosen_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QStringList>("offered");
        QTest::addColumn<int>("chosen"); // -1: none
        const QStringList usual{
            "linux/386/", "linux/amd64/", "linux/arm/v5", "linux/arm/v7", "linux/arm64/v8", "windows/amd64/"};
        QTest::newRow("amd64") << "linux/amd64" << usual << 1;
        QTest::newRow("without the system") << "amd64" << usual << 1;
        QTest::newRow("arm64 without its variant") << "linux/arm64" << usual << 4;
        QTest::newRow("arm64 that says none") << "linux/arm64/v8" << QStringList{"linux/arm64/"} << 0;
        QTest::newRow("arm is its newest") << "linux/arm" << usual << 3;
        QTest::newRow("an older arm runs on a newer one")
            << "linux/arm/v7" << QStringList{"linux/arm/v5", "linux/arm/v6"} << 1;
        QTest::newRow("not the other way round") << "linux/arm/v6" << QStringList{"linux/arm/v7"} << -1;
        QTest::newRow("none for it") << "linux/s390x" << usual << -1;
        QTest::newRow("newer amd64 only when asked for") << "linux/amd64" << QStringList{"linux/amd64/v3"} << -1;
        QTest::newRow("newer amd64, asked for")
            << "linux/amd64/v3" << QStringList{"linux/amd64/", "linux/amd64/v3"} << 1;
        QTest::newRow("statements are no images")
            << "linux/amd64" << QStringList{"unknown/unknown/", "linux/amd64/"} << 1;
        QTest::newRow("one that says nothing") << "linux/amd64" << QStringList{""} << 0;
        QTest::newRow("nothing at all") << "linux/amd64" << QStringList{} << -1;
    }
    void thePlatformsManifestIsChosen()
    {
        QFETCH(QString, asked);
        QFETCH(QStringList, offered);
        QFETCH(int, chosen);
        image::Index index;
        for (int i = 0; i < offered.size(); ++i) {
            image::Descriptor descriptor{.size = i};
            const QStringList parts = offered[i].split('/');
            if (parts.size() == 3)
                descriptor.platform
                    = image::Platform{parts[1].toStdString(), parts[0].toStdString(), parts[2].toStdString()};
            index.manifests.push_back(descriptor);
        }
        const auto found = choose(index, *parsePlatform(asked.toStdString()));
        QCOMPARE(found ? int(found->size) : -1, chosen);
    }

    void whatIsNoPlatformIsRefused()
    {
        for (const char* wrong : {"windows/amd64", "linux/", "/", "linux/a/b/c", "linux/AMD64", "linux/../x", " "})
            QVERIFY2(!parsePlatform(wrong), wrong);
        QVERIFY(parsePlatform(""));
    }

    void credentialsAreFoundWhereOthersKeepThem()
    {
        QTemporaryDir directory;
        const Person person{.home = directory.filePath("home").toStdString(),
            .runtimeDirectory = directory.filePath("run").toStdString()};
        const auto find = [&](const char* registry, const char* repository) {
            const Credentials found = CredentialFinder(person).find(registry, repository);
            return QString::fromStdString(
                found.identityToken.empty() ? found.user + ":" + found.password : found.identityToken);
        };
        QCOMPARE(find("docker.io", "library/alpine"), ":");
        put(directory.filePath("home/.docker/config.json"),
            R"({"auths":{"https://index.docker.io/v1/":{"auth":"ZG9ja2VyOmh1Yg=="},)"
            R"("token.example":{"auth":"eA==","identitytoken":"refresh"},"plain.example":{"username":"u",)"
            R"("password":"p"}},"credsStore":""})");
        QCOMPARE(find("docker.io", "library/alpine"), "docker:hub");
        QCOMPARE(find("token.example", "x"), "refresh");
        QCOMPARE(find("plain.example", "x"), "u:p");
        put(directory.filePath("home/.config/containers/auth.json"),
            R"({"auths":{"docker.io":{"auth":"cG9kOm1hbg=="}}})");
        QCOMPARE(find("docker.io", "library/alpine"), "pod:man");
        put(directory.filePath("run/containers/auth.json"),
            R"({"auths":{"docker.io/me":{"auth":"bWU6bWluZQ=="},"other.example":{}}})");
        QCOMPARE(find("docker.io", "library/alpine"), "pod:man");
        QCOMPARE(find("docker.io", "me/thing"), "me:mine");
        QCOMPARE(find("docker.io", "mean/thing"), "pod:man");
        QCOMPARE(find("localhost:5000", "me"), ":");
    }

    void aNamedFileStandsAlone()
    {
        QTemporaryDir directory;
        put(directory.filePath("home/.docker/config.json"), R"({"auths":{"x.example":{"auth":"YTpi"}}})");
        Person person{.home = directory.filePath("home").toStdString(),
            .authFile = directory.filePath("mine.json").toStdString()};
        CredentialFinder missing(person);
        QVERIFY(missing.find("x.example", "a").isEmpty());
        QVERIFY2(missing.trouble().contains("mine.json"), missing.trouble().c_str());
        put(directory.filePath("mine.json"), R"({"auths":{"x.example":{"auth":"YzpkOmU="}}})");
        QCOMPARE(CredentialFinder(person).find("x.example", "a").password, std::string("d:e"));
    }

    void brokenFilesAreTroubleAndShowNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("{\"auths\": sesame");
        QTest::newRow("another shape") << QByteArray("{\"auths\": [\"sesame\"]}");
        QTest::newRow("no base64") << QByteArray("{\"auths\":{\"x.example\":{\"auth\":\"sesame!\"}}}");
        QTest::newRow("no colon") << QByteArray("{\"auths\":{\"x.example\":{\"auth\":\"c2VzYW1l\"}}}");
        QTest::newRow("a helper that is a path") << QByteArray("{\"credsStore\":\"../../bin/sh\"}");
        QTest::newRow("a helper that is not there") << QByteArray("{\"credHelpers\":{\"x.example\":\"none-such\"}}");
    }
    void brokenFilesAreTroubleAndShowNothing()
    {
        QFETCH(QByteArray, text);
        QTemporaryDir directory;
        put(directory.filePath(".docker/config.json"), text);
        CredentialFinder finder({.home = directory.path().toStdString()});
        QVERIFY(finder.find("x.example", "a").isEmpty());
        QVERIFY(finder.trouble().contains(".docker/config.json"));
        QVERIFY2(!finder.trouble().contains("sesame"), finder.trouble().c_str());
    }

    void credentialHelpersAreAsked()
    {
        QTemporaryDir directory;
        put(directory.filePath("bin/docker-credential-safe"),
            "#!/bin/sh\n[ \"$1\" = get ] || exit 9\nread server\ncase $server in\n"
            "https://index.docker.io/v1/) echo '{\"ServerURL\":\"x\",\"Username\":\"hub\",\"Secret\":\"s\"}' ;;\n"
            "token.example) echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}' ;;\n"
            "home.example) printf '{\"Username\":\"%s\",\"Secret\":\"s\"}' \"$HOME\" ;;\n"
            "broken.example) echo sesame ;;\n"
            "*) echo 'credentials not found in native keychain'; exit 1 ;;\nesac\n",
            true);
        put(directory.filePath(".docker/config.json"),
            R"({"credsStore":"safe","auths":{"plain.example":{"auth":"YTpi"}}})");
        const Person person{
            .home = directory.path().toStdString(), .programs = "/nowhere:" + directory.filePath("bin").toStdString()};
        CredentialFinder finder(person);
        QCOMPARE(finder.find("docker.io", "a").user, std::string("hub"));
        QCOMPARE(finder.find("token.example", "a").identityToken, std::string("refresh"));
        QCOMPARE(finder.find("home.example", "a").user, directory.path().toStdString());
        QCOMPARE(finder.find("plain.example", "a").user, std::string("a"));
        QVERIFY(finder.find("other.example", "a").isEmpty());
        QCOMPARE(finder.trouble(), std::string());
        QVERIFY(finder.find("broken.example", "a").isEmpty());
        QVERIFY2(finder.trouble().contains("does not answer with credentials") && !finder.trouble().contains("sesame"),
            finder.trouble().c_str());
    }
};

QTEST_GUILESS_MAIN(TestFetchDocuments)
#include "tst_fetch_documents.moc"
