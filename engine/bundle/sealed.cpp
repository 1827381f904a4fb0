#include "engine/bundle/sealed.h"

#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace rocker::bundle {

namespace {

constexpr const char* self = "/proc/self/exe";
constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

// A mount whose root is a file, attached nowhere, has the path "/" (Documentation/filesystems/path-lookup.rst).
bool runsFromDetachedMount()
{
    char path[2];
    struct statvfs status{};
    return ::readlink(self, path, sizeof path) == 1 && path[0] == '/' && ::statvfs(self, &status) == 0
        && (status.f_flag & ST_RDONLY) != 0;
}

bool runsFromSealedMemory()
{
    const auto program = os::open(self, O_RDONLY);
    return program && ::fcntl(program->value(), F_GET_SEALS) == seals;
}

Result<UniqueFd> detachedMount()
{
    const UniqueFd program = TRY(os::open(self, O_PATH), "open '{}'", self);
    UniqueFd tree = TRY(os::cloneTree(program, "", os::Subtree::One));
    TRY(os::setAttributes(tree, MOUNT_ATTR_RDONLY, 0, os::Subtree::One));
    return tree;
}

Result<UniqueFd> sealedMemory()
{
    const UniqueFd program = TRY(os::open(self, O_RDONLY), "open '{}'", self);
    UniqueFd copy(TRY(os::check(::memfd_create("rocker-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING)), "make a file in memory"));
    off_t left = TRY(os::status(program)).st_size;
    while (left > 0) {
        const ssize_t count = ::sendfile(copy.value(), program.value(), nullptr, std::size_t(left));
        if (count <= 0)
            return fail(Error::fromErrno(count < 0 ? errno : EIO).in("copy the program"));
        left -= count;
    }
    TRY(os::checkDone(::fchmod(copy.value(), 0500)), "make the copy executable");
    TRY(os::checkDone(::fcntl(copy.value(), F_ADD_SEALS, seals)), "seal the copy");
    return copy;
}

} // namespace

Result<> runFromSealedProgram(char* const* argv)
{
    if (runsFromDetachedMount() || runsFromSealedMemory())
        return {};
    auto program = detachedMount();
    if (!program)
        program = sealedMemory();
    const UniqueFd sealed = TRY(std::move(program));
    ::execveat(sealed.value(), "", argv, environ, AT_EMPTY_PATH);
    return fail(Error::fromErrno(errno).in("execute the sealed program"));
}

} // namespace rocker::bundle
