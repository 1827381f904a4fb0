#pragma once

#include "engine/json/json.h"

#include <concepts>
#include <string>
#include <string_view>

// What a Varlink method and a Varlink interface are to the compiler (https://varlink.org/Interface-Definition).
// Every message is a struct in this folder; JSON, the IDL text, the helper's dispatch, the window's client and the
// `rocker` command are all derived from it.
namespace rocker::protocol {

// How a method may be called.
enum class Flow {
    Once,    // one reply
    Stream,  // with "more": replies with "continues" until the last one
    Upgrade, // with "upgrade": after the reply the connection carries frames (engine/base/frame.h), no longer Varlink
};

template<typename M>
concept Method = requires {
    { M::name } -> std::convertible_to<std::string_view>;       // "Create"
    { M::comment } -> std::convertible_to<std::string_view>;    // one line of documentation
    { M::flow } -> std::convertible_to<Flow>;
    typename M::Parameters;
    typename M::Reply;
};

template<Method... M>
struct MethodList {};

// A Varlink interface: `name`, `comment` and `Methods`, the list of everything it can do.
template<typename I>
concept Interface = requires {
    { I::name } -> std::convertible_to<std::string_view>;
    { I::comment } -> std::convertible_to<std::string_view>;
    typename I::Methods;
};

struct Empty {
    bool operator==(const Empty&) const = default;
    static constexpr auto fields() { return std::tuple(); }
};

} // namespace rocker::protocol
