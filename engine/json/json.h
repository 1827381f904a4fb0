#pragma once

#include "engine/base/result.h"
#include "engine/json/fields.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// Compiled once, in json.cpp: every file that reads or writes a struct would else compile the library's value again.
extern template class nlohmann::basic_json<>;

// Structs to JSON text and back (RFC 8259), with the path of the offending value in every error: "limits.memory: …".
namespace rocker::json {

using Value = nlohmann::json;

// What reading does with a key that the struct does not name: refuse it in requests, pass over it in documents
// that others write and extend (OCI: "implementations MUST NOT generate an error when they encounter an unknown property").
enum class UnknownKeys { Refuse, Ignore };

// Nothing may be nested deeper: what copies, compares and writes values does so by recursion.
inline constexpr int maximumDepth = 512;

Result<Value> parse(std::string_view text);
// For documents that strangers wrote: a key that stands twice in an object, of which readers choose different ones, is
// refused as well.
Result<Value> parseUnambiguous(std::string_view text);
// One line, UTF-8; bytes that are not UTF-8 become U+FFFD.
std::string dump(const Value& value);
// Indented for people and for records on disk.
std::string dumpPretty(const Value& value);

namespace detail {

std::unexpected<Error> expected(std::string_view what, const Value& found);
// "limits" + "memory: expected…" -> "limits.memory: expected…"
Error below(std::string_view key, Error&& error);
Error below(std::size_t index, Error&& error);

template<typename T>
struct IsOptional : std::false_type {};
template<typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template<typename T>
struct IsVector : std::false_type {};
template<typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template<typename T>
struct IsMap : std::false_type {};
template<typename T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

} // namespace detail

template<typename T>
Value write(const T& value)
{
    if constexpr (Reflected<T>) {
        Value object = Value::object();
        forEachField<T>([&](const auto& field) {
            const auto& member = value.*(field.member);
            if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
                if (member)
                    object[std::string(field.key)] = write(*member);
            } else {
                object[std::string(field.key)] = write(member);
            }
        });
        return object;
    } else if constexpr (NamedEnum<T>) {
        return Value(std::string(enumName(value)));
    } else if constexpr (detail::IsVector<T>::value) {
        Value array = Value::array();
        for (const auto& element : value)
            array.push_back(write(element));
        return array;
    } else if constexpr (detail::IsMap<T>::value) {
        Value object = Value::object();
        for (const auto& [key, element] : value)
            object[key] = write(element);
        return object;
    } else if constexpr (detail::IsOptional<T>::value) {
        return value ? write(*value) : Value(nullptr);
    } else {
        return Value(value);
    }
}

template<typename T>
Result<> readInto(T& target, const Value& source, UnknownKeys unknown);

namespace detail {

template<typename T>
Result<> readObject(T& target, const Value& source, UnknownKeys unknown)
{
    if (!source.is_object())
        return expected("an object", source);
    Result<> outcome;
    std::size_t known = 0;
    forEachField<T>([&](const auto& field) {
        if (!outcome)
            return;
        const auto found = source.find(field.key);
        if (found != source.end())
            ++known;
        if (found == source.end() || found->is_null()) {
            using Member = std::remove_cvref_t<decltype(target.*(field.member))>;
            if (field.presence == Presence::Required && !IsOptional<Member>::value)
                outcome = fail(ErrorCode::InvalidArgument, "{}: is missing", field.key);
            return;
        }
        if (auto read = readInto(target.*(field.member), *found, unknown); !read)
            outcome = fail(below(field.key, std::move(read).error()));
    });
    if (outcome && unknown == UnknownKeys::Refuse && known != source.size())
        for (const auto& [key, value] : source.items()) {
            bool named = false;
            forEachField<T>([&](const auto& field) { named = named || field.key == key; });
            if (!named)
                return fail(ErrorCode::InvalidArgument, "{}: is not known", key);
        }
    return outcome;
}

template<typename T>
Result<> readInteger(T& target, const Value& source)
{
    if (!source.is_number_integer())
        return expected("an integer", source);
    const bool fits = source.is_number_unsigned()
        ? std::in_range<T>(source.get<std::uint64_t>())
        : std::in_range<T>(source.get<std::int64_t>());
    if (!fits)
        return fail(ErrorCode::InvalidArgument, "{} is out of range", source.dump());
    target = source.get<T>();
    return {};
}

} // namespace detail

// Replaces `target`; on an error it may be half read.
template<typename T>
Result<> readInto(T& target, const Value& source, UnknownKeys unknown)
{
    if constexpr (Reflected<T>) {
        return detail::readObject(target, source, unknown);
    } else if constexpr (NamedEnum<T>) {
        if (!source.is_string())
            return detail::expected("a string", source);
        for (const auto& [value, name] : enumNames(T{}))
            if (source.get_ref<const std::string&>() == name) {
                target = value;
                return {};
            }
        return detail::expected("one of the known names", source);
    } else if constexpr (detail::IsVector<T>::value) {
        if (!source.is_array())
            return detail::expected("an array", source);
        target.clear();
        target.reserve(source.size());
        for (std::size_t i = 0; i < source.size(); ++i)
            if (auto read = readInto(target.emplace_back(), source[i], unknown); !read)
                return fail(detail::below(i, std::move(read).error()));
        return {};
    } else if constexpr (detail::IsMap<T>::value) {
        if (!source.is_object())
            return detail::expected("an object", source);
        target.clear();
        for (const auto& [key, element] : source.items())
            if (auto read = readInto(target[key], element, unknown); !read)
                return fail(detail::below(key, std::move(read).error()));
        return {};
    } else if constexpr (detail::IsOptional<T>::value) {
        if (source.is_null()) {
            target.reset();
            return {};
        }
        return readInto(target.emplace(), source, unknown);
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!source.is_boolean())
            return detail::expected("true or false", source);
        target = source.get<bool>();
        return {};
    } else if constexpr (std::is_integral_v<T>) {
        return detail::readInteger(target, source);
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!source.is_number())
            return detail::expected("a number", source);
        target = source.get<T>();
        return {};
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (!source.is_string())
            return detail::expected("a string", source);
        target = source.get<std::string>();
        return {};
    } else {
        static_assert(std::is_same_v<T, Value>, "this type has no JSON form");
        target = source;
        return {};
    }
}

template<typename T>
Result<T> read(const Value& source, UnknownKeys unknown)
{
    T target{};
    TRY(readInto(target, source, unknown));
    return target;
}

template<typename T>
Result<T> readText(std::string_view text, UnknownKeys unknown)
{
    const Value document = TRY(parse(text));
    return read<T>(document, unknown);
}

} // namespace rocker::json
