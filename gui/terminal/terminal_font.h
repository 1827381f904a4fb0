#pragma once

#include <QFont>
#include <QHash>
#include <QRawFont>
#include <QSize>

#include <array>

namespace rocker::gui {

// A monospaced font as a grid of whole logical pixels, with its four faces and their glyph numbers.
class TerminalFont
{
public:
    explicit TerminalFont(const QFont& base = systemFont());
    static QFont systemFont();

    struct Face {
        QFont font;
        QRawFont raw;
        QHash<char32_t, quint32> glyphs;

        // 0 when the font does not have it: then another font must draw it.
        quint32 glyph(char32_t character);
    };
    Face& face(bool bold, bool italic) { return m_faces[(bold ? 1 : 0) + (italic ? 2 : 0)]; }

    QSize cell() const { return m_cell; }
    int ascent() const { return m_ascent; }
    int lineWidth() const { return m_lineWidth; }

private:
    std::array<Face, 4> m_faces;
    QSize m_cell;
    int m_ascent = 0;
    int m_lineWidth = 1;
};

} // namespace rocker::gui
