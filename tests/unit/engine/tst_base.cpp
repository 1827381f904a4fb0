#include "engine/base/result.h"
#include "engine/base/scope_exit.h"
#include "engine/base/unique_fd.h"

#include <QTest>

#include <fcntl.h>
#include <memory>

using namespace rocker;

namespace {

int openNull()
{
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool isOpen(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}

Result<int> failing()
{
    return fail(Error::fromErrno(ENOSPC));
}

Result<std::unique_ptr<int>> passOn(bool works)
{
    if (!works)
        TRY(failing(), "mount overlay on '{}'", "/merged");
    return std::make_unique<int>(7);
}

Result<int> unwrap(bool works)
{
    std::unique_ptr<int> value = TRY(passOn(works), "start {}", "web");
    return *value;
}

} // namespace

class TestBase : public QObject
{
    Q_OBJECT

private slots:
    void anErrorGainsTheContextOfEachLayer()
    {
        const auto result = unwrap(false);
        QVERIFY(!result);
        QCOMPARE(result.error().what, "start web: mount overlay on '/merged': No space left on device");
        QCOMPARE(result.error().errnum, ENOSPC);
        QVERIFY(result.error().code == ErrorCode::ResourceExhausted);
    }

    void tryMovesAMoveOnlyValueOut() { QCOMPARE(unwrap(true).value(), 7); }

    void everyErrorCodeSurvivesItsName()
    {
        for (int code = 0; code <= int(ErrorCode::Cancelled); ++code)
            QCOMPARE(int(errorCodeFromName(errorCodeName(ErrorCode(code)))), code);
        QVERIFY(errorCodeFromName("FromTheFuture") == ErrorCode::Internal);
    }

    void moveAssignmentClosesTheOldDescriptorAndEmptiesTheSource()
    {
        UniqueFd first(openNull());
        UniqueFd second(openNull());
        const int old = first.value();
        const int kept = second.value();
        first = std::move(second);
        QVERIFY(!isOpen(old));
        QCOMPARE(first.value(), kept);
        QVERIFY(isOpen(kept));
        QVERIFY(!second.valid());
    }

    void selfMoveKeepsTheDescriptor()
    {
        UniqueFd fd(openNull());
        const int value = fd.value();
        UniqueFd& same = fd;
        fd = std::move(same);
        QCOMPARE(fd.value(), value);
        QVERIFY(isOpen(value));
    }

    void releaseGivesTheDescriptorAway()
    {
        int raw = -1;
        {
            UniqueFd fd(openNull());
            raw = fd.release();
        }
        QVERIFY(isOpen(raw));
        ::close(raw);
    }

    void aDismissedScopeExitDoesNothing()
    {
        int runs = 0;
        {
            ScopeExit armed([&] { ++runs; });
            ScopeExit dismissed([&] { runs += 10; });
            dismissed.dismiss();
        }
        QCOMPARE(runs, 1);
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
