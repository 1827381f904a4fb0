#include "gui/create/create_dialog.h"
#include "gui/models/container_model.h"
#include "gui/models/image_model.h"
#include "gui/widgets/banner.h"
#include "tests/unit/gui/fake_helper.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;
using enum protocol::ContainerState;

class TestCreateDialog : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        FakeHelper helper;
        std::unique_ptr<HelperClient> client;
        ContainerModel containers;
        ImageModel images;
        std::unique_ptr<CreateDialog> dialog;

        Fixture()
        {
            helper.images = {makeImage("starter:latest", 100), makeImage("debian:trixie", 100)};
            helper.containers = {makeContainer("web", Running)};
            helper.listen();
            client = std::make_unique<HelperClient>(helper.path());
            QObject::connect(client.get(), &HelperClient::changed, client.get(), [this](const auto& change) {
                containers.apply(change);
                images.apply(change);
            });
            client->watch();
            [this] { QTRY_COMPARE(client->state(), HelperClient::State::Connected); }();
            dialog = std::make_unique<CreateDialog>(
                CreateDialog::Context{*client, containers, images, [] { return protocol::TerminalSize{100, 30}; }},
                QStringLiteral("starter:latest"));
            dialog->show();
        }
        template<typename T>
        T* child(const char* name) const { return dialog->findChild<T*>(QLatin1String(name)); }
        QPushButton* create() const { return child<QPushButton>("createAccept"); }
        QString message(const char* field) const { return child<QLabel>((std::string(field) + "Message").c_str())->text(); }
        QString banner() const { return dialog->findChild<Banner*>()->message(); }
    };

private Q_SLOTS:
    void anImageIsEnough()
    {
        Fixture fixture;
        QVERIFY(fixture.create()->isEnabled());
        QCOMPARE(fixture.child<QComboBox>("createImage")->currentText(), QStringLiteral("starter:latest"));
    }

    void everyWrongFieldSaysSoBesideItAndKeepsCreateDisabled_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* field, const char* typed, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(field) << QString::fromLatin1(typed) << QString::fromLatin1(says);
        };
        row("duplicate name", "createName", "web", "already");
        row("bad name", "createName", "-web", "letters");
        row("open quote", "createCommand", "sh -c 'a", "not closed");
        row("bad memory", "createMemory", "plenty", "256M");
        row("too little memory", "createMemory", "1M", "6M");
        row("bad processors", "createCpus", "all", "1.5");
        row("bad processes", "createPids", "0", "whole number");
    }
    void everyWrongFieldSaysSoBesideItAndKeepsCreateDisabled()
    {
        QFETCH(QString, field);
        QFETCH(QString, typed);
        QFETCH(QString, says);
        Fixture fixture;
        auto* edit = fixture.child<QLineEdit>(field.toLatin1().constData());
        QTest::keyClicks(edit, typed);
        QVERIFY2(fixture.message(field.toLatin1().constData()).contains(says),
                 qPrintable(fixture.message(field.toLatin1().constData())));
        QVERIFY(!fixture.create()->isEnabled());
        QVERIFY(fixture.child<QLabel>("createReason")->text().contains(says));
        edit->clear();
        QVERIFY(fixture.create()->isEnabled());
    }

    void anImageThatIsNotHereIsPulledFirst()
    {
        Fixture fixture;
        auto* image = fixture.child<QComboBox>("createImage");
        image->setEditText(QStringLiteral("nginx"));
        QVERIFY(fixture.message("createImage").contains(QStringLiteral("docker.io/library/nginx is pulled first")));
        QCOMPARE(fixture.create()->text(), QStringLiteral("Pull and create"));
        image->setEditText(QStringLiteral("Not A Name"));
        QVERIFY(!fixture.create()->isEnabled());
        image->setEditText(QStringLiteral("starter"));
        QVERIFY(fixture.create()->isEnabled());
        QCOMPARE(fixture.create()->text(), QStringLiteral("Create"));

        image->setEditText(QStringLiteral("nginx"));
        int pulls = 0;
        fixture.helper.on("Images.Pull", [&](const FakeHelper::Call& call) {
            if (++pulls == 1)
                return call.fail(ErrorCode::Unavailable, "pull docker.io/library/nginx:latest: no network");
            call.reply(protocol::PullImage::Reply{.progress = protocol::ImportProgress{"Pulling", 1, 2}}, true);
            call.reply(protocol::PullImage::Reply{.name = "docker.io/library/nginx:latest", .digest = "sha256:1"});
        });
        QSignalSpy created(fixture.dialog.get(), &CreateDialog::created);
        fixture.create()->click();
        QTRY_VERIFY2(fixture.banner().contains(QStringLiteral("no network")), qPrintable(fixture.banner()));
        QVERIFY(!fixture.helper.calls().contains(QStringLiteral("Containers.Create")));
        fixture.create()->click();
        QTRY_COMPARE(created.size(), 1);
        QCOMPARE(pulls, 2);
    }

    void aMissingFolderIsRefused()
    {
        Fixture fixture;
        QTest::mouseClick(fixture.child<QPushButton>("addBind"), Qt::LeftButton);
        const auto edits = fixture.child<QWidget>("createBinds")->findChildren<QLineEdit*>();
        QCOMPARE(edits.size(), 2);
        QVERIFY(fixture.create()->isEnabled()); // an empty line does not count
        edits[0]->setText(QStringLiteral("/nowhere/at/all"));
        edits[1]->setText(QStringLiteral("/srv"));
        QVERIFY(!fixture.create()->isEnabled());
        QVERIFY(fixture.child<QLabel>("createReason")->text().contains(QStringLiteral("/nowhere/at/all")));
        edits[0]->setText(QStringLiteral("/tmp"));
        QVERIFY(fixture.create()->isEnabled());
        edits[1]->setText(QStringLiteral("srv"));
        QVERIFY(!fixture.create()->isEnabled());
    }

    void theFormBecomesTheCall()
    {
        Fixture fixture;
        fixture.child<QLineEdit>("createName")->setText(QStringLiteral("db"));
        fixture.child<QLineEdit>("createCommand")->setText(QStringLiteral("sh -c 'echo hi'"));
        fixture.child<QPlainTextEdit>("createEnvironment")->setPlainText(QStringLiteral("A=1\nB=two words"));
        fixture.child<QLineEdit>("createMemory")->setText(QStringLiteral("256M"));
        fixture.child<QLineEdit>("createCpus")->setText(QStringLiteral("1.5"));
        fixture.child<QLineEdit>("createPids")->setText(QStringLiteral("100"));
        fixture.child<QCheckBox>("createRemove")->setChecked(true);
        const auto parameters = fixture.dialog->parameters();
        QVERIFY(parameters.has_value());
        QCOMPARE(parameters->image, "starter:latest");
        QCOMPARE(parameters->name, "db");
        QCOMPARE(parameters->command, (std::vector<std::string>{"sh", "-c", "echo hi"}));
        QCOMPARE(parameters->environment, (std::vector<std::string>{"A=1", "B=two words"}));
        QCOMPARE(*parameters->limits.memory, 256 << 20);
        QCOMPARE(*parameters->limits.cpus, 1.5);
        QCOMPARE(*parameters->limits.pids, 100);
        QVERIFY(parameters->tty && parameters->interactive && parameters->removeOnExit);
    }

    void createMakesAndStartsTheContainer()
    {
        Fixture fixture;
        std::string created;
        connect(fixture.dialog.get(), &CreateDialog::created, this, [&](const protocol::Container& container) {
            QCOMPARE(container.state, Running);
            created = container.name;
        });
        QTest::keyClicks(fixture.child<QLineEdit>("createName"), QStringLiteral("db"));
        QTest::mouseClick(fixture.create(), Qt::LeftButton);
        QTRY_COMPARE(created, "db");
        QVERIFY(fixture.dialog->isHidden());
        QVERIFY(fixture.helper.calls().contains(QStringLiteral("Containers.Start")));
    }

    void aRefusalIsShownAndLosesNothing()
    {
        Fixture fixture;
        fixture.helper.on("Containers.Create", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::ResourceExhausted, "create db: mkdir '/var/lib/rocker/containers': No space left on device");
        });
        QTest::keyClicks(fixture.child<QLineEdit>("createName"), QStringLiteral("db"));
        QTest::mouseClick(fixture.create(), Qt::LeftButton);
        QTRY_VERIFY(fixture.banner().contains(QStringLiteral("No space left on device")));
        QVERIFY(fixture.dialog->isVisible());
        QCOMPARE(fixture.child<QLineEdit>("createName")->text(), QStringLiteral("db"));
        QVERIFY(fixture.create()->isEnabled());
    }

    void aContainerThatCannotStartIsTakenAwayAgain()
    {
        Fixture fixture;
        fixture.helper.on("Containers.Start", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::CommandNotFound, "start db: exec 'nothing': No such file or directory");
        });
        QTest::keyClicks(fixture.child<QLineEdit>("createName"), QStringLiteral("db"));
        QTest::mouseClick(fixture.create(), Qt::LeftButton);
        QTRY_VERIFY(fixture.banner().contains(QStringLiteral("No such file or directory")));
        QVERIFY(!fixture.helper.find("db"));
        QVERIFY(fixture.dialog->isVisible());
        QTRY_VERIFY(fixture.create()->isEnabled()); // the name is free again
    }

    void withoutAHelperNothingCanBeCreated()
    {
        Fixture fixture;
        fixture.helper.stop();
        QTRY_VERIFY(!fixture.create()->isEnabled());
        QVERIFY(fixture.child<QLabel>("createReason")->text().contains(QStringLiteral("not connected")));
    }
};

QTEST_MAIN(TestCreateDialog)
#include "tst_create_dialog.moc"
