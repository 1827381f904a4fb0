#include "engine/packages/licenses.h"

#include "engine/packages/lines.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <utility>

namespace rocker::packages {

namespace {

// Identifiers of the SPDX licence list that distributions and languages use.
constexpr auto identifiers = std::to_array<std::string_view>({
    "0BSD", "AFL-2.0", "AFL-2.1", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-1.1", "Apache-2.0", "Artistic-1.0",
    "Artistic-1.0-Perl", "Artistic-2.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-3-Clause", "BSD-3-Clause-LBNL",
    "BSD-4-Clause", "BSD-4-Clause-UC", "BSD-Source-Code", "BSL-1.0", "Beerware", "BlueOak-1.0.0", "bzip2-1.0.6", "CC-BY-3.0", "CC-BY-4.0",
    "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDDL-1.0", "CDDL-1.1", "CNRI-Python", "CPL-1.0", "curl", "ECL-2.0", "EPL-1.0", "EPL-2.0",
    "EUPL-1.2", "FSFAP", "FSFUL", "FSFULLR", "FSFULLRWD", "FTL", "GFDL-1.1-or-later", "GFDL-1.2-only", "GFDL-1.2-or-later", "GFDL-1.3-only",
    "GFDL-1.3-or-later", "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "HPND",
    "HPND-sell-variant", "ICU", "IJG", "IPL-1.0", "ISC", "ImageMagick", "JSON", "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only",
    "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "LPPL-1.3c", "Latex2e", "Libpng", "libtiff", "MIT", "MIT-0", "MIT-CMU", "MPL-1.1",
    "MPL-2.0", "MS-PL", "NCSA", "NTP", "OFL-1.1", "OLDAP-2.8", "OpenSSL", "PHP-3.01", "PSF-2.0", "PostgreSQL", "Python-2.0", "Ruby", "SGI-B-2.0",
    "SISSL", "SMLNJ", "SSH-OpenSSH", "Sleepycat", "Spencer-94", "TCL", "TCP-wrappers", "UPL-1.0", "Unicode-3.0", "Unicode-DFS-2015",
    "Unicode-DFS-2016", "Unlicense", "Vim", "W3C", "WTFPL", "X11", "Xnet", "ZPL-2.1", "Zlib", "libpng-2.0", "libselinux-1.0", "zlib-acknowledgement",
});

constexpr auto exceptions = std::to_array<std::string_view>({
    "Autoconf-exception-2.0", "Autoconf-exception-3.0", "Bison-exception-2.2", "Classpath-exception-2.0", "FLTK-exception", "Font-exception-2.0",
    "GCC-exception-2.0", "GCC-exception-3.1", "GPL-CC-1.0", "LGPL-3.0-linking-exception", "LLVM-exception", "Libtool-exception",
    "Linux-syscall-note", "OCaml-LGPL-linking-exception", "OpenJDK-assembly-exception-1.0", "openvpn-openssl-exception", "SWI-exception",
    "u-boot-exception-2.0",
});

using Name = std::pair<std::string_view, std::string_view>;
// What Debian's copyright files, Fedora before 2022, older SPDX and Python's classifiers call them.
constexpr auto otherNames = std::to_array<Name>({
    {"AGPL-3", "AGPL-3.0-only"}, {"AGPL-3+", "AGPL-3.0-or-later"}, {"AGPL-3.0", "AGPL-3.0-only"}, {"Apache 2.0", "Apache-2.0"},
    {"Apache License 2.0", "Apache-2.0"}, {"Apache License, Version 2.0", "Apache-2.0"}, {"Apache Software License", "Apache-2.0"}, {"Apache-2", "Apache-2.0"}, {"Artistic", "Artistic-1.0-Perl"},
    {"BSD License", "BSD-3-Clause"}, {"BSD-2-clause", "BSD-2-Clause"}, {"BSD-3-clause", "BSD-3-Clause"}, {"Expat", "MIT"},
    {"GFDL-1.2", "GFDL-1.2-only"}, {"GFDL-1.2+", "GFDL-1.2-or-later"}, {"GFDL-1.3", "GFDL-1.3-only"}, {"GFDL-1.3+", "GFDL-1.3-or-later"},
    {"GPL-1", "GPL-1.0-only"}, {"GPL-1+", "GPL-1.0-or-later"}, {"GPL-2", "GPL-2.0-only"}, {"GPL-2+", "GPL-2.0-or-later"},
    {"GPL-2.0", "GPL-2.0-only"}, {"GPL-2.0+", "GPL-2.0-or-later"}, {"GPL-3", "GPL-3.0-only"}, {"GPL-3+", "GPL-3.0-or-later"},
    {"GPL-3.0", "GPL-3.0-only"}, {"GPL-3.0+", "GPL-3.0-or-later"}, {"GPLv2", "GPL-2.0-only"}, {"GPLv2+", "GPL-2.0-or-later"},
    {"GPLv3", "GPL-3.0-only"}, {"GPLv3+", "GPL-3.0-or-later"}, {"ISC License (ISCL)", "ISC"}, {"LGPL-2", "LGPL-2.0-only"},
    {"LGPL-2+", "LGPL-2.0-or-later"}, {"LGPL-2.0", "LGPL-2.0-only"}, {"LGPL-2.0+", "LGPL-2.0-or-later"}, {"LGPL-2.1", "LGPL-2.1-only"}, {"LGPL-2.1+", "LGPL-2.1-or-later"}, {"LGPL-3", "LGPL-3.0-only"},
    {"LGPL-3+", "LGPL-3.0-or-later"}, {"LGPL-3.0", "LGPL-3.0-only"}, {"LGPL-3.0+", "LGPL-3.0-or-later"}, {"LGPLv2+", "LGPL-2.0-or-later"}, {"LGPLv3+", "LGPL-3.0-or-later"}, {"MIT License", "MIT"},
    {"Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"}, {"MPL-2", "MPL-2.0"}, {"Python Software Foundation License", "PSF-2.0"}, {"PSF", "PSF-2.0"}, {"The MIT License", "MIT"}, {"zlib/libpng", "Zlib"},
});

constexpr std::size_t operandsLimit = 200;

std::string_view lookUp(std::span<const std::string_view> table, std::string_view name)
{
    const auto found = std::ranges::find_if(table, [&](std::string_view known) { return equalIgnoringCase(known, name); });
    return found == table.end() ? std::string_view() : *found;
}

// The identifier that a name means; empty for none.
std::string_view identifierOf(std::string_view name)
{
    const auto other = std::ranges::find_if(otherNames, [&](const Name& known) { return equalIgnoringCase(known.first, name); });
    return other == otherNames.end() ? lookUp(identifiers, name) : other->second;
}

bool isIdCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

// Words that differ where the identifier cannot get a number, of the words themselves.
std::string referenceOf(std::string_view words)
{
    std::string id = "LicenseRef-";
    std::uint64_t hash = 14695981039346656037U;
    bool exact = words.size() <= 60;
    for (const char c : words) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
        exact = exact && isIdCharacter(c);
        if (id.size() < 70)
            id.push_back(isIdCharacter(c) ? c : '-');
    }
    return exact ? id : id + std::format("-{:08x}", std::uint32_t(hash ^ hash >> 32));
}

class Parser
{
public:
    explicit Parser(std::string_view text) : m_rest(text) {}

    // False when its parentheses and operators fit no expression.
    bool parse(LicenseExpression& result)
    {
        int depth = 0;
        bool wantsOperand = true;
        std::size_t operands = 0;
        while (next()) {
            if (m_token == "(" || m_token == ")") {
                const bool opens = m_token == "(";
                if (opens != wantsOperand || (depth += opens ? 1 : -1) < 0 || depth > 32)
                    return false;
                append(result, m_token, !opens);
            } else if (isOperator(m_token)) {
                if (std::exchange(wantsOperand, true))
                    return false;
                append(result, equalIgnoringCase(m_token, "and") ? "AND" : "OR", false);
            } else {
                if (!std::exchange(wantsOperand, false) || ++operands > operandsLimit)
                    return false;
                append(result, operand(words(), result), false);
            }
        }
        result.isOneIdentifier = operands == 1 && result.others.empty() && !result.expression.contains(' ') && !result.expression.contains('(');
        return depth == 0 && !wantsOperand;
    }

private:
    static bool isOperator(std::string_view token) { return equalIgnoringCase(token, "and") || equalIgnoringCase(token, "or"); }

    bool next()
    {
        m_rest = m_rest.substr(std::min(m_rest.find_first_not_of(" \t"), m_rest.size()));
        if (m_rest.empty())
            return false;
        const bool bracket = m_rest.front() == '(' || m_rest.front() == ')';
        const std::size_t size = bracket ? 1 : std::min(m_rest.find_first_of(" \t()"), m_rest.size());
        m_token = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return true;
    }

    // The current word and those that follow it, up to an operator or a bracket.
    std::string_view words()
    {
        const char* const start = m_token.data();
        const char* end = start + m_token.size();
        for (;;) {
            const std::string_view before = m_rest;
            if (!next())
                break;
            if (m_token == "(" || m_token == ")" || isOperator(m_token)) {
                m_rest = before;
                break;
            }
            end = m_token.data() + m_token.size();
        }
        return {start, std::size_t(end - start)};
    }

    static std::string operand(std::string_view name, LicenseExpression& result)
    {
        if (const std::string_view id = identifierOf(name); !id.empty())
            return std::string(id);
        if (const std::size_t with = name.find(" WITH "); with != name.npos) {
            const std::string_view id = identifierOf(trimmed(name.substr(0, with)));
            const std::string_view exception = lookUp(exceptions, trimmed(name.substr(with + 6)));
            if (!id.empty() && !exception.empty())
                return std::format("{} WITH {}", id, exception);
        }
        LicenseExpression::Other other{referenceOf(name), std::string(name)};
        if (!std::ranges::contains(result.others, other.id, &LicenseExpression::Other::id))
            result.others.push_back(other);
        return other.id;
    }

    static void append(LicenseExpression& result, std::string_view part, bool close)
    {
        if (!result.expression.empty() && !close && !result.expression.ends_with('('))
            result.expression += ' ';
        result.expression += part;
    }

    std::string_view m_rest;
    std::string_view m_token;
};

} // namespace

LicenseExpression licenseExpression(std::string_view text)
{
    text = trimmed(text);
    LicenseExpression result;
    if (text.empty() || equalIgnoringCase(text, "NOASSERTION") || equalIgnoringCase(text, "NONE"))
        return result;
    if (const std::string_view id = identifierOf(text); !id.empty())
        return {std::string(id), {}, true};
    if (Parser(text).parse(result))
        return result;
    std::string id = referenceOf(text);
    return {id, {{id, std::string(text)}}, false};
}

} // namespace rocker::packages
