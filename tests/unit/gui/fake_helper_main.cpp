// A helper that only pretends, for looking at the window's pages: fake-helper <socket> [empty|full]
#include "tests/unit/gui/fake_helper.h"

#include <QCoreApplication>

using namespace rocker;
using enum protocol::ContainerState;

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2)
        return 2;
    gui::FakeHelper helper(arguments[1]);
    helper.echo = true;
    helper.terminalOutput = "\x1b[1;32mroot@web\x1b[0m:\x1b[1;34m/srv\x1b[0m# ls --color\r\n"
                            "\x1b[34mbin\x1b[0m  \x1b[34metc\x1b[0m  \x1b[36mlib -> usr/lib\x1b[0m  \x1b[32mrun.sh\x1b[0m  notes.txt\r\n"
                            "\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x90 \xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85\xe2\x96\x86\xe2\x96\x87\xe2\x96\x88 \xe4\xbd\xa0\xe5\xa5\xbd \xc3\xa9\xc3\xbc\xe2\x82\xac\r\n"
                            "\xe2\x94\x82 \xe2\x9c\x93 \xe2\x94\x82 \x1b[4:3;58;2;255;90;90mcurly\x1b[0m \x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[9mgone\x1b[0m \x1b[7minverse\x1b[0m \x1b[2mfaint\x1b[0m\r\n"
                            "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x98 \x1b[41m red \x1b[42m green \x1b[43m yellow \x1b[44m blue \x1b[45m magenta \x1b[46m cyan \x1b[0m\r\n"
                            "\x1b[1;32mroot@web\x1b[0m:\x1b[1;34m/srv\x1b[0m# ";
    for (int i = 0; i < 60; ++i)
        helper.log += "2026-11-24T08:" + std::to_string(10 + i % 50) + ":07Z \x1b[32mINFO\x1b[0m request " + std::to_string(i)
            + " served GET /index.html in " + std::to_string(3 + i * 7 % 40) + " ms\n";
    if (arguments.value(2) != QStringLiteral("empty")) {
        helper.images = {gui::makeImage("starter:latest", 2'101'204), gui::makeImage("debian:trixie", 122'400'000),
                         gui::makeImage("registry.example.org/team/a-very-long-image-name/backend:2026.11.24-rc1", 912'400'000)};
        helper.containers = {gui::makeContainer("web", Running), gui::makeContainer("db", Paused),
                             gui::makeContainer("build-4711", Exited), gui::makeContainer("fresh", Created),
                             gui::makeContainer("a-container-with-quite-a-long-name-for-a-table", Exited),
                             gui::makeContainer("broken", Created), gui::makeContainer("worker", Running)};
        helper.containers[2].exitCode = 1;
        helper.containers[4].oomKilled = true;
        helper.containers[4].exitCode = 137;
        helper.containers[4].image = "registry.example.org/team/a-very-long-image-name/backend:2026.11.24-rc1";
        helper.containers[4].command = {"/usr/local/bin/server", "--listen", "0.0.0.0:8080", "--message", "hello world"};
        helper.containers[5].error = "start broken: exec '/bin/nothing': No such file or directory";
        helper.containers[6].tty = false;
        helper.containers[6].command = {"/bin/worker", "--verbose"};
    }
    return helper.listen() ? QCoreApplication::exec() : 1;
}
