#include "gui/app/main_window.h"

#include "gui/app/status_line.h"
#include "gui/create/create_dialog.h"
#include "gui/models/text.h"
#include "gui/pages/containers/containers_page.h"
#include "gui/pages/images/dropped_files.h"
#include "gui/pages/images/images_page.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QButtonGroup>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScreen>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

namespace rocker::gui {

namespace {

constexpr std::chrono::seconds ageRefresh{30};

} // namespace

MainWindow::MainWindow(const QString& socketPath, std::unique_ptr<QSettings> settings, QWidget* parent)
    : QMainWindow(parent), m_client(socketPath), m_settings(std::move(settings)), m_pages(new QStackedWidget),
      m_pageButtons(new QButtonGroup(this)),
      m_containersPage(new ContainersPage({m_client, m_containers, m_reporter})),
      m_imagesPage(new ImagesPage({m_client, m_images, m_containers, m_reporter})),
      m_connectionBanner(new Banner(Banner::Dismissal::ByItself)), m_errorBanner(new Banner(Banner::Dismissal::ByUser)),
      m_status(new StatusLine(m_client))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Rocker Workstation"));
    setAcceptDrops(true);
    m_connectionBanner->setObjectName(QStringLiteral("connectionBanner"));
    m_errorBanner->setObjectName(QStringLiteral("errorBanner"));
    m_pages->addWidget(m_containersPage);
    m_pages->addWidget(m_imagesPage);

    auto* content = new QVBoxLayout;
    content->setSpacing(0);
    content->addWidget(m_connectionBanner);
    content->addWidget(m_errorBanner);
    content->addWidget(m_pages, 1);
    auto* body = new QWidget;
    auto* row = new QHBoxLayout(body);
    row->setContentsMargins({});
    row->setSpacing(0);
    row->addWidget(buildSidebar());
    row->addLayout(content, 1);
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(body, 1);
    column->addWidget(m_status);
    setCentralWidget(whole);
    addShortcuts();

    connect(m_containersPage, &ContainersPage::createRequested, this, [this] { openCreateDialog({}); });
    connect(m_imagesPage, &ImagesPage::createRequested, this, &MainWindow::openCreateDialog);
    connect(m_containersPage, &ContainersPage::browseRequested, this, [this](const std::string& id, const QString& name) {
        showPage(1);
        m_imagesPage->browseContainer(id, name);
    });
    connect(&m_client, &HelperClient::stateChanged, this, &MainWindow::showConnection);
    connect(&m_client, &HelperClient::changed, this, &MainWindow::receive);
    connect(&m_reporter, &Reporter::began, m_status, &StatusLine::showBusy);
    connect(&m_reporter, &Reporter::succeeded, this, [this](const QString& what) {
        m_status->showDone(what);
        m_errorBanner->hide();
    });
    connect(&m_reporter, &Reporter::failed, this, [this](const QString& what, const QString& why) {
        m_status->showFailed(QStringLiteral("%1: %2").arg(what, why));
        m_errorBanner->showMessage(Tone::Bad, what, sentence(why));
    });
    m_ages.setInterval(ageRefresh);
    connect(&m_ages, &QTimer::timeout, this, [this] {
        m_containers.refreshAges();
        m_images.refreshAges();
    });

    resize(QSize(150 * Theme::unit, 100 * Theme::unit).boundedTo(screen()->availableSize() * 0.9));
    restoreGeometry(m_settings->value(QStringLiteral("window/geometry")).toByteArray());
    m_containersPage->restoreState(*m_settings);
    m_imagesPage->restoreState(*m_settings);
    m_containersPage->focusTable();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectToHelper()
{
    m_client.watch();
    m_ages.start();
}

QWidget* MainWindow::buildSidebar()
{
    auto* sidebar = new QFrame;
    sidebar->setObjectName(QStringLiteral("sidebar"));
    sidebar->setFixedWidth(22 * Theme::unit);
    auto* column = new QVBoxLayout(sidebar);
    column->setContentsMargins(Theme::unit, 2 * Theme::unit, Theme::unit, Theme::unit);
    column->setSpacing(Theme::unit / 2);
    addPageButton(sidebar, 0, "showContainers", QStringLiteral("containers"), tr("Containers"), QKeySequence(Qt::CTRL | Qt::Key_1));
    addPageButton(sidebar, 1, "showImages", QStringLiteral("images"), tr("Images"), QKeySequence(Qt::CTRL | Qt::Key_2));
    column->addStretch(1);
    m_pageButtons->button(0)->setChecked(true);
    connect(m_pageButtons, &QButtonGroup::idClicked, m_pages, &QStackedWidget::setCurrentIndex);
    return sidebar;
}

void MainWindow::addPageButton(QWidget* sidebar, int page, const char* name, const QString& icon, const QString& text,
                               const QKeySequence& shortcut)
{
    auto* button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setText(text);
    button->setIcon(gui::icon(icon));
    button->setIconSize({20, 20});
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(shortcut.toString(QKeySequence::NativeText));
    // Not the button's own: that would act a tenth of a second later, over what has been typed since.
    connect(new QShortcut(shortcut, this), &QShortcut::activated, this, [this, page] { showPage(page); });
    m_pageButtons->addButton(button, page);
    sidebar->layout()->addWidget(button);
}

// Those with Ctrl+Shift also work while a terminal has the focus.
void MainWindow::addShortcuts()
{
    const auto add = [this](const QKeySequence& keys, auto&& action) {
        auto* shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, this, std::forward<decltype(action)>(action));
    };
    const auto create = [this] { openCreateDialog({}); };
    const auto onPage = [this] { return m_pages->currentWidget() == m_containersPage; };
    add(QKeySequence(Qt::CTRL | Qt::Key_N), create);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N), create);
    add(QKeySequence(Qt::CTRL | Qt::Key_O), [this] {
        showPage(1);
        m_imagesPage->chooseArchive();
    });
    add(QKeySequence(Qt::CTRL | Qt::Key_I), [this] {
        showPage(1);
        m_imagesPage->chooseImports();
    });
    add(QKeySequence(Qt::CTRL | Qt::Key_P), [this] {
        showPage(1);
        m_imagesPage->choosePull();
    });
    add(QKeySequence(Qt::CTRL | Qt::Key_F),
        [this, onPage] { onPage() ? m_containersPage->focusFilter() : m_imagesPage->focusFilter(); });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L),
        [this, onPage] { onPage() ? m_containersPage->focusTable() : m_imagesPage->focusTable(); });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T), [this] {
        showPage(0);
        m_containersPage->openShell();
    });
    for (const QKeyCombination keys : {Qt::CTRL | Qt::Key_Q, Qt::CTRL | Qt::SHIFT | Qt::Key_Q})
        add(QKeySequence(keys), [this] { close(); });
}

void MainWindow::showPage(int page)
{
    m_pages->setCurrentIndex(page);
    m_pageButtons->button(page)->setChecked(true);
}

void MainWindow::openCreateDialog(const QString& image)
{
    auto* dialog = new CreateDialog({m_client, m_containers, m_images, [this] { return m_containersPage->terminalSize(); }},
                                    image, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CreateDialog::created, this, [this](const protocol::Container& container) {
        m_containers.upsert(container);
        m_reporter.done(tr("%1 was created and is running.").arg(text(container.name)));
        showPage(0);
        m_containersPage->showTerminalOf(container);
    });
    // When the dialog has gone, the focus is the terminal's.
    connect(dialog, &QDialog::accepted, m_containersPage, [this] {
        activateWindow();
        m_containersPage->focusTerminal();
    }, Qt::QueuedConnection);
    dialog->open();
}

void MainWindow::receive(const protocol::Watch::Reply& change)
{
    m_containers.apply(change);
    m_images.apply(change);
}

void MainWindow::showConnection()
{
    const bool connected = m_client.state() == HelperClient::State::Connected;
    m_containers.setStale(!connected);
    m_images.setStale(!connected);
    if (connected)
        m_connectionBanner->hide();
    else
        m_connectionBanner->showMessage(
            Tone::Warning, tr("The helper is not connected. Trying again by itself; open terminals are not affected."),
            sentence(text(m_client.reason())));
}

void MainWindow::openArchive(const QString& path)
{
    showPage(1);
    m_imagesPage->openArchive(path);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    // What is dragged out of the window is not for the window.
    if (!event->source() && !droppedPaths(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->setDropAction(Qt::CopyAction);
    event->accept();
    showPage(1);
    m_imagesPage->askAbout(droppedPaths(*event->mimeData()));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
    m_containersPage->saveState(*m_settings);
    m_imagesPage->saveState(*m_settings);
    event->accept();
}

} // namespace rocker::gui
