#pragma once

#include "engine/base/result.h"
#include "engine/layers/record.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::layers {

// A layer's index in memory: its file's bytes, checked once, and views into them. Immutable; copies share the bytes.
class LayerIndex
{
public:
    // Corrupt for anything but what IndexWriter writes: every offset, order and name is checked.
    static Result<LayerIndex> parse(std::string bytes);

    std::uint32_t size() const { return std::uint32_t(m_records.size()); }
    const Record& at(std::uint32_t record) const { return m_records[record]; }
    std::string_view name(std::uint32_t record) const;
    std::string_view link(std::uint32_t record) const;
    // Components joined by slashes; the root's is empty.
    std::string path(std::uint32_t record) const;
    // The record at a path, or size().
    std::uint32_t find(std::string_view path) const;

    // The records directly below one: for (auto i = first(d); i < at(d).end; i = next(i))
    std::uint32_t first(std::uint32_t directory) const { return directory + 1; }
    std::uint32_t next(std::uint32_t record) const { return m_records[record].end; }

private:
    std::shared_ptr<const std::string> m_bytes;
    std::span<const Record> m_records;
    std::string_view m_heap;
};

} // namespace rocker::layers
