#pragma once

#include <QString>
#include <QStringDecoder>

#include <string_view>

namespace rocker::gui {

// A log's bytes as plain text: escape sequences are taken out, a carriage return begins its line again, bytes that
// are no UTF-8 become U+FFFD. Takes the stream in pieces of any size.
class LogText
{
public:
    // Whole lines, each with its newline; the rest waits for its end.
    QString add(std::string_view bytes);
    // The line that has not ended yet.
    const QString& partialLine() const { return m_line; }
    void clear();

private:
    enum class State { Text, Escape, Sequence, String, StringEscape };
    void take(QChar c, QString& lines);

    QStringDecoder m_decoder{QStringDecoder::Utf8};
    State m_state = State::Text;
    QString m_line;
    bool m_returned = false; // a carriage return, of which it is not known yet whether a newline follows
};

} // namespace rocker::gui
