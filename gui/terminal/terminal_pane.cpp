#include "gui/terminal/terminal_pane.h"

#include <QHBoxLayout>
#include <QScrollBar>

namespace rocker::gui {

TerminalPane::TerminalPane(QWidget* parent)
    : QWidget(parent), m_view(new TerminalView(this)), m_bar(new QScrollBar(Qt::Vertical, this))
{
    m_view->setObjectName(QStringLiteral("terminal"));
    QSizePolicy keepsPlace = m_bar->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    m_bar->setSizePolicy(keepsPlace);
    m_bar->setAccessibleName(tr("Scrollback"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base); // what the terminal's own background is
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(0);
    row->addWidget(m_view, 1);
    row->addWidget(m_bar);
    setFocusProxy(m_view);
    connect(m_view, &TerminalView::scrolled, this, &TerminalPane::followView);
    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_following && m_view->surface())
            m_view->scrollToLine(m_view->surface()->terminal().firstLine() + value);
    });
    followView();
}

void TerminalPane::followView()
{
    m_following = true;
    const TerminalSurface* surface = m_view->surface();
    const auto first = surface ? surface->terminal().firstLine() : 0;
    const auto screen = surface ? surface->terminal().screenLine() : 0;
    m_bar->setPageStep(m_view->room().rows);
    m_bar->setRange(0, int(screen - first));
    m_bar->setValue(int(m_view->topLine() - first));
    m_bar->setVisible(screen > first);
    m_following = false;
}

} // namespace rocker::gui
