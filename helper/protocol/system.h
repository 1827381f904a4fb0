#pragma once

#include "helper/protocol/containers.h"
#include "helper/protocol/images.h"

namespace rocker::protocol {

struct Info {
    static constexpr std::string_view name = "Info";
    static constexpr std::string_view comment = "What the helper is and what the machine offers it.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = Empty;
    struct Reply {
        std::string version;
        std::string stateDirectory;
        std::string kernel;
        std::string cgroups;
        std::int64_t processors = 0;
        std::int64_t memory = 0;
        static constexpr auto fields()
        {
            using json::required;
            return std::tuple(required("version", &Reply::version), required("stateDirectory", &Reply::stateDirectory),
                              required("kernel", &Reply::kernel), required("cgroups", &Reply::cgroups, "\"v1\", \"hybrid\" or \"v2\""),
                              required("processors", &Reply::processors), required("memory", &Reply::memory, "bytes"));
        }
    };
};

struct Watch {
    static constexpr std::string_view name = "Watch";
    static constexpr std::string_view comment =
        "First a snapshot (reset), then changes; after a slow reader's pause a snapshot again. Sequence numbers have no gaps.";
    static constexpr Flow flow = Flow::Stream;
    using Parameters = Empty;
    struct Reply {
        std::int64_t sequence = 0;
        bool reset = false;
        std::vector<Container> containers;
        std::vector<std::string> removedContainers;
        std::vector<Image> images;
        std::vector<std::string> removedImages;
        static constexpr auto fields()
        {
            using json::required;
            return std::tuple(required("sequence", &Reply::sequence),
                              required("reset", &Reply::reset, "forget everything known: this is all there is"),
                              required("containers", &Reply::containers, "new or changed"),
                              required("removedContainers", &Reply::removedContainers, "IDs"),
                              required("images", &Reply::images, "new or changed"),
                              required("removedImages", &Reply::removedImages, "IDs"));
        }
    };
};

struct System {
    static constexpr std::string_view name = "org.rockerworkstation.System";
    static constexpr std::string_view comment = "The helper itself, and everything that happens in it.";
    using Methods = MethodList<Info, Watch>;
};

// Everything the helper serves besides org.varlink.service.
template<Interface... I>
struct InterfaceList {};
using Interfaces = InterfaceList<Containers, Images, System>;

namespace detail {

template<typename M, typename Methods>
inline constexpr bool isAmong = false;
template<typename M, Method... All>
inline constexpr bool isAmong<M, MethodList<All...>> = (std::is_same_v<M, All> || ...);

template<typename M, typename List>
struct FindInterface;
template<typename M, Interface First, Interface... Rest>
struct FindInterface<M, InterfaceList<First, Rest...>>
    : std::conditional_t<isAmong<M, typename First::Methods>, std::type_identity<First>,
                         FindInterface<M, InterfaceList<Rest...>>> {};

} // namespace detail

// The interface that method M belongs to.
template<Method M>
using InterfaceOf = typename detail::FindInterface<M, Interfaces>::type;

} // namespace rocker::protocol
