#include "gui/layers/text_difference_view.h"

#include "gui/layers/background.h"
#include "gui/layers/layer_text.h"
#include "gui/layers/preview.h"
#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QFontDatabase>
#include <QTextBlock>

namespace rocker::gui {

namespace {

using layers::Kind;

struct TextDifference {
    bool comparable = false;
    std::optional<std::vector<DiffLine>> lines;
};

TextDifference differenceOf(const QByteArray& before, const QByteArray& after)
{
    const Preview one = previewOf(before, true);
    const Preview other = previewOf(after, true);
    if (one.kind != Preview::Kind::Text || other.kind != Preview::Kind::Text)
        return {};
    // What else would begin a line in the view is made visible.
    const auto linesOf = [](QString text) {
        return text.replace(u'\r', QChar(0x240d)).replace(QChar::ParagraphSeparator, QChar(0x2424)).split(u'\n');
    };
    return {true, lineDiff(linesOf(one.text), linesOf(other.text))};
}

} // namespace

TextDifferenceView::TextDifferenceView(LayerSource& source, QWidget* parent)
    : QPlainTextEdit(parent), m_source(source)
{
    setReadOnly(true);
    setProperty("role", QStringLiteral("log"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    document()->setDocumentMargin(Theme::unit);
}

void TextDifferenceView::say(const QString& words)
{
    ++m_wish;
    write(words);
}

void TextDifferenceView::write(const QString& words)
{
    setExtraSelections({});
    setPlainText(words);
}

void TextDifferenceView::compare(const Version& before, const Version& after)
{
    const layers::Record& one = before.record;
    const layers::Record& other = after.record;
    if (one.kind != Kind::File || other.kind != Kind::File) {
        say(one.kind == other.kind
                ? tr("Its mode, owner or target may have changed: %1, then %2.")
                      .arg(modeText(one) + u' ' + ownerText(one), modeText(other) + u' ' + ownerText(other))
                : tr("It was: %1. It is now: %2.").arg(kindText(one), kindText(other)));
        return;
    }
    const bool known = one.content != layers::ContentId() && other.content != layers::ContentId();
    if (one.size == other.size && one.content == other.content && known) {
        say(tr("The content is the same; mode %1, then %2; owner %3, then %4.")
                .arg(modeText(one), modeText(other), ownerText(one), ownerText(other)));
        return;
    }
    if (one.size > quint64(Preview::textLimit) || other.size > quint64(Preview::textLimit)) {
        say(tr("The content is another one; it is too long to be compared line by line."));
        return;
    }
    say(tr("Comparing…"));
    const quint64 wish = m_wish;
    read(wish, before, [this, wish, after](const QByteArray& first) {
        read(wish, after, [this, wish, first](const QByteArray& second) {
            inBackground([first, second] {
                return differenceOf(first, second);
            }).then(this, [this, wish, same = first == second](const TextDifference& difference) {
                if (wish != m_wish)
                    return;
                if (same)
                    write(tr("The content is the same."));
                else if (!difference.comparable)
                    write(tr("The content is another one; it is no text."));
                else if (!difference.lines)
                    write(tr("The versions have too little in common to be compared line by line."));
                else
                    show(*difference.lines);
            });
        });
    });
}

void TextDifferenceView::read(quint64 wish, const Version& version, std::function<void(const QByteArray&)> then)
{
    m_source.file(version.image, version.layer, version.path, Preview::textLimit)
        .then(this, [this, wish, then = std::move(then)](const Result<FileBytes>& file) {
            if (wish != m_wish)
                return;
            if (file)
                then(file->bytes);
            else
                write(tr("The versions cannot be compared: %1").arg(sentence(text(file.error().what))));
        });
}

void TextDifferenceView::show(const std::vector<DiffLine>& lines)
{
    QStringList shown;
    for (const DiffLine& line : lines) {
        constexpr QStringView marks[]{u"  ", u"- ", u"+ ", u"  … "};
        shown << marks[int(line.kind)].toString() + line.text;
    }
    setPlainText(shown.join(u'\n'));
    const Colors& colors = Theme::instance().colors();
    QList<QTextEdit::ExtraSelection> marks;
    QTextBlock block = document()->begin();
    for (const DiffLine& line : lines) {
        if (line.kind != DiffLine::Kind::Same && block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
            mark.format.setBackground(line.kind == DiffLine::Kind::Gap ? colors.hover
                    : line.kind == DiffLine::Kind::Added               ? colors.goodSurface
                                                                       : colors.badSurface);
            marks << mark;
        }
        block = block.next();
    }
    setExtraSelections(marks);
}

} // namespace rocker::gui
