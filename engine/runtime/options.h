#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::runtime {

// One option of a command: parsing, help and completion all derive from it.
struct Option {
    std::string_view name;       // without dashes
    char letter = 0;             // of the short form; 0 for none
    std::string_view value = {}; // what stands for its value in the help; empty for a switch
    std::string_view help = {};  // empty: accepted because others accept it, and not shown
};

// What a command line says. Options may stand as "--name value", "--name=value", "-name value", "-n value", "-nvalue",
// "-n=value", and switches together as "-dt" or as "--name=false"; "--" ends them. (Callers of runc and of crun write
// all of these.)
class Arguments
{
public:
    // `words` are without the program's name. Behind the positional argument number `optionsEnd` everything is
    // positional, dashes or not. Errors are in the words that Go programs use, which scripts look for.
    static Result<Arguments> parse(std::span<const Option> options, std::span<const std::string_view> words,
                                   std::size_t optionsEnd = std::string_view::npos);

    bool has(std::string_view name) const;
    bool isOn(std::string_view name) const; // a switch that was given and not as "=false"
    std::string text(std::string_view name, std::string_view otherwise = {}) const; // the last one counts
    std::vector<std::string> all(std::string_view name) const;
    // Decimal, from `minimum` to `maximum`; nothing when it was not given.
    Result<std::optional<std::int64_t>> number(std::string_view name, std::int64_t minimum, std::int64_t maximum) const;

    std::span<const std::string> positional() const { return m_positional; }
    std::string at(std::size_t index) const { return index < m_positional.size() ? m_positional[index] : std::string(); }
    // Where in the words the positional argument of that number stood.
    std::size_t wordOf(std::size_t index) const { return m_places[index]; }

private:
    struct Given {
        std::string_view name;
        std::string value;
    };
    Result<> take(const Option& option, std::optional<std::string_view> value, std::string_view spelling,
                  std::span<const std::string_view>& rest);
    Result<> takeLetters(std::span<const Option> options, std::string_view word, std::span<const std::string_view>& rest);

    std::vector<Given> m_given;
    std::vector<std::string> m_positional;
    std::vector<std::size_t> m_places;
};

// The whole text as a decimal number in a range, or an error that says so.
Result<std::int64_t> parseNumber(std::string_view text, std::int64_t minimum, std::int64_t maximum);

} // namespace rocker::runtime
