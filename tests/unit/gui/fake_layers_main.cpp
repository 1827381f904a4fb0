// The layer browser with a made-up image, for looking at it without a helper: fake-layers [light|dark] [PICTURE.png
// STEP…]
#include "engine/layers/index_writer.h"
#include "gui/layers/files_view.h"
#include "gui/layers/layer_browser.h"
#include "gui/widgets/theme.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QApplication>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDirIterator>
#include <QLineEdit>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>

#include <cstring>
#include <sys/stat.h>

using namespace rocker;
using namespace rocker::gui;

// This machine's own files below `root`.
static void addTree(layers::IndexWriter& writer, const QString& root)
{
    QDirIterator files(
        root, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        struct stat status {
        };
        if (lstat(path.toUtf8().constData(), &status) != 0)
            continue;
        std::vector<std::string> names;
        for (const QString& name : path.split(u'/', Qt::SkipEmptyParts))
            names.push_back(name.toStdString());
        layers::Record record{.mode = std::uint16_t(status.st_mode & 07777),
            .uid = status.st_uid,
            .gid = status.st_gid,
            .size = std::uint64_t(status.st_size),
            .seconds = status.st_mtime};
        std::string link;
        if (S_ISDIR(status.st_mode))
            record.kind = layers::Kind::Directory;
        else if (S_ISLNK(status.st_mode))
            record.kind = layers::Kind::Symlink, link = files.fileInfo().readSymLink().toStdString(), record.size = 0;
        const QByteArray id = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Md5);
        std::memcpy(record.content.data(), id.data(), 16);
        writer.add(names, record, link);
    }
}

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    Theme::instance().apply(application, arguments.value(1) == u"dark" ? ThemeChoice::Dark : ThemeChoice::Light);
    layers::IndexWriter base;
    addTree(base, QStringLiteral("/usr"));
    addTree(base, QStringLiteral("/etc"));
    auto image = std::make_shared<ImageContent>(
        *imageOf({QStringLiteral("f usr/share/app/lib.so 41000000 a,f usr/share/app/old.bin 9000000 b,f etc/app.conf "
                                 "900 c,f usr/bin/app 12000000 d,l usr/bin/tool app"),
            QStringLiteral("f usr/bin/app 12400000 e,w usr/share/app/old.bin,f etc/app.conf 1200 f,w usr/share/doc,f "
                           "var/cache/big.pack 30000000 g"),
            QStringLiteral("w var/cache,f srv/www/index.html 4000 h,f srv/www/copy.so 41000000 a"), {}}));
    image->indexes.insert(image->indexes.begin(), *layers::LayerIndex::parse(*base.finish()));
    image->name = "registry.example.org/team/shop:2026.11";
    image->layers = {{"sha256:8d3ac3489996423f53d6087c81180006263b79f206d3fdec9e66f0e27ceb8759",
                         "/bin/sh -c #(nop) ADD file:4f1bc in / ", "2026-10-01T10:00:00Z"},
        {"sha256:one",
            "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends app libfoo # buildkit",
            "2026-11-20T10:00:00Z"},
        {"sha256:two", "|1 VERSION=3 /bin/sh -c make -C /src install && rm -rf /usr/share/doc", "2026-11-24T10:00:00Z"},
        {"sha256:three", "COPY www /srv/www # buildkit", "2026-11-25T10:00:00Z"},
        {"sha256:four", "/bin/sh -c #(nop) WORKDIR /srv", {}}};
    FakeLayerSource source;
    source.content = SharedImage(image);
    source.files[{3, "srv/www/index.html"}] = "<!doctype html>\n<title>Shop</title>\n<h1>Welcome</h1>\n";
    source.files[{1, "etc/app.conf"}] = "[server]\nport = 80\nhost = localhost\n\n[log]\nlevel = info\n";
    source.files[{2, "etc/app.conf"}]
        = "[server]\nport = 8080\nhost = 0.0.0.0\n\n[log]\nlevel = info\nfile = /var/log/app\n";
    LayerBrowser browser(source);
    browser.resize(1104, 740);
    browser.show();
    browser.open("fake", QStringLiteral("registry.example.org/team/shop:2026.11"));
    int wait = 1500;
    for (const QString& step : arguments.mid(3)) {
        QTimer::singleShot(wait, &browser, [&, step] {
            if (step == u"map")
                browser.findChild<QToolButton*>(QStringLiteral("toggleMap"))->toggle();
            else if (step.startsWith(u"filter="))
                browser.findChild<QLineEdit*>(QStringLiteral("layerFilter"))->setText(step.mid(7));
            else if (step.startsWith(u"scope"))
                browser.findChild<QToolButton*>(step)->click();
            else if (step.startsWith(u"show="))
                browser.files()->showPath(
                    step.section(u'=', 1).section(u'@', 0, 0).toStdString(), step.section(u'@', 1).toUInt());
            else if (step.startsWith(u"tab="))
                browser.findChild<QTabWidget*>(step.section(u'=', 1).section(u'@', 0, 0))
                    ->setCurrentIndex(step.section(u'@', 1).toInt());
        });
        wait += 900;
    }
    if (arguments.size() > 2)
        QTimer::singleShot(wait, &browser, [&] {
            browser.grab().save(arguments[2]);
            QApplication::quit();
        });
    return QApplication::exec();
}
