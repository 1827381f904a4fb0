#include "gui/terminal/terminal_font.h"

#include <QFontDatabase>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace rocker::gui {

QFont TerminalFont::systemFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setKerning(false);
    font.setPointSizeF(std::max(font.pointSizeF(), 10.0));
    return font;
}

TerminalFont::TerminalFont(const QFont& base)
{
    const QFontMetricsF metrics(base);
    m_cell = QSize(std::max(1, qRound(metrics.horizontalAdvance(u'M'))),
                   std::max(1, int(std::ceil(metrics.ascent()) + std::ceil(metrics.descent()))));
    m_ascent = int(std::ceil(metrics.ascent()));
    m_lineWidth = std::max(1, qRound(metrics.lineWidth()));
    for (std::size_t i = 0; i < m_faces.size(); ++i) {
        m_faces[i].font = base;
        m_faces[i].font.setBold(i & 1);
        m_faces[i].font.setItalic(i & 2);
        m_faces[i].raw = QRawFont::fromFont(m_faces[i].font);
    }
}

quint32 TerminalFont::Face::glyph(char32_t character)
{
    const auto found = glyphs.constFind(character);
    if (found != glyphs.cend())
        return *found;
    const QList<quint32> indexes = raw.glyphIndexesForString(QString::fromUcs4(&character, 1));
    return *glyphs.insert(character, indexes.size() == 1 ? indexes.front() : 0);
}

} // namespace rocker::gui
