#include "helper/unpack/pack.h"

#include "engine/archive/tar_writer.h"
#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <linux/openat2.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

constexpr const char* blobs = "blobs/sha256";

class Packer
{
public:
    explicit Packer(std::int64_t limit) : m_left(limit) {}

    Result<> add(const std::string& name)
    {
        const UniqueFd file = TRY(open(name, O_RDONLY | O_NONBLOCK));
        const struct stat status = TRY(os::status(file));
        if (!S_ISREG(status.st_mode))
            return fail(ErrorCode::Corrupt, "this is not a file");
        const archive::Block header = archive::fileHeader(name, std::uint64_t(status.st_size));
        TRY(write({header.data(), header.size()}));
        std::int64_t left = status.st_size;
        while (left > 0) {
            const std::size_t wanted = std::min<std::int64_t>(left, std::int64_t(m_buffer.size()));
            const ssize_t count = TRY(os::check(::read(file.value(), m_buffer.data(), wanted)), "read");
            if (count == 0)
                return fail(ErrorCode::Corrupt, "it has become shorter while it was read");
            TRY(write({m_buffer.data(), std::size_t(count)}));
            left -= count;
        }
        return write(std::string(archive::paddingOf(std::uint64_t(status.st_size)), '\0'));
    }

    static Result<UniqueFd> open(const std::string& name, std::uint64_t flags)
    {
        return os::openResolved(BorrowedFd(image::InputFd), name, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    }

private:
    Result<> write(std::string_view bytes)
    {
        m_left -= std::int64_t(bytes.size());
        if (m_left < 0)
            return fail(ErrorCode::ResourceExhausted, "the image is too large to be imported");
        return TRY(os::writeAll(BorrowedFd(image::OutputFd), bytes), "spool the image"), Result<>{};
    }

    std::int64_t m_left;
    std::vector<char> m_buffer = std::vector<char>(256 * 1024);
};

} // namespace

Result<> packLayout(const image::PackRequest& request)
{
    Packer packer(request.spoolLimit);
    for (const char* name : {"oci-layout", "index.json"})
        if (auto added = packer.add(name); !added)
            return fail(std::move(added).error().in(std::format("'{}': this directory is no OCI layout", name)));
    const UniqueFd directory = TRY(Packer::open(blobs, O_RDONLY | O_DIRECTORY), "'{}'", blobs);
    for (const std::string& name : TRY(os::listDirectory(directory, "."), "list '{}'", blobs))
        if (image::isDigest("sha256:" + name)) // other names are no blobs: what a writer has not finished
            TRY(packer.add(std::format("{}/{}", blobs, name)), "'{}/{}'", blobs, name);
    return {};
}

} // namespace rocker::unpack
