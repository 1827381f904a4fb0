#include "engine/container/user.h"

#include <QTest>

using namespace rocker;
using namespace rocker::container;

class TestUser : public QObject
{
    Q_OBJECT

private slots:
    void usersAreFoundInTheContainersOwnFiles_data()
    {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("identity"); // uid:gid:groups:home, or empty for an error
        QTest::newRow("nobody named") << "" << "0:0::/root";
        QTest::newRow("by name") << "web" << "33:33:7,8:/var/www";
        QTest::newRow("by number") << "33" << "33:33:7,8:/var/www";
        QTest::newRow("number without an entry") << "4000" << "4000:0::/";
        QTest::newRow("with a group") << "web:mail" << "33:8::/var/www";
        QTest::newRow("with a number for it") << "33:99" << "33:99::/var/www";
        QTest::newRow("unknown name") << "nosuch" << "";
        QTest::newRow("unknown group") << "web:nosuch" << "";
        QTest::newRow("the number that means no change") << "4294967295" << "";
        QTest::newRow("a number with a sign") << "-1" << "";
        QTest::newRow("more than a number") << "33x" << "";
    }
    void usersAreFoundInTheContainersOwnFiles()
    {
        QFETCH(QString, user);
        const auto found = resolveUser(user.toStdString(), "root:x:0:0:root:/root:/bin/sh\nbroken\nweb:x:33:33::/var/www:/bin/false\n",
                                       "root:x:0:\nadm:x:7:web\nmail:x:8:other,web\nweb:x:33:\n");
        QStringList groups;
        for (const gid_t group : found ? found->groups : std::vector<gid_t>{})
            groups << QString::number(group);
        const QString shown = found ? QStringLiteral("%1:%2:%3:%4").arg(found->uid).arg(found->gid).arg(groups.join(','), QString::fromStdString(found->home))
                                    : QString();
        QTEST(shown, "identity");
    }

    void aHomeIsThatOfTheFirstEntryWithTheId()
    {
        const char* const passwd = "broken\nweb:x:33:33::/var/www:/bin/false\ntwin:x:33:33::/other:\nnone:x:7:7:::\n";
        QCOMPARE(homeOf(33, passwd), "/var/www");
        QCOMPARE(homeOf(7, passwd), "/");
        QCOMPARE(homeOf(1, passwd), "/");
        QCOMPARE(homeOf(0, ""), "/");
    }

    // CVE-2026-30892: a number that wraps around, or is read only in part, must not become root's.
    void theUserOptionIsDigitsOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("ids"); // uid:gid, or empty for an error
        QTest::newRow("a user") << "1000" << "1000:7";
        QTest::newRow("a user and a group") << "1000:100" << "1000:100";
        QTest::newRow("root") << "0:0" << "0:0";
        QTest::newRow("the last id") << "4294967294:4294967294" << "4294967294:4294967294";
        for (const char* bad : {"", ":", "1000:", ":100", "-1", "0:-1", "4294967295", "4294967296", "0:4294967296", "99999999999999999999",
                                "+5", " 5", "5 ", "0x10", "5a", "root", "1:2:3", "1:root", "\t1", "1.0"})
            QTest::newRow(qPrintable(QString("refused: '%1'").arg(bad))) << bad << "";
    }
    void theUserOptionIsDigitsOnly()
    {
        QFETCH(QString, text);
        spec::User user{.uid = 5, .gid = 7, .umask = {}, .additionalGids = {}, .username = {}};
        const auto read = readUserOption(text.toStdString(), user);
        QTEST(read ? QStringLiteral("%1:%2").arg(user.uid).arg(user.gid) : QString(), "ids");
        if (!read) // nothing half done
            QCOMPARE(QStringLiteral("%1:%2").arg(user.uid).arg(user.gid), "5:7");
    }
};

QTEST_GUILESS_MAIN(TestUser)
#include "tst_user.moc"
