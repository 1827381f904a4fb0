#include "engine/json/json.h"

#include <QTest>

using namespace rocker;
using namespace std::string_view_literals;

namespace {

enum class Colour { Red, Green };

constexpr auto enumNames(Colour)
{
    return std::array{std::pair{Colour::Red, "red"sv}, std::pair{Colour::Green, "green"sv}};
}

struct Limits {
    std::optional<std::int64_t> memory;
    std::uint16_t shares = 1024;
    bool operator==(const Limits&) const = default;
    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("memory", &Limits::memory), json::defaulted("shares", &Limits::shares));
    }
};

struct Thing {
    std::string name;
    Colour colour = Colour::Red;
    std::vector<Limits> limits;
    std::map<std::string, std::string> labels;
    double weight = 0;
    bool on = false;
    bool operator==(const Thing&) const = default;
    static constexpr auto fields()
    {
        return std::tuple(json::required("name", &Thing::name), json::defaulted("colour", &Thing::colour),
                          json::defaulted("limits", &Thing::limits), json::defaulted("labels", &Thing::labels),
                          json::defaulted("weight", &Thing::weight), json::defaulted("on", &Thing::on));
    }
};

} // namespace

class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void aStructSurvivesWritingAndReading()
    {
        const Thing thing{"a", Colour::Green, {{1 << 20, 7}, {}}, {{"k", "v"}}, 1.5, true};
        const std::string text = json::dump(json::write(thing));
        const auto back = json::readText<Thing>(text, json::UnknownKeys::Refuse);
        QVERIFY(back);
        QVERIFY(*back == thing);
    }

    void anAbsentOptionalIsNotWritten()
    {
        QCOMPARE(json::dump(json::write(Limits{})), R"({"shares":1024})");
    }

    void errorsNameThePath_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("what");
        QTest::newRow("missing") << "{}" << "name: is missing";
        QTest::newRow("wrong type") << R"({"name":3})" << "name: expected a string, not 3";
        QTest::newRow("unknown key") << R"({"name":"a","nmae":1})" << "nmae: is not known";
        QTest::newRow("nested") << R"({"name":"a","limits":[{},{"memory":"x"}]})"
                                << R"(limits[1].memory: expected an integer, not "x")";
        QTest::newRow("out of range") << R"({"name":"a","limits":[{"shares":70000}]})"
                                      << "limits[0].shares: 70000 is out of range";
        QTest::newRow("negative") << R"({"name":"a","limits":[{"shares":-1}]})"
                                  << "limits[0].shares: -1 is out of range";
        QTest::newRow("bad enum") << R"({"name":"a","colour":"blue"})"
                                  << R"(colour: expected one of the known names, not "blue")";
        QTest::newRow("array") << "[]" << "expected an object, not []";
        QTest::newRow("no JSON") << "{" << "this is not JSON";
    }
    void errorsNameThePath()
    {
        QFETCH(QString, text);
        QFETCH(QString, what);
        const auto result = json::readText<Thing>(text.toStdString(), json::UnknownKeys::Refuse);
        QVERIFY(!result);
        QCOMPARE(QString::fromStdString(result.error().what), what);
    }

    void unknownKeysOfForeignDocumentsAreIgnored()
    {
        QVERIFY(json::readText<Thing>(R"({"name":"a","later":{"x":[1]}})", json::UnknownKeys::Ignore));
    }

    void aHundredThousandOpenBracketsAreAnErrorAndNotACrash()
    {
        QVERIFY(!json::readText<Thing>(std::string(100000, '['), json::UnknownKeys::Ignore));
    }

    void aHundredThousandClosedBracketsWhereTextIsExpectedAreAnErrorAndNotACrash()
    {
        const std::string nested = std::string(100000, '[') + std::string(100000, ']');
        QVERIFY(!json::readText<std::vector<std::string>>("[" + nested + "]", json::UnknownKeys::Ignore));
        QVERIFY(!json::parseUnambiguous(nested));
        const std::string deepest = std::string(json::maximumDepth, '[') + std::string(json::maximumDepth, ']');
        QVERIFY(json::parse(deepest));
        QVERIFY(!json::parse("[" + deepest + "]"));
        QVERIFY(json::parse("[\"" + std::string(100000, '[') + "\\\"[\"]"));
    }
    void bytesThatAreNotUtf8AreReplacedWhenWritten()
    {
        const Thing thing{.name = "a\xff"};
        QVERIFY(json::dump(json::write(thing)).find("a\xef\xbf\xbd") != std::string::npos);
    }

    void aKeyThatStandsTwiceIsRefusedWhereThatMatters()
    {
        QVERIFY(json::parse(R"({"a": 1, "a": 2})"));
        QVERIFY(json::parseUnambiguous(R"({"a": {"a": 1, "b": 2}, "b": [{"a": 1}, {"a": 1}]})"));
        for (const char* text : {R"({"a": 1, "a": 1})", R"([{"x": {"a": 1, "b": {}, "a": 2}}])", R"({"": 1, "": 2})"}) {
            const auto parsed = json::parseUnambiguous(text);
            QVERIFY2(!parsed && parsed.error().what.contains("twice"), text);
        }
        QVERIFY(!json::parseUnambiguous("{"));
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
