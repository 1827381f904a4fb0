#pragma once

#include <concepts>
#include <string_view>
#include <tuple>
#include <utility>

namespace rocker::json {

// How a member stands in JSON: under which key, and whether the key must be there when read.
enum class Presence {
    Required,
    Defaulted, // absent means: keep the member's initialiser
};

template<typename Struct, typename Member>
struct Field {
    std::string_view key;
    Member Struct::*member;
    Presence presence;
    std::string_view comment; // one line for the interface description
};

template<typename Struct, typename Member>
constexpr Field<Struct, Member> required(std::string_view key, Member Struct::*member, std::string_view comment = {})
{
    return {key, member, Presence::Required, comment};
}

template<typename Struct, typename Member>
constexpr Field<Struct, Member> defaulted(std::string_view key, Member Struct::*member, std::string_view comment = {})
{
    return {key, member, Presence::Defaulted, comment};
}

// A struct that names its members once:
//     static constexpr auto fields() { return std::tuple(required("id", &T::id), …); }
// Reading, writing and the Varlink description are all derived from that tuple.
template<typename T>
concept Reflected = requires { T::fields(); };

// An enumeration that names its values once, as a free function found by argument-dependent look-up:
//     constexpr auto enumNames(State) { return std::array{std::pair{State::Running, "running"sv}, …}; }
template<typename T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) { enumNames(value); };

template<NamedEnum E>
constexpr std::string_view enumName(E value)
{
    for (const auto& [candidate, name] : enumNames(value))
        if (candidate == value)
            return name;
    return {};
}

template<Reflected T, typename F>
constexpr void forEachField(F&& visit)
{
    std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields());
}

} // namespace rocker::json
