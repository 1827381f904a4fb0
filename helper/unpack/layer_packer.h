#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unordered_map>
#include <vector>

struct stat;

namespace rocker::unpack {

// The upper directory of a container's overlay as a layer's tar (OCI image-spec, layer.md "Representing Changes"): entries in
// the order of their names, whiteouts and opaque marks as files, hard links as links. Files are read where they lie, through
// no link; one that changes meanwhile keeps the size that its header says.
class LayerPacker
{
public:
    // Changes: whiteouts and opaque marks are told. Whole: there are none, and any name may be; an empty tar has an end.
    enum class Form { Changes, Whole };
    using Sink = std::function<Result<>(std::string_view bytes)>;
    // `selected`: paths in the directory; these, what is below them and the directories on the way. Empty for everything.
    // `contentLimit`: bytes of all files together, holes included.
    LayerPacker(BorrowedFd root, const std::vector<std::string>& selected, std::uint64_t contentLimit, Sink sink,
                Form form = Form::Changes);

    // How many entries it has; without any nothing was written. NotFound for a selected path that is not there. Leaves the
    // working directory anywhere.
    Result<std::int64_t> run();

private:
    enum class Choice { Whole, OnTheWay, No };
    struct Pending {
        std::string path; // with a slash at its end
        Choice choice = Choice::Whole;
    };

    Choice choose(const std::string& path, Choice parent);
    Result<> directory(const Pending& pending);
    Result<> entry(BorrowedFd parent, const std::string& path, const std::string& name, Choice choice);
    Result<> content(BorrowedFd parent, const std::string& name, std::uint64_t size);
    Result<> emptyFile(const std::string& path, const struct stat& status);

    BorrowedFd m_root;
    std::set<std::string> m_selected;
    std::set<std::string> m_found;
    std::uint64_t m_left;
    Sink m_sink;
    Form m_form;
    std::vector<Pending> m_pending;
    std::unordered_map<ino_t, std::string> m_names; // of files with several
    std::vector<char> m_buffer = std::vector<char>(256 * 1024);
    std::int64_t m_entries = 0;
};

} // namespace rocker::unpack
