#include "gui/app/main_window.h"
#include "gui/app/start_trace.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QIcon>
#include <QSettings>
#include <QTimer>

#include <cstdio>
#include <optional>

namespace {

using rocker::gui::ThemeChoice;

std::optional<ThemeChoice> themeOf(const QString& name)
{
    if (name == QStringLiteral("system"))
        return ThemeChoice::System;
    if (name == QStringLiteral("light"))
        return ThemeChoice::Light;
    if (name == QStringLiteral("dark"))
        return ThemeChoice::Dark;
    return std::nullopt;
}

QString defaultSocket()
{
    const QString named = qEnvironmentVariable("ROCKER_SOCKET");
    return named.isEmpty() ? QStringLiteral("/run/rocker/helper.sock") : named;
}

} // namespace

int main(int argc, char** argv)
{
    QElapsedTimer sinceStart;
    sinceStart.start();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("rocker-workstation"));
    QApplication::setApplicationDisplayName(QStringLiteral("Rocker Workstation"));
    QApplication::setOrganizationName(QStringLiteral("rockerworkstation"));
    QApplication::setApplicationVersion(QStringLiteral(ROCKER_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.rockerworkstation.Workstation"));

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "The container workstation of a Linux desktop."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption socket(QStringLiteral("socket"),
                                    QCoreApplication::translate("main", "The helper's socket (else $ROCKER_SOCKET)."),
                                    QStringLiteral("path"), defaultSocket());
    const QCommandLineOption theme(QStringLiteral("theme"), QCoreApplication::translate("main", "system, light or dark."),
                                   QStringLiteral("name"), QStringLiteral("system"));
    const QCommandLineOption settings(QStringLiteral("settings"),
                                      QCoreApplication::translate("main", "Where the window's state is kept."),
                                      QStringLiteral("file"));
    const QCommandLineOption traceStart(
        QStringLiteral("trace-start"),
        QCoreApplication::translate("main", "Say on standard error when the first picture and the first list are shown."));
    parser.addOptions({socket, theme, settings, traceStart});
    parser.addPositionalArgument(QStringLiteral("file"),
                                 QCoreApplication::translate("main", "An archive to look into: of images, a layer, a root file system."),
                                 QStringLiteral("[file]"));
    parser.process(application);
    if (parser.positionalArguments().size() > 1) {
        qCritical("rocker-workstation: one archive can be looked into, not %d", int(parser.positionalArguments().size()));
        return 2;
    }
    const auto choice = themeOf(parser.value(theme));
    if (!choice) {
        qCritical("rocker-workstation: --theme is system, light or dark, not '%s'", qPrintable(parser.value(theme)));
        return 2;
    }

    rocker::gui::Theme::instance().apply(application, *choice);
    QIcon windowIcon;
    for (const int size : {16, 32, 64, 128})
        windowIcon.addPixmap(rocker::gui::pixmap(QStringLiteral("rocker-workstation"), size, Qt::black, 1.0));
    QApplication::setWindowIcon(windowIcon);
    auto kept = parser.isSet(settings) ? std::make_unique<QSettings>(parser.value(settings), QSettings::IniFormat)
                                       : std::make_unique<QSettings>();
    rocker::gui::MainWindow window(parser.value(socket), std::move(kept));
    std::optional<rocker::gui::StartTrace> trace;
    if (parser.isSet(traceStart))
        if (auto* list = window.findChild<rocker::gui::Table*>(QStringLiteral("containerTable")))
            trace.emplace(sinceStart, window, *list, [](const QString& what, qint64 milliseconds) {
                std::fprintf(stderr, "%s after %lld ms\n", qPrintable(what), static_cast<long long>(milliseconds));
            });
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openArchive(parser.positionalArguments().front());
    QTimer::singleShot(0, &window, &rocker::gui::MainWindow::connectToHelper);
    return QApplication::exec();
}
