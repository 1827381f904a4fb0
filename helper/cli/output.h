#pragma once

#include "engine/base/result.h"
#include "helper/protocol/images.h"
#include "helper/protocol/containers.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// What people read: tables, ages, sizes, messages.
namespace rocker::cli {

// Rows of cells, each column as wide as its widest. Control characters, which may be a stranger's, become '?'.
class Table
{
public:
    explicit Table(std::vector<std::string> titles) : m_rows{std::move(titles)} {}
    void add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }
    std::string text() const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

using Clock = std::chrono::system_clock;

void print(std::string_view text);
// "rocker: …" on standard error.
void complain(std::string_view text);

// "3 minutes", "About an hour"; of an RFC 3339 time until `now`, empty for one that cannot be read.
std::string ageOf(const std::string& time, Clock::time_point now = Clock::now());
// "Up 3 minutes", "Exited (1) 2 hours ago", "Created".
std::string statusOf(const protocol::Container& container, Clock::time_point now = Clock::now());
// "4.19MB", powers of 1000.
std::string sizeText(std::int64_t bytes);
// 12 digits of an ID, without "sha256:".
std::string shortId(std::string_view id);
// At most `width` characters, the last of them "…".
std::string shortened(std::string_view text, std::size_t width);

} // namespace rocker::cli
