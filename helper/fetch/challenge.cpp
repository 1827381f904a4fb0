#include "helper/fetch/challenge.h"

#include <algorithm>
#include <optional>

namespace rocker::fetch {

namespace {

constexpr std::size_t challengesLimit = 16;
constexpr std::size_t parametersLimit = 32;

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}

    void skip(std::string_view characters)
    {
        m_rest.remove_prefix(std::min(m_rest.find_first_not_of(characters), m_rest.size()));
    }
    bool take(char c)
    {
        if (!m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::string token()
    {
        const auto end = std::ranges::find_if_not(m_rest, isTokenCharacter);
        std::string word(m_rest.begin(), end);
        m_rest.remove_prefix(word.size());
        return word;
    }
    std::optional<std::string> quoted()
    {
        std::string word;
        while (!m_rest.empty()) {
            char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '"')
                return word;
            if (c == '\\' && !m_rest.empty()) {
                c = m_rest.front();
                m_rest.remove_prefix(1);
            }
            word.push_back(c);
        }
        return {};
    }
    bool atEnd() const { return m_rest.empty(); }
    std::string_view rest() const { return m_rest; }
    void back(std::string_view rest) { m_rest = rest; }

private:
    std::string_view m_rest;
};

std::string lower(std::string text)
{
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return text;
}

// name=value, or nothing: then what was read is the scheme of the next challenge and is given back.
std::optional<std::pair<std::string, std::string>> parameter(Scanner& scanner)
{
    const std::string_view before = scanner.rest();
    const std::string name = scanner.token();
    scanner.skip(" \t");
    if (name.empty() || !scanner.take('=')) {
        scanner.back(before);
        return {};
    }
    scanner.skip(" \t");
    if (!scanner.take('"'))
        return std::pair{lower(name), scanner.token()};
    auto value = scanner.quoted();
    if (!value) {
        scanner.back({});
        return {};
    }
    return std::pair{lower(name), std::move(*value)};
}

} // namespace

std::vector<Challenge> parseChallenges(std::string_view field)
{
    std::vector<Challenge> challenges;
    Scanner scanner(field);
    for (scanner.skip(" \t,\n"); !scanner.atEnd() && challenges.size() < challengesLimit; scanner.skip(" \t,\n")) {
        Challenge challenge{lower(scanner.token()), {}};
        if (challenge.scheme.empty())
            break;
        scanner.skip(" \t");
        while (challenge.parameters.size() < parametersLimit) {
            auto read = parameter(scanner);
            if (!read)
                break;
            challenge.parameters.insert(std::move(*read));
            scanner.skip(" \t,\n");
        }
        challenges.push_back(std::move(challenge));
    }
    return challenges;
}

} // namespace rocker::fetch
