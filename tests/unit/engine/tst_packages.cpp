#include "engine/packages/apk.h"
#include "engine/packages/distribution.h"
#include "engine/packages/dpkg.h"
#include "engine/packages/language.h"
#include "engine/packages/licenses.h"
#include "engine/packages/purl.h"
#include "engine/packages/rpm_database.h"
#include "engine/packages/rpm_header.h"

#include <QTest>

#include <sqlite3.h>

using namespace rocker;
using namespace rocker::packages;

namespace {

std::string bigEndian(std::uint32_t value)
{
    return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

struct Tag {
    std::uint32_t tag;
    std::uint32_t type;
    std::uint32_t count;
    std::string data;
};

std::string headerOf(const std::vector<Tag>& tags)
{
    std::string index;
    std::string store;
    for (const Tag& tag : tags) {
        index += bigEndian(tag.tag) + bigEndian(tag.type) + bigEndian(std::uint32_t(store.size())) + bigEndian(tag.count);
        store += tag.data;
    }
    return bigEndian(std::uint32_t(tags.size())) + bigEndian(std::uint32_t(store.size())) + index + store;
}

std::string bash()
{
    using namespace std::string_literals;
    return headerOf({{1003, 4, 1, bigEndian(2)}, {1009, 4, 1, bigEndian(4096)}, {1116, 4, 2, bigEndian(1) + bigEndian(0)},
                     {1000, 6, 1, "bash\0"s}, {1001, 6, 1, "5.2\0"s}, {1002, 6, 1, "1.fc40\0"s}, {1014, 6, 1, "GPL-3.0-or-later\0"s},
                     {1022, 6, 1, "x86_64\0"s}, {1044, 6, 1, "bash-5.2-1.fc40.src.rpm\0"s}, {1117, 8, 2, "bashrc\0bash\0"s},
                     {1118, 8, 2, "/usr/bin/\0/etc/\0"s}});
}

// What SQLite writes of these statements.
std::string databaseOf(const std::vector<std::string>& statements, const std::string& blob = {})
{
    sqlite3* database = nullptr;
    sqlite3_open(":memory:", &database);
    for (const std::string& statement : statements) {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v2(database, statement.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(database));
        sqlite3_bind_blob(prepared, 1, blob.data(), int(blob.size()), SQLITE_STATIC);
        sqlite3_step(prepared);
        sqlite3_finalize(prepared);
    }
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(database, "main", &size, 0);
    std::string text(reinterpret_cast<char*>(bytes), std::size_t(size));
    sqlite3_free(bytes);
    sqlite3_close(database);
    return text;
}

const std::string rpmTable = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)";

} // namespace

class TestPackages : public QObject
{
    Q_OBJECT

private slots:
    void dpkgTellsOfWhatIsInstalled()
    {
        const auto packages = parseDpkgStatus("Package: libc6\nStatus: install ok installed\nInstalled-Size: 12\nArchitecture: amd64\nMulti-Arch: same\n"
                                              "Source: glibc (2.36-9+b1)\nVersion: 2.36-9\nDescription: C library\n words\n Version: 9\n\n"
                                              "Package: old\nStatus: deinstall ok config-files\nVersion: 1\n\n\n\n"
                                              "Package: half\nStatus: install ok half-configured\nVersion: 1:2\nInstalled-Size: 99999999999999999999\n");
        QCOMPARE(packages.size(), 2);
        QCOMPARE(packages[0].name, "libc6");
        QCOMPARE(packages[0].version, "2.36-9");
        QCOMPARE(packages[0].source, "glibc");
        QCOMPARE(packages[0].sourceVersion, "2.36-9+b1");
        QCOMPARE(packages[0].installedSize, 12 * 1024);
        QCOMPARE(packages[1].name, "half");
        QCOMPARE(packages[1].installedSize, 0);
    }

    void aPathsTotalIsBounded()
    {
        std::vector<std::string> files;
        PathBudget budget;
        QVERIFY(budget.add(files, "/usr/bin/", "/tool"));
        QCOMPARE(files.back(), "usr/bin/tool");
        QVERIFY(!budget.add(files, std::string(textLimit, 'd'), "x"));
        std::size_t taken = 0;
        while (budget.add(files, std::string(4000, 'd'), "x"))
            ++taken;
        QVERIFY(taken < pathBytesLimit / 4000 && taken > pathBytesLimit / 5000);
    }

    void copyrightsNameLicences_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("machine-readable") << "Format: x\nFiles: *\nLicense: GPL-2+\n\nFiles: y\nLicense: Expat\n\nLicense: GPL-2+\n words\n" << "GPL-2+ AND Expat";
        QTest::newRow("words that point to the text") << "It is in `/usr/share/common-licenses/GPL-2'. Or /usr/share/common-licenses/LGPL-2.1.\n" << "GPL-2 AND LGPL-2.1";
        QTest::newRow("nothing") << "All rights reserved\n" << "";
    }

    void copyrightsNameLicences()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(licensesOfCopyright(text.toStdString())), expected);
    }

    void licencesAreExpressions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("others");
        QTest::newRow("nothing") << "" << "" << 0;
        QTest::newRow("an identifier") << "MIT" << "MIT" << 0;
        QTest::newRow("in another case") << "apache-2.0" << "Apache-2.0" << 0;
        QTest::newRow("Debian's name") << "GPL-2+" << "GPL-2.0-or-later" << 0;
        QTest::newRow("Python's words") << "MIT License" << "MIT" << 0;
        QTest::newRow("an expression") << "(MIT OR Apache-2.0) AND BSD-3-Clause" << "(MIT OR Apache-2.0) AND BSD-3-Clause" << 0;
        QTest::newRow("Fedora's of old") << "GPLv2+ and MIT" << "GPL-2.0-or-later AND MIT" << 0;
        QTest::newRow("an exception") << "GPL-2.0-only WITH Classpath-exception-2.0" << "GPL-2.0-only WITH Classpath-exception-2.0" << 0;
        QTest::newRow("unknown words among known ones") << "MIT AND odd" << "MIT AND LicenseRef-odd" << 1;
        QTest::newRow("the same twice") << "odd AND odd" << "LicenseRef-odd AND LicenseRef-odd" << 1;
    }

    void licencesAreExpressions()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const LicenseExpression found = licenseExpression(text.toStdString());
        QCOMPARE(QString::fromStdString(found.expression), expected);
        QTEST(int(found.others.size()), "others");
    }

    void whatIsNoExpressionIsOneReference()
    {
        for (const char* text : {"AND", "MIT AND", "(MIT", "MIT)", "(((", "MIT (", "OR OR", "((((((((((((((((((((((((((((((((((((MIT", "a\xff\x01 b"}) {
            const LicenseExpression found = licenseExpression(text);
            QVERIFY2(found.expression.starts_with("LicenseRef-") && !found.expression.contains(' '), text);
            QCOMPARE(found.others.size(), 1);
            QCOMPARE(found.others[0].text, text);
        }
        QVERIFY(licenseExpression("odd one").expression != licenseExpression("odd-one").expression);
    }

    void apkTellsPackagesAndFiles()
    {
        const auto packages = parseApkInstalled("P:musl\nV:1.2\nA:x86_64\nI:100\nL:MIT\no:musl\nF:lib\nR:a\nF:\nR:b\nQ:x\n:\n\nP:nameless\n\nP:last\nV:1\no:origin");
        QCOMPARE(packages.size(), 2);
        QCOMPARE(packages[0].files, (std::vector<std::string>{"lib/a", "b"}));
        QCOMPARE(packages[0].source, "");
        QCOMPARE(packages[1].source, "origin");
    }

    void aHeaderOfRpmIsRead()
    {
        PathBudget budget;
        const auto package = parseRpmHeader(bash(), budget);
        QVERIFY(package);
        QCOMPARE(package->version, "2:5.2-1.fc40");
        QCOMPARE(package->source, "bash");
        QCOMPARE(package->sourceVersion, "5.2-1.fc40");
        QCOMPARE(package->installedSize, 4096);
        QCOMPARE(package->files, (std::vector<std::string>{"etc/bashrc", "usr/bin/bash"}));
    }

    void aDamagedHeaderIsNoHarm()
    {
        const std::string good = bash();
        for (std::size_t size = 0; size < good.size(); ++size) {
            PathBudget budget;
            QVERIFY2(!parseRpmHeader(std::string_view(good).substr(0, size), budget), qPrintable(QString::number(size)));
        }
        for (std::size_t i = 0; i < good.size(); ++i)
            for (const int bit : {1, 0x80, 0xff}) {
                std::string damaged = good;
                damaged[i] = char(damaged[i] ^ bit);
                PathBudget budget;
                if (const auto package = parseRpmHeader(damaged, budget))
                    QVERIFY(package->files.size() <= 2);
            }
    }

    void manyFilesInOneLongDirectoryDoNotFillTheMemory()
    {
        const std::uint32_t count = 200'000;
        std::string names;
        std::string places;
        for (std::uint32_t i = 0; i < count; ++i) {
            names += std::string("f") + '\0';
            places += bigEndian(0);
        }
        const std::string bomb = headerOf({{1116, 4, count, places}, {1000, 6, 1, std::string("b\0", 2)}, {1001, 6, 1, std::string("1\0", 2)},
                                           {1117, 8, count, names}, {1118, 8, 1, std::string(4000, 'd') + '\0'}});
        PathBudget budget;
        const auto package = parseRpmHeader(bomb, budget);
        QVERIFY(package);
        QVERIFY(package->files.size() < pathBytesLimit / 4000);
    }

    void rpmsTableIsRead()
    {
        const auto packages = parseRpmSqlite(databaseOf({rpmTable, "INSERT INTO Packages (blob) VALUES (?)"}, bash()));
        QVERIFY2(packages, packages ? "" : packages.error().what.c_str());
        QCOMPARE(packages->size(), 1);
        QCOMPARE(packages->front().name, "bash");
    }

    void otherTablesAreNot_data()
    {
        QTest::addColumn<QStringList>("statements");
        QTest::newRow("none") << QStringList{"CREATE TABLE x (a)"};
        QTest::newRow("a view") << QStringList{"CREATE TABLE x (blob)", "INSERT INTO x VALUES (?)", "CREATE VIEW Packages AS SELECT blob FROM x"};
        QTest::newRow("one that never ends") << QStringList{"CREATE VIEW Packages AS WITH RECURSIVE n(blob) AS (SELECT 1 UNION ALL SELECT blob + 1 FROM n) SELECT * FROM n"};
        QTest::newRow("a computed column") << QStringList{"CREATE TABLE Packages (a, blob AS (zeroblob(900000000)) VIRTUAL)", "INSERT INTO Packages (a) VALUES (?)"};
        QTest::newRow("without saying always") << QStringList{"CREATE TABLE Packages (a, blob generated always\nas(hex(a)))", "INSERT INTO Packages (a) VALUES (?)"};
        QTest::newRow("no header in it") << QStringList{"CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob)", "INSERT INTO Packages (blob) VALUES ('text')"};
    }

    void otherTablesAreNot()
    {
        QFETCH(QStringList, statements);
        std::vector<std::string> texts;
        for (const QString& statement : statements)
            texts.push_back(statement.toStdString());
        const auto packages = parseRpmSqlite(databaseOf(texts, bash()));
        QVERIFY(!packages);
        QCOMPARE(packages.error().code, ErrorCode::Corrupt);
    }

    void aDamagedDatabaseIsNoHarm()
    {
        const std::string good = databaseOf({rpmTable, "INSERT INTO Packages (blob) VALUES (?)"}, bash());
        for (std::size_t i = 0; i < good.size(); i += i < 200 ? 1 : 37) {
            std::string damaged = good;
            damaged[i] = char(damaged[i] ^ 0xff);
            (void)parseRpmSqlite(damaged);
        }
        for (std::size_t size = 0; size < good.size(); size += 511)
            (void)parseRpmSqlite(good.substr(0, size));
        QVERIFY(!parseRpmSqlite("SQLite format 3"));
    }

    void aPackageJsonIsAPackageWithNameAndVersion()
    {
        const auto package = parseNpmPackage(R"({"name":"a","version":"1.0.0","licenses":[{"type":"MIT"},"ISC"],"author":{"name":"J","email":"j@x"}})");
        QVERIFY(package);
        QCOMPARE(package->license, "MIT OR ISC");
        QCOMPARE(package->maintainer, "J <j@x>");
        for (const char* text : {"", "[]", "{}", R"({"name":1,"version":"2"})", R"({"name":"a"})", "{\"name\":\"a\",\"version\":\"1\""})
            QVERIFY2(!parseNpmPackage(text), text);
        QVERIFY(!parseNpmPackage("{\"a\":" + std::string(100'000, '[')));
    }

    void pythonsFilesAreFromTheirDirectory()
    {
        const auto files = parsePythonRecord("a/b.py,sha256=x,1\n\"a/c,d.py\",,\n\"q\"\"q\",,\n../../../bin/x,,\n../../../../../../etc/passwd,,\n/abs/y,,\n,,\n", "usr/lib/python3/site-packages");
        QCOMPARE(files, (std::vector<std::string>{"usr/lib/python3/site-packages/a/b.py", "usr/lib/python3/site-packages/a/c,d.py",
                                                  "usr/lib/python3/site-packages/q\"q", "usr/bin/x", "abs/y"}));
        QCOMPARE(parsePythonMetadata("Name: X\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\nLicense: UNKNOWN\n\nName: body")->license, "MIT License");
        QVERIFY(!parsePythonMetadata("Name: X\n\nVersion: 1"));
    }

    void packageUrls()
    {
        const Distribution debian{"debian", "12", "", ""};
        QCOMPARE(packageUrl({.type = Type::Deb, .name = "g++-12", .version = "1:12.2+x~1", .architecture = "amd64"}, debian),
                 "pkg:deb/debian/g%2B%2B-12@1:12.2%2Bx~1?arch=amd64&distro=debian-12");
        QCOMPARE(packageUrl({.type = Type::Rpm, .name = "bash", .version = "2:5.2-1", .architecture = "x86_64"}, {"fedora", "40", "", ""}),
                 "pkg:rpm/fedora/bash@5.2-1?arch=x86_64&distro=fedora-40&epoch=2");
        QCOMPARE(packageUrl({.type = Type::Python, .name = "Zope._Interface", .version = "1"}, debian), "pkg:pypi/zope-interface@1");
        QCOMPARE(packageUrl({.type = Type::Npm, .name = "@a/b", .version = "1"}, debian), "pkg:npm/%40a/b@1");
        QCOMPARE(packageUrl({.type = Type::Apk, .name = "x", .version = "1"}, {}), "pkg:apk/x@1");
    }

    void theDistribution()
    {
        QCOMPARE(parseOsRelease("# x\nID=\"a\\\"b\"\nVERSION_ID='1'\nPRETTY_NAME=plain words\nID"), (Distribution{"a\"b", "1", "plain words", ""}));
    }
};

QTEST_GUILESS_MAIN(TestPackages)
#include "tst_packages.moc"
