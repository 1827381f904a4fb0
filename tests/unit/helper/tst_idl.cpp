#include "helper/protocol/idl.h"
#include "helper/protocol/system.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace rocker;
using namespace rocker::protocol;

namespace {

template<Interface... I>
void addRows(InterfaceList<I...>)
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    const auto addRow = [](std::string_view name, const std::string& text) {
        const QByteArray title(name.data(), qsizetype(name.size()));
        QTest::newRow(title.constData()) << QString::fromUtf8(title) << QString::fromStdString(text);
    };
    (addRow(I::name, interfaceDescription<I>()), ...);
}

enum class Colour { Red, Green };
constexpr auto enumNames(Colour)
{
    return std::array{std::pair{Colour::Red, std::string_view("red")}, std::pair{Colour::Green, std::string_view("green")}};
}

struct Inner {
    Colour colour{};
    static constexpr auto fields() { return std::tuple(json::required("colour", &Inner::colour)); }
};

struct Everything {
    std::map<std::string, std::vector<Inner>> map;
    std::optional<double> number;
    std::int64_t count = 7;
    json::Value anything;
    Inner again;
    static constexpr auto fields()
    {
        using E = Everything;
        return std::tuple(json::required("map", &E::map), json::defaulted("number", &E::number),
                          json::defaulted("count", &E::count, "seven when absent"),
                          json::required("anything", &E::anything), json::required("again", &E::again));
    }
};

} // namespace

class TestIdl : public QObject
{
    Q_OBJECT

private slots:
    void everyKindOfMemberHasItsVarlinkType()
    {
        idl::Description description;
        const auto fields = idl::fieldTexts<Everything>(description);
        QStringList types;
        for (const auto& field : fields)
            types << QString::fromStdString(field.type);
        QCOMPARE(types, QStringList({"[string][]Inner", "?float", "?int", "object", "Inner"}));
        const std::string text = description.text("a.b", "c");
        QCOMPARE(text.find("type Colour (red, green)\n\ntype Inner (\n\tcolour: Colour\n)\n") != std::string::npos, true);
        QCOMPARE(text.find("type Inner"), text.rfind("type Inner"));
    }

    void theTextOfAnInterfaceIsTheGoldenOne_data() { addRows(Interfaces{}); }
    void theTextOfAnInterfaceIsTheGoldenOne()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFile golden(ROCKER_SOURCE_DIR "/tests/golden/idl/" + name + ".varlink");
        if (qEnvironmentVariableIntValue("UPDATE_GOLDEN") == 1) {
            QVERIFY(QDir().mkpath(ROCKER_SOURCE_DIR "/tests/golden/idl"));
            QVERIFY(golden.open(QFile::WriteOnly));
            golden.write(text.toUtf8());
            return;
        }
        QVERIFY2(golden.open(QFile::ReadOnly), "write it with UPDATE_GOLDEN=1");
        QCOMPARE(text, QString::fromUtf8(golden.readAll()));
    }

    void varlinkctlAcceptsEveryInterface_data() { addRows(Interfaces{}); }
    void varlinkctlAcceptsEveryInterface()
    {
        QFETCH(QString, text);
        const QString tool = QStandardPaths::findExecutable("varlinkctl");
        if (tool.isEmpty())
            QSKIP("varlinkctl is not installed");
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(tool, {"validate-idl"});
        process.write(text.toUtf8());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, output.constData());
    }
};

QTEST_GUILESS_MAIN(TestIdl)
#include "tst_idl.moc"
