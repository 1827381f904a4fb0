#pragma once

#include "gui/layers/searchable_tree.h"

#include <QString>

#include <optional>

namespace rocker::gui {

// What is looked for in a tree. As a line: words that paths contain, patterns with * ? [a-z] that a name is (or a path,
// when the pattern has a slash), and kind: change: size: layer:, for example "*.so size:>1M change:added".
struct TreeFilter {
    enum Kinds : unsigned { Files = 1, Directories = 2, Links = 4, Devices = 8, AllKinds = 15 };
    struct Word {
        std::string text; // in small letters
        bool pattern = false;
        bool path = false; // has a slash: about the whole path
        bool operator==(const Word&) const = default;
    };
    std::vector<Word> words;
    unsigned kinds = AllKinds;
    unsigned changes = 0; // bits 1 << Change; 0 for all
    std::optional<std::uint64_t> atLeast;
    std::optional<std::uint64_t> atMost;
    std::optional<std::uint16_t> layer; // from 0
    QString problem; // why a part of the line means nothing, as a sentence

    bool isEmpty() const;
    static TreeFilter parse(const QString& line);
};

// The line with one "key:value" in place of those with that key; an empty value takes them away.
QString withToken(const QString& line, const QString& key, const QString& value);
// The value of the last "key:value"; empty when there is none.
QString tokenOf(const QString& line, const QString& key);

bool matchesPattern(std::string_view pattern, std::string_view text);

// What is left of a tree: one pass down and one up over its nodes, whatever their number.
struct FilteredTree {
    enum Bit : std::uint8_t { Shown = 1, Match = 2, Named = 4 };
    std::vector<std::uint8_t> bits; // per node
    std::vector<std::uint32_t> shownChildren; // per node
    std::uint32_t matches = 0;
    std::uint64_t bytes = 0; // of the files among them

    bool is(std::uint32_t node, Bit bit) const { return bits[node] & bit; }
};

enum class Removed { Shown, Hidden };
FilteredTree filtered(const SearchableTree& tree, const TreeFilter& filter, Removed removed);

} // namespace rocker::gui
