#pragma once

#include "engine/json/fields.h"

#include <concepts>
#include <format>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// Structs as JSON documents for people: the members in the order of fields(), and those that say nothing (absent, empty,
// false) left out where they may be. Written straight into text, without a tree between.
namespace rocker::json {

// A string as JSON has it, quotes included; bytes that are not UTF-8 become U+FFFD.
std::string quote(std::string_view text);

class TextWriter
{
public:
    // `indent` is one step of it; empty: all on one line.
    explicit TextWriter(std::string_view indent) : m_indent(indent) {}

    template<typename T>
    void value(const T& value)
    {
        if constexpr (Reflected<T>) {
            open('{');
            forEachField<T>([&](const auto& field) {
                const auto& member = value.*(field.member);
                if (field.presence == Presence::Required || !saysNothing(member)) {
                    key(field.key);
                    this->value(member);
                }
            });
            close('}');
        } else if constexpr (NamedEnum<T>) {
            m_text += quote(enumName(value));
        } else if constexpr (std::is_same_v<T, bool>) {
            m_text += value ? "true" : "false";
        } else if constexpr (std::is_integral_v<T>) {
            m_text += std::to_string(value);
        } else if constexpr (std::is_floating_point_v<T>) {
            m_text += std::format("{}", value); // the shortest that reads the same
        } else if constexpr (std::convertible_to<const T&, std::string_view>) {
            m_text += quote(value);
        } else if constexpr (requires { value.has_value(); }) {
            if (value)
                this->value(*value);
            else
                m_text += "null";
        } else if constexpr (requires { typename T::mapped_type; }) {
            open('{');
            for (const auto& [name, element] : value) {
                key(name);
                this->value(element);
            }
            close('}');
        } else {
            open('[');
            for (const auto& element : value) {
                next();
                this->value(element);
            }
            close(']');
        }
    }
    std::string take() { return std::move(m_text); }

private:
    template<typename T>
    static bool saysNothing(const T& member)
    {
        if constexpr (std::is_same_v<T, bool>)
            return !member;
        else if constexpr (requires { member.has_value(); })
            return !member.has_value();
        else if constexpr (requires { member.empty(); })
            return member.empty();
        else
            return false;
    }
    void open(char bracket);
    void close(char bracket);
    void next(); // before each element
    void key(std::string_view name);
    void newLine();

    std::string m_text;
    std::string_view m_indent;
    int m_depth = 0;
    bool m_first = true;
};

template<typename T>
std::string text(const T& value, std::string_view indent = {})
{
    TextWriter writer(indent);
    writer.value(value);
    return writer.take();
}

} // namespace rocker::json
