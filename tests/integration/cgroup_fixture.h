#pragma once

#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/device_program.h"
#include "engine/cgroup/directory.h"
#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker {

// cgroups of the running kernel, all below a parent of this test's own. On a machine with v1 the v2 hierarchy beside it,
// which has few controllers, is used as a machine of v2 as well.
class CgroupFixture : public QObject
{
protected:
    using Cgroup = cgroup::Cgroup;
    using Layout = cgroup::Layout;

    Layout m_layout;
    Layout m_unified;
    std::string m_switched; // the v2 hierarchy's cgroup.subtree_control before
    std::string m_parent = "rocker-test-" + std::to_string(::getpid());

    static spec::Resources resources(const char* text)
    {
        return *json::readText<spec::Resources>(text, json::UnknownKeys::Refuse);
    }

    std::string place(const char* name) const { return m_parent + "/" + name; }

    static QByteArray read(const Cgroup& cgroup, const char* controller, const char* file)
    {
        const auto text = os::readFile(cgroup.paths().at(controller) + "/" + file);
        return text ? QByteArray::fromStdString(*text).trimmed() : QByteArray::fromStdString(text.error().what);
    }

    bool hasController(const char* name) const
    {
        if (!m_layout.pureUnified())
            return m_layout.find(name) != nullptr;
        return QByteArray::fromStdString(
                   os::readFile(m_layout.hierarchies[0].mountPoint + "/cgroup.controllers").value_or(""))
            .simplified()
            .split(' ')
            .contains(name);
    }

    static std::string contentsOf(const UniqueFd& file)
    {
        char text[4096];
        const ssize_t size = ::pread(file.value(), text, sizeof text, 0);
        return {text, std::size_t(std::max<ssize_t>(size, 0))};
    }

    static QByteArray what(const auto& result)
    {
        return result ? QByteArray("no error") : QByteArray::fromStdString(result.error().what);
    }

    static bool waitFor(BorrowedFd process)
    {
        pollfd wait{process.value(), POLLIN, 0};
        return ::poll(&wait, 1, 10'000) == 1;
    }

    // A child that goes into the cgroup, works there, and then sleeps until it is ended.
    static os::Child childIn(const Cgroup& cgroup, void (*work)() = [] {})
    {
        const UniqueFd birthplace = *cgroup.birthplace();
        cgroup::Entrance entrance = *cgroup.entrance();
        os::Pipe ready = *os::makePipe();
        os::Child child = *os::cloneProcess(0, birthplace);
        if (child.pid == 0) {
            os::resetSignals(); // QtTest catches them
            const bool entered = bool(entrance.enter());
            (void)os::writeAll(ready.writeEnd, entered ? "y" : "n");
            work();
            for (;;)
                ::pause();
        }
        ready.writeEnd.reset();
        char answer = 0;
        if (::read(ready.readEnd.value(), &answer, 1) != 1 || answer != 'y')
            qFatal("the child could not enter");
        return child;
    }

    static void end(os::Child& child)
    {
        (void)os::sendSignal(child.pidfd, SIGKILL);
        (void)os::reap(child.pidfd);
    }

    void open()
    {
        if (::geteuid() != 0)
            QSKIP("cgroups need root");
        auto layout = Layout::detect();
        if (!layout)
            QSKIP("no cgroup hierarchy is mounted");
        m_layout = *layout;
        for (const cgroup::Hierarchy& hierarchy : m_layout.hierarchies)
            if (hierarchy.unified) {
                m_unified.hierarchies.push_back(hierarchy);
                m_switched = os::readFile(hierarchy.mountPoint + "/cgroup.subtree_control").value_or("");
            }
    }

    void close()
    {
        for (const cgroup::Hierarchy& hierarchy : m_layout.hierarchies)
            ::rmdir((hierarchy.mountPoint + "/" + m_parent).c_str());
        if (m_layout.pureUnified() || m_unified.hierarchies.empty())
            return;
        // Controllers that nobody had switched on below the v2 hierarchy's top are switched off again.
        const std::string top = m_unified.hierarchies[0].mountPoint;
        for (const QByteArray& controller :
             QByteArray::fromStdString(os::readFile(top + "/cgroup.subtree_control").value_or("")).split(' '))
            if (!m_switched.contains(controller.trimmed().toStdString()))
                (void)os::writeControlFile(os::currentDirectory, top + "/cgroup.subtree_control",
                                           "-" + controller.trimmed().toStdString());
    }
};

} // namespace rocker
