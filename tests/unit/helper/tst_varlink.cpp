#include "helper/protocol/varlink.h"

#include <QTest>

using namespace rocker;
using namespace rocker::protocol;

class TestVarlink : public QObject
{
    Q_OBJECT

private slots:
    void aStreamSplitAtEveryByteGivesTheSameMessages()
    {
        const std::string stream("{\"a\":1}\0\0{}\0rest", 16);
        for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
            MessageBuffer buffer(100);
            std::vector<std::string> messages;
            for (const auto& part : {stream.substr(0, cut), stream.substr(cut)}) {
                buffer.append(part);
                while (auto message = buffer.next())
                    messages.push_back(*message);
            }
            QCOMPARE(messages, (std::vector<std::string>{"{\"a\":1}", "", "{}"}));
            QCOMPARE(buffer.takeRest(), "rest");
            QCOMPARE(buffer.size(), 0U);
        }
    }

    void aMessageOfExactlyTheLimitPassesAndOneByteMoreBreaks()
    {
        MessageBuffer exact(10);
        exact.append(std::string(10, 'x') + '\0');
        QCOMPARE(exact.next().value(), std::string(10, 'x'));
        MessageBuffer whole(10);
        whole.append(std::string(11, 'x') + '\0');
        QVERIFY(!whole.next());
        QVERIFY(whole.broken());
        MessageBuffer growing(10);
        growing.append(std::string(10, 'x'));
        QVERIFY(!growing.next() && !growing.broken());
        growing.append("x");
        QVERIFY(!growing.next() && growing.broken());
        growing.append(std::string("\0{}\0", 4));
        QVERIFY(!growing.next());
    }

    void aCallSurvivesItsText()
    {
        const Call call{.method = "a.b.C", .parameters = {{"x", 1}}, .oneway = false, .more = true, .upgrade = false};
        std::string text = encode(call);
        QCOMPARE(text.back(), '\0');
        text.pop_back();
        const auto read = decodeCall(text);
        QVERIFY(read);
        QCOMPARE(read->method, call.method);
        QVERIFY(read->parameters == call.parameters && read->more && !read->oneway && !read->upgrade);
    }

    void dangerousShapesAreRefusedBeforeTheyAreParsed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("accepted");
        const auto nested = [](int depth) {
            return QByteArray(R"({"method":"a.b","parameters":{"x":)") + QByteArray(depth, '[') + QByteArray(depth, ']') + "}}";
        };
        QTest::newRow("30 levels") << nested(28) << true;
        QTest::newRow("40 levels") << nested(40) << false;
        QTest::newRow("brackets in a string")
            << "{\"method\":\"a.b\",\"parameters\":{\"x\":\"" + QByteArray(100, '[') + "\"}}" << true;
        QTest::newRow("quotes in a string")
            << QByteArray("{\"method\":\"a.b\",\"parameters\":{\"x\":\"\\\"[\\\\\"}}") << true;
        QTest::newRow("escaped NUL") << QByteArray(R"({"method":"a.b","parameters":{"x":"a\u0000"}})") << false;
        QTest::newRow("escaped backslash, then u0000")
            << QByteArray(R"({"method":"a.b","parameters":{"x":"a\\u0000"}})") << true;
        QTest::newRow("NUL in a key") << QByteArray(R"({"method":"a.b","parameters":{"\u0000":1}})") << false;
    }
    void dangerousShapesAreRefusedBeforeTheyAreParsed()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, accepted);
        QCOMPARE(decodeCall(text.toStdString()).has_value(), accepted);
    }

    void everyErrorComesBackFromTheWireWithAndWithoutItsInterface()
    {
        for (int code = 0; code <= int(ErrorCode::Cancelled); ++code) {
            const Error error{ErrorCode(code), 5, "what went wrong"};
            Answer answer = errorAnswer(error);
            QVERIFY(errorOf(answer) == error);
            answer.error = "org.rockerworkstation.Images." + answer.error;
            QVERIFY(errorOf(answer) == error);
        }
    }

    void standardErrorsBecomeTheNearestCode_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("code");
        QTest::newRow("MethodNotFound") << "MethodNotFound" << int(ErrorCode::NotFound);
        QTest::newRow("InterfaceNotFound") << "InterfaceNotFound" << int(ErrorCode::NotFound);
        QTest::newRow("InvalidParameter") << "InvalidParameter" << int(ErrorCode::InvalidArgument);
        QTest::newRow("ExpectedMore") << "ExpectedMore" << int(ErrorCode::InvalidArgument);
        QTest::newRow("PermissionDenied") << "PermissionDenied" << int(ErrorCode::PermissionDenied);
    }
    void standardErrorsBecomeTheNearestCode()
    {
        QFETCH(QString, name);
        QFETCH(int, code);
        const Error error = errorOf({.error = "org.varlink.service." + name.toStdString()});
        QCOMPARE(int(error.code), code);
        QVERIFY(!error.what.empty());
    }

    void anErrorOfAStrangeServiceIsStillAnError()
    {
        const Error error = errorOf({.parameters = {{"message", 5}}, .error = "com.example.Broken"});
        QVERIFY(error.code == ErrorCode::Internal);
        QCOMPARE(error.what, "com.example.Broken");
    }
};

QTEST_GUILESS_MAIN(TestVarlink)
#include "tst_varlink.moc"
