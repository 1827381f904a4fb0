#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QTest>

// The house's arrows: which folder may include which. A folder that is not named here may not exist.
static const QMap<QString, QStringList> allowed{
    {"engine/base", {}},
    {"engine/json", {"engine/base"}},
    {"engine/os", {"engine/base"}},
    {"engine/spec", {"engine/base", "engine/json"}},
    {"engine/seccomp", {"engine/base", "engine/os", "engine/json", "engine/spec"}},
    {"engine/network", {"engine/base", "engine/os", "engine/spec"}},
    {"engine/hook", {"engine/base", "engine/os", "engine/spec"}},
    {"engine/bundle", {"engine"}},
    {"engine/runtime", {"engine"}},
    {"engine/rootfs", {"engine/base", "engine/os"}},
    {"engine/mount", {"engine/base", "engine/os", "engine/spec", "engine/rootfs"}},
    {"engine/overlay", {"engine/base", "engine/os"}},
    {"engine/cgroup", {"engine/base", "engine/os", "engine/json", "engine/spec"}},
    {"engine/device", {"engine/base", "engine/os", "engine/json", "engine/spec", "engine/rootfs"}},
    {"engine/capability", {"engine/base", "engine/os", "engine/spec"}},
    {"engine/image", {"engine/base", "engine/os", "engine/json"}},
    {"engine/archive", {"engine/base"}},
    {"engine/layers", {"engine/base"}},
    {"engine/layout", {"engine/base", "engine/os", "engine/json", "engine/archive", "engine/image", "engine/layers"}},
    {"engine/packages", {"engine/base", "engine/json", "engine/layers"}},
    {"engine/elf", {"engine/base"}},
    {"engine/terminal", {"engine/base"}},
    {"engine/transcript", {"engine/base", "engine/os"}},
    {"engine/monitor", {"engine/base", "engine/os", "engine/transcript"}},
    {"engine/container", {"engine"}},
    {"helper/protocol", {"engine/base", "engine/json"}},
    {"helper/event", {"engine/base"}},
    {"helper/unpack", {"engine/base", "engine/os", "engine/json", "engine/archive", "engine/image", "engine/layers", "engine/layout"}},
    {"helper/fetch", {"engine/base", "engine/os", "engine/json", "engine/archive", "engine/image"}},
    {"helper/services", {"engine", "helper/protocol", "helper/event"}},
    {"helper/daemon", {"engine/base", "engine/os", "engine/json", "engine/container", "engine/image", "helper/protocol", "helper/event", "helper/services"}},
    {"helper/cli", {"engine/base", "engine/json", "engine/image", "engine/layers", "engine/layout", "engine/packages", "helper/protocol"}},
    {"gui/client", {"engine/base", "engine/json", "helper/protocol"}},
    {"gui/models", {"engine/base", "engine/json", "helper/protocol", "gui/client"}},
    {"gui/layers", {"engine/base", "engine/archive", "engine/elf", "engine/layers", "engine/layout", "engine/packages", "helper/protocol", "gui/client", "gui/models", "gui/widgets"}},
    {"gui/terminal", {"engine/base", "engine/terminal", "helper/protocol", "gui/client", "gui/widgets"}},
    {"gui/widgets", {"gui/models"}},
    {"gui/registry", {"engine/base", "helper/protocol", "gui/client", "gui/models", "gui/widgets"}},
    {"gui/create", {"engine/base", "helper/protocol", "gui/client", "gui/models", "gui/widgets", "gui/registry"}},
    {"gui/pages", {"engine/base", "engine/json", "engine/layout", "helper/protocol", "gui/client", "gui/models", "gui/widgets", "gui/registry", "gui/create", "gui/layers", "gui/terminal"}},
    {"gui/app", {"engine/base", "helper/protocol", "gui"}},
    {"gui", {"gui"}},
};

static bool under(const QString& path, const QString& folder)
{
    return path == folder || path.startsWith(folder + '/');
}

class TestHouse : public QObject
{
    Q_OBJECT

private slots:
    void everyIncludeFollowsAnArrow()
    {
        const QDir top(ROCKER_SOURCE_DIR);
        static const QRegularExpression include("^#include \"((?:engine|helper|gui)/[^\"]+)/[^\"/]+\"", QRegularExpression::MultilineOption);
        QStringList wrong;
        int seen = 0;
        for (const char* root : {"engine", "helper", "gui"}) {
            QDirIterator files(top.filePath(root), {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QString folder = top.relativeFilePath(QFileInfo(file).path());
                QString room;
                for (auto it = allowed.begin(); it != allowed.end(); ++it)
                    if (under(folder, it.key()) && it.key().size() > room.size())
                        room = it.key();
                if (room.isEmpty()) {
                    wrong += folder + " is no room of the house";
                    continue;
                }
                auto matches = include.globalMatch(QString::fromUtf8(file.readAll()));
                while (matches.hasNext()) {
                    const QString target = matches.next().captured(1);
                    ++seen;
                    bool fine = under(target, room);
                    for (const QString& arrow : allowed[room])
                        fine = fine || under(target, arrow);
                    if (!fine)
                        wrong += top.relativeFilePath(file.fileName()) + " includes " + target;
                }
            }
        }
        wrong.removeDuplicates();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
        QVERIFY(seen > 100);
    }

    void theEngineKnowsNoQt()
    {
        QDirIterator files(QString(ROCKER_SOURCE_DIR) + "/engine", {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        static const QRegularExpression qt("#include <Q[A-Z]");
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!QString::fromUtf8(file.readAll()).contains(qt), qPrintable(file.fileName()));
        }
    }
};

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
