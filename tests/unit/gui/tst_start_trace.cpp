#include "gui/app/start_trace.h"

#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

#include <optional>

using namespace rocker::gui;

class TestStartTrace : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        QStandardItemModel model{0, 1};
        QWidget window;
        QTableView* list = new QTableView(&window);
        QStringList told;
        QElapsedTimer sinceStart;
        std::optional<StartTrace> trace;

        Fixture()
        {
            sinceStart.start();
            list->setModel(&model);
            window.resize(300, 200);
            trace.emplace(sinceStart, window, *list, [this](const QString& what, qint64 milliseconds) {
                QVERIFY(milliseconds >= 0 && milliseconds <= sinceStart.elapsed());
                told += what;
            });
        }
    };

private Q_SLOTS:
    void nothingIsToldBeforeTheWindowIsShown()
    {
        Fixture fixture;
        QTest::qWait(20);
        QCOMPARE(fixture.told, QStringList());
    }

    void anEmptyListIsNoList()
    {
        Fixture fixture;
        fixture.window.show();
        QTRY_COMPARE(fixture.told, QStringList{QStringLiteral("first picture")});
        fixture.list->viewport()->update();
        QTest::qWait(20);
        QCOMPARE(fixture.told.size(), 1);
    }

    void theListIsToldOnceItsRowsAreShown()
    {
        Fixture fixture;
        fixture.window.show();
        QTRY_COMPARE(fixture.told.size(), 1);
        fixture.model.setRowCount(100);
        QTRY_COMPARE(fixture.told.size(), 2);
        QCOMPARE(fixture.told.last(), QStringLiteral("first list of 100 rows"));
        fixture.model.setRowCount(101);
        fixture.window.update();
        QTest::qWait(20);
        QCOMPARE(fixture.told.size(), 2);
    }
};

QTEST_MAIN(TestStartTrace)
#include "tst_start_trace.moc"
