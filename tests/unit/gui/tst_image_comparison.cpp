#include "gui/layers/compare_view.h"
#include "gui/layers/difference_model.h"
#include "gui/layers/image_comparison.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestImageComparison : public QObject
{
    Q_OBJECT

private:
    static SharedComparison comparison()
    {
        return std::make_shared<const ImageComparison>(QStringLiteral("a:1"),
            layersOf({QStringLiteral("f etc/a 10 x,f etc/b 5 y,l link to,f <b>&x 1 z")}), QStringLiteral("a:2"),
            layersOf({QStringLiteral("f etc/a 10 x,f etc/b 5 y,l link to"),
                QStringLiteral("f etc/a 12 q,w etc/b,l link other,f new 7 n")}));
    }

private Q_SLOTS:
    void differencesAreCountedAndTold()
    {
        const SharedComparison found = comparison();
        QCOMPARE(found->added, 1U);
        QCOMPARE(found->changed, 2U);
        QCOMPARE(found->removed, 2U);
        QStringList lines;
        for (const layers::Difference& difference : found->differences)
            lines << QString::fromStdString(difference.path) + u'=' + whatChanged(*found, difference);
        QCOMPARE(lines.join(u' '), QStringLiteral("<b>&x=file etc/a=content etc/b=file link=target new=file"));
        QCOMPARE(found->sizeBefore(found->differences[1]).value(), 10U);
        QCOMPARE(found->sizeAfter(found->differences[1]).value(), 12U);
        QVERIFY(!found->sizeAfter(found->differences[2]));
    }

    void theReportTellsTheSameInEveryForm()
    {
        const SharedComparison found = comparison();
        const QString text = QString::fromUtf8(comparisonReport(*found, ReportForm::Text));
        QVERIFY(text.contains(QStringLiteral("1 added, 2 changed, 2 removed")));
        QVERIFY(text.contains(QStringLiteral("~ /etc/a  (content)  10 -> 12")));
        const QJsonObject json = QJsonDocument::fromJson(comparisonReport(*found, ReportForm::Json)).object();
        QCOMPARE(json[QStringLiteral("removed")].toInt(), 2);
        const QJsonObject row = json[QStringLiteral("differences")].toArray()[1].toObject();
        QCOMPARE(row[QStringLiteral("path")].toString(), QStringLiteral("/etc/a"));
        QCOMPARE(row[QStringLiteral("what")].toArray(), QJsonArray{QStringLiteral("content")});
        QCOMPARE(row[QStringLiteral("sizeAfter")].toInt(), 12);
    }

    void namesInHtmlAreText()
    {
        const QString html = QString::fromUtf8(comparisonReport(*comparison(), ReportForm::Html));
        QVERIFY(html.contains(QStringLiteral("/&lt;b&gt;&amp;x")));
        QVERIFY(!html.contains(QStringLiteral("<b>")));
        const ImageComparison named(QStringLiteral("<script>"), layersOf({QStringLiteral("f a 1 x")}),
            QStringLiteral("b"), layersOf({QStringLiteral("f b 1 x")}));
        QVERIFY(!QString::fromUtf8(comparisonReport(named, ReportForm::Html)).contains(QStringLiteral("<script>")));
    }

    void theModelSortsAndFilters()
    {
        DifferenceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setComparison(comparison());
        const auto paths = [&] {
            QStringList found;
            for (int row = 0; row < model.rowCount(); ++row)
                found << model.index(row, DifferenceModel::Path).data().toString();
            return found.join(u' ');
        };
        QCOMPARE(paths(), QStringLiteral("/<b>&x /etc/a /etc/b /link /new"));
        model.sort(DifferenceModel::After, Qt::DescendingOrder);
        QCOMPARE(paths(), QStringLiteral("/etc/a /new /<b>&x /etc/b /link"));
        model.setFilter(QStringLiteral("/ETC"), 0);
        QCOMPARE(paths(), QStringLiteral("/etc/a /etc/b"));
        model.setFilter({}, 1U << int(layers::Change::Added));
        QCOMPARE(paths(), QStringLiteral("/new"));
    }

    void theOpenedImageIsComparedWithTheChosenOne()
    {
        FakeLayerSource source;
        source.content = imageOf({QStringLiteral("f etc/a 10 x")});
        CompareView view(source);
        view.resize(900, 500);
        view.show();
        view.setChoices({{QStringLiteral("old:1"), "old:1", CompareView::Choice::Kind::Image},
            {QStringLiteral("new:2"), "new:2", CompareView::Choice::Kind::Image}});
        view.setImage(imageOf({QStringLiteral("f etc/a 12 y,f etc/b 1 z")}), "0123", QStringLiteral("new:2"));
        auto* other = view.findChild<QComboBox*>(QStringLiteral("compareWith"));
        QCOMPARE(other->count(), 3); // not with itself; a line, and archives
        other->setCurrentIndex(0);
        Q_EMIT other->activated(0);
        auto* counts = view.findChild<QLabel*>(QStringLiteral("compareCounts"));
        QTRY_COMPARE(counts->text(), QStringLiteral("+1 ~1 −0"));
        auto* table = view.findChild<QTableView*>(QStringLiteral("differences"));
        QVERIFY(table->isVisible());
        QSignalSpy wanted(&view, &CompareView::fileWanted);
        Q_EMIT table->activated(table->model()->index(1, 0));
        QCOMPARE(wanted.size(), 1);
        view.findChild<QLineEdit*>(QStringLiteral("compareFilter"))->setText(QStringLiteral("nowhere"));
        QCOMPARE(table->model()->rowCount(), 0);
        // An image that cannot be read leaves no old result behind.
        source.content = fail(ErrorCode::NotFound, "layer 1 has no index: import the image again");
        Q_EMIT other->activated(0);
        QTRY_VERIFY(!counts->isVisible());
        QVERIFY(!table->isVisible());
    }
};

QTEST_MAIN(TestImageComparison)
#include "tst_image_comparison.moc"
