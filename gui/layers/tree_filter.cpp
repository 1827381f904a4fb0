#include "gui/layers/tree_filter.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>
#include <cstring>

namespace rocker::gui {

namespace {

using layers::Change;
using layers::ImageTree;
using layers::Kind;
using layers::Record;

QString filterTr(const char* source)
{
    return QCoreApplication::translate("rocker::gui", source);
}

const QStringList& tokenKeys()
{
    static const QStringList keys{
        QStringLiteral("kind"), QStringLiteral("change"), QStringLiteral("size"), QStringLiteral("layer")};
    return keys;
}

std::optional<std::uint64_t> bytesOf(QStringView text)
{
    double unit = 1;
    while (!text.isEmpty() && (text.back().toLower() == u'b' || text.back().toLower() == u'i'))
        text.chop(1);
    if (!text.isEmpty()) {
        const qsizetype power = QStringView(u"kmgt").indexOf(text.back().toLower());
        if (power >= 0) {
            unit = std::pow(1024.0, double(power + 1));
            text.chop(1);
        }
    }
    bool fine = false;
    const double number = text.toString().toDouble(&fine);
    if (!fine || !(number >= 0) || number * unit > 1e18)
        return std::nullopt;
    return std::uint64_t(number * unit);
}

bool readKinds(TreeFilter& filter, const QString& value)
{
    const auto is = [&](QStringView name) { return name.startsWith(value); };
    if (is(u"files"))
        filter.kinds = TreeFilter::Files;
    else if (is(u"directories") || value == u"dir" || value == u"dirs")
        filter.kinds = TreeFilter::Directories;
    else if (is(u"links") || is(u"symlinks"))
        filter.kinds = TreeFilter::Links;
    else if (is(u"devices"))
        filter.kinds = TreeFilter::Devices;
    else
        return false;
    return true;
}

bool readChanges(TreeFilter& filter, const QString& value)
{
    constexpr std::pair<QStringView, unsigned> names[]{{u"added", 1U << int(Change::Added)},
        {u"changed", 1U << int(Change::Changed)}, {u"removed", 1U << int(Change::Removed)}, {u"any", 0b1110},
        {u"none", 1U << int(Change::None)}};
    for (const auto& [name, bits] : names)
        if (name.startsWith(value)) {
            filter.changes |= bits;
            return true;
        }
    return false;
}

bool readSize(TreeFilter& filter, QStringView value)
{
    const bool less = value.startsWith(u'<');
    if (less || value.startsWith(u'>'))
        value = value.mid(1);
    if (value.startsWith(u'='))
        value = value.mid(1);
    const auto bytes = bytesOf(value);
    if (bytes)
        (less ? filter.atMost : filter.atLeast) = *bytes;
    return bytes.has_value();
}

bool readLayer(TreeFilter& filter, const QString& value)
{
    bool fine = false;
    const unsigned number = value.toUInt(&fine);
    if (!fine || number == 0 || number > 0xffff)
        return false;
    filter.layer = std::uint16_t(number - 1);
    return true;
}

void readToken(TreeFilter& filter, const QString& key, const QString& value)
{
    if (value.isEmpty())
        return; // still being typed
    const bool fine = key == u"kind" ? readKinds(filter, value)
        : key == u"change"           ? readChanges(filter, value)
        : key == u"size"             ? readSize(filter, value)
                                     : readLayer(filter, value);
    if (fine)
        return;
    filter.problem = key == u"kind" ? filterTr("kind: is one of files, directories, links, devices.")
        : key == u"change"          ? filterTr("change: is one of added, changed, removed, any, none.")
        : key == u"size"            ? filterTr("size: is a number of bytes, as in size:>1M or size:<4k.")
                                    : filterTr("layer: is a layer's number, the lowest is 1.");
}

unsigned kindBit(const Record& record)
{
    switch (record.kind) {
    case Kind::Directory:
        return TreeFilter::Directories;
    case Kind::Symlink:
        return TreeFilter::Links;
    case Kind::File:
    case Kind::Whiteout:
        return TreeFilter::Files;
    default:
        return TreeFilter::Devices;
    }
}

bool contains(std::string_view text, std::string_view word)
{
    return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

// "[a-z]" at the beginning of `pattern`, which it takes off; a bracket that is never closed stands for itself.
bool matchesSet(std::string_view& pattern, char character)
{
    const std::size_t end = pattern.find(']', 2);
    if (end == pattern.npos) {
        pattern.remove_prefix(1);
        return character == '[';
    }
    std::string_view set = pattern.substr(1, end - 1);
    pattern.remove_prefix(end + 1);
    const bool negated = set.starts_with('!') || set.starts_with('^');
    if (negated)
        set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        const bool range = i + 2 < set.size() && set[i + 1] == '-';
        found = found || (range ? character >= set[i] && character <= set[i + 2] : character == set[i]);
        i += range ? 2 : 0;
    }
    return found != negated;
}

} // namespace

bool matchesPattern(std::string_view pattern, std::string_view text)
{
    std::string_view afterStar;
    std::string_view textAtStar;
    bool starred = false;
    while (!text.empty() || !pattern.empty()) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            afterStar = pattern;
            textAtStar = text;
            starred = true;
            continue;
        }
        if (!pattern.empty() && !text.empty()) {
            std::string_view rest = pattern.substr(1);
            bool same = pattern[0] == '?' || pattern[0] == text[0];
            if (pattern[0] == '[') {
                rest = pattern;
                same = matchesSet(rest, text[0]);
            }
            if (same) {
                pattern = rest;
                text.remove_prefix(1);
                continue;
            }
        }
        if (!starred || textAtStar.empty())
            return false;
        textAtStar.remove_prefix(1);
        text = textAtStar;
        pattern = afterStar;
    }
    return true;
}

bool TreeFilter::isEmpty() const
{
    return words.empty() && kinds == AllKinds && changes == 0 && !atLeast && !atMost && !layer;
}

TreeFilter TreeFilter::parse(const QString& line)
{
    TreeFilter filter;
    for (const QString& part : line.toLower().split(u' ', Qt::SkipEmptyParts)) {
        const qsizetype colon = part.indexOf(u':');
        if (colon > 0 && tokenKeys().contains(part.left(colon))) {
            readToken(filter, part.left(colon), part.mid(colon + 1));
            continue;
        }
        QString word = part;
        while (word.startsWith(u'/') || word.startsWith(QStringLiteral("./")))
            word.remove(0, word.startsWith(u'.') ? 2 : 1);
        if (word.isEmpty())
            continue;
        const bool pattern = word.contains(u'*') || word.contains(u'?') || word.contains(u'[');
        filter.words.push_back({word.toStdString(), pattern, word.contains(u'/')});
    }
    return filter;
}

QString withToken(const QString& line, const QString& key, const QString& value)
{
    QStringList parts = line.split(u' ', Qt::SkipEmptyParts);
    parts.removeIf([&](const QString& part) { return part.startsWith(key + u':', Qt::CaseInsensitive); });
    if (!value.isEmpty())
        parts << key + u':' + value;
    return parts.join(u' ');
}

QString tokenOf(const QString& line, const QString& key)
{
    QString value;
    for (const QString& part : line.split(u' ', Qt::SkipEmptyParts))
        if (part.startsWith(key + u':', Qt::CaseInsensitive))
            value = part.mid(key.size() + 1).toLower();
    return value;
}

FilteredTree filtered(const SearchableTree& searchable, const TreeFilter& filter, Removed removed)
{
    const ImageTree& tree = searchable.tree();
    const std::uint32_t size = tree.size();
    FilteredTree result;
    result.bits.assign(size, 0);
    result.shownChildren.assign(size, 0);
    if (size == 0)
        return result;

    // Down: a path contains what its parent's contains. Each word has a bit.
    const std::size_t count = std::min<std::size_t>(filter.words.size(), 32);
    const std::uint32_t all = count == 32 ? 0xffffffff : (1U << count) - 1;
    std::vector<std::uint32_t> found(size, 0);
    for (std::uint32_t node = 1; node < size && count > 0; ++node) {
        std::uint32_t bits = found[tree.at(node).parent];
        for (std::size_t i = 0; i < count; ++i) {
            const TreeFilter::Word& word = filter.words[i];
            if (bits & (1U << i))
                continue;
            const std::string_view text = word.path ? searchable.path(node) : searchable.name(node);
            if (word.pattern ? matchesPattern(word.text, text) : contains(text, word.text))
                bits |= 1U << i;
        }
        found[node] = bits;
    }
    // Up: what is a match, and all on the way there.
    const bool sized = filter.atLeast || filter.atMost;
    const bool allKinds = filter.kinds == TreeFilter::AllKinds;
    for (std::uint32_t node = size - 1; node > 0; --node) {
        const ImageTree::Node& at = tree.at(node);
        const Record& record = tree.record(node);
        const bool directory = record.kind == Kind::Directory;
        const bool gone = at.change == Change::Removed;
        const std::uint64_t bytes = gone ? at.removed : at.size;
        bool match = found[node] == all && (removed == Removed::Shown || !gone);
        match = match && (filter.kinds & kindBit(record))
            && (filter.changes == 0 || (filter.changes & (1U << int(at.change))))
            && (!filter.layer || *filter.layer == at.layer);
        // A directory is not large for what is in it, unless directories are what is looked for.
        if (match && sized)
            match = (!directory || !allKinds) && (!filter.atLeast || bytes >= *filter.atLeast)
                && (!filter.atMost || bytes <= *filter.atMost);
        if (match) {
            ++result.matches;
            result.bytes += directory ? 0 : bytes;
            result.bits[node] |= FilteredTree::Match;
            if (count > 0 && found[at.parent] != all)
                result.bits[node] |= FilteredTree::Named;
        }
        if (match || result.shownChildren[node] > 0) {
            result.bits[node] |= FilteredTree::Shown;
            ++result.shownChildren[at.parent];
        }
    }
    result.bits[ImageTree::root] |= FilteredTree::Shown;
    return result;
}

} // namespace rocker::gui
