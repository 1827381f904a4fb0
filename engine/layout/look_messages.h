#pragma once

#include "engine/image/worker_messages.h"

// What windows and command lines tell the workers that look into archives for them (rocker-unpack: open, look, take), and
// hear from them. Unlike the import's these run as whoever wants to look; see helper/unpack/seclude.h.
namespace rocker::layout {

// open: what the archive on InputFd is. What cannot be read in place (compressed as a whole, a directory) is first
// written to OutputFd as a plain tar.
struct OpenRequest {
    std::int64_t spoolLimit = 0; // bytes; 0: tell only whether it is a file system
    static constexpr auto fields() { return std::tuple(json::required("spoolLimit", &OpenRequest::spoolLimit)); }
};

struct OpenOutcome {
    bool spooled = false;
    // One nameless image of one layer, when the archive is a file system or a single layer. Of an image archive the images
    // of every platform.
    bool fileSystem = false;
    std::vector<image::ArchivedImage> images;
    static constexpr auto fields()
    {
        using O = OpenOutcome;
        return std::tuple(json::required("spooled", &O::spooled), json::required("fileSystem", &O::fileSystem),
                          json::required("images", &O::images));
    }
};

// look: all of one layer. OutputFd gets a LayerLook: its index, then its places, points and states.
struct LookRequest {
    std::int64_t offset = 0;
    std::int64_t size = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::required("offset", &LookRequest::offset), json::required("size", &LookRequest::size));
    }
};

struct LookOutcome {
    std::int64_t indexSize = 0; // bytes
    std::int64_t places = 0;
    std::int64_t points = 0;
    std::int64_t statesSize = 0; // bytes
    static constexpr auto fields()
    {
        using json::required;
        using L = LookOutcome;
        return std::tuple(required("indexSize", &L::indexSize), required("places", &L::places),
                          required("points", &L::points), required("statesSize", &L::statesSize));
    }
};

// take: files of a layer to OutputFd, a pipe, as pieces. InputFd is the archive, LookFd what was noted of the layer.
inline constexpr int LookFd = 6;
struct TakeRequest {
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::int64_t pointsAt = 0; // where in LookFd
    std::int64_t points = 0;
    std::int64_t limit = 0; // bytes of each file
    std::vector<std::int64_t> places; // ascending
    static constexpr auto fields()
    {
        using json::required;
        using T = TakeRequest;
        return std::tuple(required("offset", &T::offset), required("size", &T::size), required("pointsAt", &T::pointsAt),
                          required("points", &T::points), required("limit", &T::limit), required("places", &T::places));
    }
};
inline constexpr std::size_t takeLimit = 4096; // places: a command line holds as many

// In front of a piece's bytes. The last one of a file has none, and its offset is the file's size; what lies between
// pieces are zeros.
struct PieceHeader {
    std::uint32_t file = 0; // of the request's places
    std::uint32_t size = 0;
    std::uint64_t offset = 0;
};
static_assert(sizeof(PieceHeader) == 16);
inline constexpr std::uint32_t pieceLimit = 1 << 20;

} // namespace rocker::layout
