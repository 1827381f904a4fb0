#include "helper/protocol/idl.h"

#include <algorithm>
#include <format>

namespace rocker::protocol::idl {

namespace {

std::string fieldList(const std::vector<FieldText>& fields)
{
    if (fields.empty())
        return "()";
    std::string text = "(\n";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!fields[i].comment.empty())
            text += std::format("\t# {}\n", fields[i].comment);
        text += std::format("\t{}: {}{}\n", fields[i].key, fields[i].type, i + 1 < fields.size() ? "," : "");
    }
    return text + ")";
}

std::string_view howToCall(Flow flow)
{
    switch (flow) {
    case Flow::Once:
        break;
    case Flow::Stream:
        return "# Call it with \"more\".\n";
    case Flow::Upgrade:
        return "# Call it with \"upgrade\": after the reply the connection carries frames.\n";
    }
    return "";
}

std::string errorDeclarations()
{
    Description none;
    std::string fields;
    for (const FieldText& field : fieldTexts<ErrorParameters>(none))
        fields += std::format("{}{}: {}", fields.empty() ? "" : ", ", field.key, field.type);
    std::string text;
    for (int code = 0; code <= int(ErrorCode::Cancelled); ++code)
        text += std::format("error {} ({})\n\n", errorCodeName(ErrorCode(code)), fields);
    return text;
}

} // namespace

bool Description::knows(std::string_view type) const
{
    return std::ranges::find(m_known, type) != m_known.end();
}

void Description::addStruct(std::string_view name, const std::vector<FieldText>& fields)
{
    m_known.emplace_back(name);
    m_types += std::format("type {} {}\n\n", name, fieldList(fields));
}

void Description::addEnum(std::string_view name, const std::vector<std::string_view>& values)
{
    m_known.emplace_back(name);
    m_types += std::format("type {} (", name);
    for (std::size_t i = 0; i < values.size(); ++i)
        m_types += std::format("{}{}", i == 0 ? "" : ", ", values[i]);
    m_types += ")\n\n";
}

void Description::addMethod(std::string_view name, std::string_view comment, Flow flow,
                            const std::vector<FieldText>& parameters, const std::vector<FieldText>& reply)
{
    m_methods += std::format("# {}\n{}method {}{} -> {}\n\n", comment, howToCall(flow), name, fieldList(parameters),
                             fieldList(reply));
}

std::string Description::text(std::string_view interface, std::string_view comment) const
{
    std::string text = std::format("# {}\ninterface {}\n\n", comment, interface) + m_types + m_methods
        + "# Every error says in \"message\" what went wrong, in words for people.\n" + errorDeclarations();
    text.pop_back();
    return text;
}

} // namespace rocker::protocol::idl
