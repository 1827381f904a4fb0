#include "gui/layers/searchable_tree.h"

#include <utility>

namespace rocker::gui {

namespace {

void appendSmall(std::string& text, std::string_view name)
{
    for (const char character : name)
        text += character >= 'A' && character <= 'Z' ? char(character + 32) : character;
}

} // namespace

SearchableTree::SearchableTree(
    std::vector<layers::LayerIndex> layers, std::size_t layer, layers::ImageTree::Scope scope)
    : m_tree(std::move(layers), layer, scope)
{
    if (!writePaths())
        writeNames();
}

// Parents come before their children: a path is its parent's and a name. False when they are too long together, as a
// layer of nothing but nested directories can make them.
bool SearchableTree::writePaths()
{
    m_starts.reserve(m_tree.size() + 1);
    m_starts.push_back(0);
    for (std::uint32_t node = 0; node < m_tree.size(); ++node) {
        if (node != layers::ImageTree::root) {
            const std::uint32_t parent = m_tree.at(node).parent;
            const std::size_t start = m_starts[parent];
            const std::size_t length = m_starts[parent + 1] - start;
            if (m_text.size() + length + m_tree.name(node).size() > textLimit)
                return false;
            if (length > 0) {
                m_text.append(m_text, start, length);
                m_text += '/';
            }
            appendSmall(m_text, m_tree.name(node));
        }
        m_starts.push_back(std::uint32_t(m_text.size()));
    }
    return true;
}

void SearchableTree::writeNames()
{
    m_text.clear();
    m_starts.assign(1, 0);
    for (std::uint32_t node = 0; node < m_tree.size(); ++node) {
        appendSmall(m_text, m_tree.name(node));
        m_starts.push_back(std::uint32_t(m_text.size()));
    }
}

} // namespace rocker::gui
