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

// One kind of thing of one user.
struct UsageRow {
    std::string kind;
    std::int64_t owner = 0;
    std::int64_t count = 0;
    std::int64_t active = 0;
    std::int64_t size = 0;
    std::int64_t reclaimable = 0;
    static constexpr auto fields()
    {
        using json::required;
        using U = UsageRow;
        return std::tuple(required("kind", &U::kind, "\"images\" or \"containers\""), required("owner", &U::owner, "a user's number"),
                          required("count", &U::count), required("active", &U::active, "images in use, containers that run"),
                          required("size", &U::size, "bytes on disk; what several users' images share is counted for each"),
                          required("reclaimable", &U::reclaimable, "of them, what a removal of all that is not active frees"));
    }
};

struct ImageUsage {
    std::string id;
    std::vector<std::string> references;
    std::int64_t owner = 0;
    std::int64_t own = 0;
    std::int64_t shared = 0;
    std::int64_t containers = 0;
    static constexpr auto fields()
    {
        using json::required;
        using U = ImageUsage;
        return std::tuple(required("id", &U::id), required("references", &U::references), required("owner", &U::owner),
                          required("own", &U::own, "bytes on disk that go with it"),
                          required("shared", &U::shared, "bytes on disk that other images need as well"),
                          required("containers", &U::containers, "the caller's that are made from it"));
    }
};

struct ContainerUsage {
    std::string id;
    std::string name;
    std::int64_t owner = 0;
    bool running = false;
    std::int64_t size = 0;
    static constexpr auto fields()
    {
        using json::required;
        using U = ContainerUsage;
        return std::tuple(required("id", &U::id), required("name", &U::name), required("owner", &U::owner),
                          required("running", &U::running), required("size", &U::size, "bytes on disk of its changes and its log"));
    }
};

struct DiskUsage {
    static constexpr std::string_view name = "DiskUsage";
    static constexpr std::string_view comment = "What images and the caller's containers (root: all) take on disk.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = Empty;
    struct Reply {
        std::vector<UsageRow> rows;
        std::vector<ImageUsage> images;
        std::vector<ContainerUsage> containers;
        std::int64_t total = 0;
        static constexpr auto fields()
        {
            using json::required;
            return std::tuple(required("rows", &Reply::rows), required("images", &Reply::images),
                              required("containers", &Reply::containers),
                              required("total", &Reply::total, "bytes on disk, what is shared once"));
        }
    };
};

struct System {
    static constexpr std::string_view name = "org.rockerworkstation.System";
    static constexpr std::string_view comment = "The helper itself, and everything that happens in it.";
    using Methods = MethodList<Info, Watch, DiskUsage>;
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
