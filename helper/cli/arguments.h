#pragma once

#include "engine/base/result.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::cli {

// An option of a command: "-m", "--memory SIZE". Without a value's name it is a flag.
struct Option {
    char letter = 0; // 0 for none
    std::string_view name;
    std::string_view value;
    std::string_view help;
};

// What a command accepts, from which both parsing and help are made.
struct Syntax {
    std::vector<std::string_view> names; // "remove", "rm"; two words for "image list"
    std::string_view operands;           // "CONTAINER…"
    std::string_view summary;
    std::vector<Option> options;
    std::size_t fewest = 0;
    std::size_t most = 0;
    bool stopAtOperand = false; // what follows the first operand belongs to the container's command

    static constexpr std::size_t anyNumber = std::size_t(-1);
};

// A command line after parsing.
class Arguments
{
public:
    bool has(std::string_view option) const { return m_options.contains(option); }
    // The last one given.
    std::optional<std::string> value(std::string_view option) const;
    std::string valueOr(std::string_view option, std::string fallback) const;
    std::vector<std::string> values(std::string_view option) const;
    const std::vector<std::string>& operands() const { return m_operands; }
    std::vector<std::string> operandsFrom(std::size_t first) const;

private:
    friend Result<Arguments> parseArguments(const Syntax& syntax, std::span<const std::string> words);
    std::map<std::string, std::vector<std::string>, std::less<>> m_options;
    std::vector<std::string> m_operands;
};

// As getopt_long(3) would: "-it", "-m256m", "--memory=256m", "--" ends the options. Every command has --help.
Result<Arguments> parseArguments(const Syntax& syntax, std::span<const std::string> words);
std::string helpText(const Syntax& syntax);

} // namespace rocker::cli
