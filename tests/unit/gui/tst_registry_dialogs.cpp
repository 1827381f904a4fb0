#include "gui/models/container_model.h"
#include "gui/pages/images/image_importer.h"
#include "gui/pages/images/images_page.h"
#include "gui/pages/images/pull_dialog.h"
#include "gui/pages/images/push_dialog.h"
#include "gui/registry/login_dialog.h"
#include "gui/registry/registry_name.h"
#include "gui/registry/suggestions.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/form_field.h"
#include "tests/unit/gui/fake_helper.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <cerrno>

using namespace rocker;
using namespace rocker::gui;

namespace {

template<typename W>
W* child(QWidget& parent, const char* name)
{
    return parent.findChild<W*>(QLatin1String(name));
}

} // namespace

class TestRegistryDialogs : public QObject
{
    Q_OBJECT

    struct Window {
        Window()
        {
            helper.listen();
            client.watch();
        }
        FakeHelper helper;
        HelperClient client{helper.path()};
    };
    static void wantLogin(const FakeHelper::Call& call)
    {
        call.answer(protocol::errorAnswer(
            {ErrorCode::PermissionDenied, ENOKEY, "localhost:5 needs a login: rocker login localhost:5"}));
    }
    static void lookUp(QLineEdit& edit, const QString& typed)
    {
        edit.clear();
        QTest::keyClicks(&edit, typed);
    }

private Q_SLOTS:
    void aNameSaysItsRegistry_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("tag");
        QTest::newRow("one word") << "debian" << "docker.io" << "debian" << "";
        QTest::newRow("with a tag") << "debian:12" << "docker.io" << "debian" << "12";
        QTest::newRow("a user's") << "user/app:1" << "docker.io" << "user/app" << "1";
        QTest::newRow("a port is no tag") << "localhost:5000/app" << "localhost:5000" << "localhost:5000/app" << "";
        QTest::newRow("a port and a tag") << "localhost:5000/app:1" << "localhost:5000" << "localhost:5000/app" << "1";
        QTest::newRow("a host") << "quay.io/a/b" << "quay.io" << "quay.io/a/b" << "";
    }
    void aNameSaysItsRegistry()
    {
        QFETCH(QString, typed);
        QTEST(registryOf(typed), "registry");
        QTEST(splitName(typed).repository, "repository");
        QTEST(splitName(typed).tag, "tag");
    }

    void suggestionsAreAModel()
    {
        SuggestionModel model;
        const QAbstractItemModelTester tester(&model);
        model.setSuggestions({{"a", "about"}, {"b", {}}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data(Qt::EditRole).toString(), QString("a"));
        QVERIFY(model.index(0).data().toString().contains("about"));
        QCOMPARE(model.index(1).data().toString(), QString("b"));
        model.setSuggestions({});
        QCOMPARE(model.rowCount(), 0);
    }

    void theTypistIsShownWhatASearchFindsAndThenTheTags()
    {
        Window window;
        QTRY_COMPARE(window.client.state(), HelperClient::State::Connected);
        window.helper.on("Images.Search", [](const FakeHelper::Call& call) {
            QCOMPARE(call.parameters<protocol::SearchImages::Parameters>().term, std::string("localhost:5/sho"));
            call.reply(protocol::SearchImages::Reply{{{"localhost:5/shop/thing", "a thing", 5, true}}});
        });
        window.helper.on("Images.ListTags", [](const FakeHelper::Call& call) {
            QCOMPARE(
                call.parameters<protocol::ListTags::Parameters>().repository, std::string("localhost:5/shop/thing"));
            call.reply(protocol::ListTags::Reply{"localhost:5/shop/thing", {"1.0", "1.1", "2.1"}});
        });
        PullDialog dialog(window.client);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto* edit = child<QLineEdit>(dialog, "pullReference");
        edit->setFocus();
        lookUp(*edit, "localhost:5/sho");
        QTRY_COMPARE(edit->completer()->model()->rowCount(), 1);
        QTRY_VERIFY(edit->completer()->popup()->isVisible());
        QCOMPARE(window.helper.calls().filter("Search").size(), 1); // one for what was typed at once
        edit->completer()->popup()->hide();
        lookUp(*edit, "localhost:5/shop/thing:");
        QTRY_COMPARE(edit->completer()->model()->rowCount(), 3);
        QTest::keyClicks(edit, "1");
        QTRY_COMPARE(edit->completer()->model()->index(0, 0).data(Qt::EditRole).toString(),
            QString("localhost:5/shop/thing:1.0"));
        QTRY_COMPARE(edit->completer()->model()->rowCount(), 3); // 2.1 has a 1 as well, but comes last
        QTest::keyClicks(edit, ".1");
        QTRY_COMPARE(edit->completer()->model()->rowCount(), 0); // nothing more than what stands there
        QCOMPARE(window.helper.calls().filter("ListTags").size(), 1);
    }

    void whyThereAreNoSuggestionsIsSaid()
    {
        Window window;
        QTRY_COMPARE(window.client.state(), HelperClient::State::Connected);
        window.helper.on("Images.Search", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::Unavailable, "search localhost:5: localhost:5 cannot be reached: Connection refused");
        });
        PullDialog dialog(window.client);
        dialog.show();
        auto* edit = child<QLineEdit>(dialog, "pullReference");
        lookUp(*edit, "localhost:5/thing");
        auto* message = dialog.findChild<FormField*>()->messageLabel();
        QTRY_VERIFY2(message->text().contains("cannot be reached: Connection refused"), qPrintable(message->text()));
        QVERIFY(child<QPushButton>(dialog, "pullAccept")->isEnabled()); // it may be pulled all the same
    }

    void anAnswerToWhatIsNotAskedAnyMoreIsThrownAway()
    {
        Window window;
        QTRY_COMPARE(window.client.state(), HelperClient::State::Connected);
        std::vector<FakeHelper::Call> waiting;
        window.helper.on("Images.Search", [&](const FakeHelper::Call& call) { waiting.push_back(call); });
        QLineEdit edit;
        new Suggestions(window.client, &edit);
        lookUp(edit, "first");
        QTRY_COMPARE(waiting.size(), std::size_t(1));
        lookUp(edit, "second");
        QTRY_COMPARE(waiting.size(), std::size_t(2));
        waiting[1].reply(protocol::SearchImages::Reply{{{"second", "", 0, false}}});
        QTRY_COMPARE(edit.completer()->model()->rowCount(), 1);
        waiting[0].reply(protocol::SearchImages::Reply{{{"first", "", 0, false}, {"first/two", "", 0, false}}});
        QTest::qWait(100);
        QCOMPARE(edit.completer()->model()->index(0, 0).data(Qt::EditRole).toString(), QString("second"));
    }

    void aDestinationIsCheckedAndTold()
    {
        PushDialog dialog("starter:latest", "starter:latest");
        QSignalSpy requested(&dialog, &PushDialog::pushRequested);
        auto* edit = child<QLineEdit>(dialog, "pushDestination");
        auto* message = dialog.findChild<FormField*>()->messageLabel();
        QCOMPARE(message->text(), QString("That is docker.io/library/starter:latest."));
        edit->setText("Not A Reference");
        QVERIFY(!child<QPushButton>(dialog, "pushAccept")->isEnabled());
        edit->setText("localhost:5/x@sha256:" + QString(64, '0'));
        QVERIFY(!child<QPushButton>(dialog, "pushAccept")->isEnabled());
        edit->setText(" localhost:5/x:1 ");
        dialog.show();
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested[0][0].toString(), QString("localhost:5/x:1"));
    }

    void aPushTellsItsDigest()
    {
        Window window;
        Reporter reporter;
        ImageImporter importer(window.client, reporter);
        QSignalSpy done(&reporter, &Reporter::succeeded);
        window.helper.on("Images.Push", [](const FakeHelper::Call& call) {
            const auto parameters = call.parameters<protocol::PushImage::Parameters>();
            QCOMPARE(parameters.image, std::string("starter:latest"));
            call.reply(protocol::PushImage::Reply{.progress = protocol::ImportProgress{"Pushing", 5, 10}}, true);
            call.reply(protocol::PushImage::Reply{.name = parameters.reference, .digest = "sha256:abc"});
        });
        importer.push("starter:latest", "localhost:5/x:1");
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(done[0][0].toString(), QString("starter:latest was pushed to localhost:5/x:1 as sha256:abc."));
    }

    void aRegistryThatWantsALoginGetsOneAndThenTheImage()
    {
        Window window;
        QTRY_COMPARE(window.client.state(), HelperClient::State::Connected);
        window.helper.images = {makeImage("starter:latest", 1)};
        ImageModel images;
        images.apply({.reset = true, .images = window.helper.images});
        ContainerModel containers;
        Reporter reporter;
        ImagesPage page({window.client, images, containers, reporter});
        page.show();
        bool allowed = false;
        window.helper.on("Images.Pull", [&](const FakeHelper::Call& call) {
            allowed ? call.reply(protocol::PullImage::Reply{.name = "localhost:5/x:1", .digest = "sha256:1"})
                    : wantLogin(call);
        });
        protocol::LoginToRegistry::Parameters asked;
        window.helper.on("Images.Login", [&](const FakeHelper::Call& call) {
            asked = call.parameters<protocol::LoginToRegistry::Parameters>();
            window.helper.takeFrames(call);
            call.reply(protocol::Empty{});
            QObject::connect(&window.helper, &FakeHelper::inputReceived, &page, [&window, &allowed, call] {
                allowed = window.helper.upgraded().at(call.socket).input == "sesame";
                call.frame(FrameType::Output, "'/run/user/1/containers/auth.json'");
                call.frame(FrameType::End);
            });
        });
        QSignalSpy done(&reporter, &Reporter::succeeded);
        page.findChild<ImageImporter*>()->pull("localhost:5/x:1", {});
        QTRY_VERIFY(child<QDialog>(page, "loginDialog"));
        auto* dialog = child<QDialog>(page, "loginDialog");
        QVERIFY(!child<QPushButton>(*dialog, "loginAccept")->isEnabled());
        child<QLineEdit>(*dialog, "loginUser")->setText("ali");
        QCOMPARE(child<QLineEdit>(*dialog, "loginPassword")->echoMode(), QLineEdit::Password);
        child<QLineEdit>(*dialog, "loginPassword")->setText("sesame");
        QTest::keyClick(child<QLineEdit>(*dialog, "loginPassword"), Qt::Key_Return);
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(asked.registry, std::string("localhost:5"));
        QCOMPARE(asked.user, std::string("ali"));
        QCOMPARE(window.helper.calls().filter("Images.Pull").size(), 2);
    }

    void aLoginThatIsRefusedSaysWhyAndKeepsTheName()
    {
        Window window;
        LoginDialog dialog(window.client, "localhost:5");
        dialog.show();
        QSignalSpy logged(&dialog, &LoginDialog::loggedIn);
        window.helper.on("Images.Login", [&](const FakeHelper::Call& call) {
            window.helper.takeFrames(call);
            call.reply(protocol::Empty{});
            call.frame(FrameType::Failed,
                "log in to localhost:5: localhost:5 does not accept the user name or password of 'ali'");
        });
        child<QLineEdit>(dialog, "loginUser")->setText("ali");
        child<QLineEdit>(dialog, "loginPassword")->setText("wrong");
        child<QPushButton>(dialog, "loginAccept")->click();
        auto* banner = dialog.findChild<Banner*>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->message().contains("does not accept"), qPrintable(banner->message()));
        QCOMPARE(child<QLineEdit>(dialog, "loginUser")->text(), QString("ali"));
        QVERIFY(child<QPushButton>(dialog, "loginAccept")->isEnabled());
        QCOMPARE(logged.size(), 0);
        window.helper.on("Images.Login", [](const FakeHelper::Call& call) { call.socket->abort(); });
        child<QPushButton>(dialog, "loginAccept")->click();
        QTRY_VERIFY(child<QPushButton>(dialog, "loginAccept")->isEnabled());
        QVERIFY(banner->isVisible());
    }
};

QTEST_MAIN(TestRegistryDialogs)
#include "tst_registry_dialogs.moc"
