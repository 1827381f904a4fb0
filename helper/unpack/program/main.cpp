#include "engine/os/file.h"
#include "helper/unpack/commit.h"
#include "helper/unpack/confine.h"
#include "helper/unpack/index.h"
#include "helper/unpack/layer_packer.h"
#include "helper/unpack/layer_survey.h"
#include "helper/unpack/layer_writer.h"
#include "helper/unpack/look.h"
#include "helper/unpack/pack.h"
#include "helper/unpack/seclude.h"
#include "helper/unpack/stream.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <new>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

using image::WorkerLine;
using json::UnknownKeys;
using json::Value;

void say(const WorkerLine& line)
{
    (void)os::writeAll(BorrowedFd(image::MessagesFd), json::dump(json::write(line)) + "\n");
}

Result<Value> unpackLayer(const image::UnpackRequest& request)
{
    LayerWriter writer(UniqueFd(image::OutputFd), request);
    archive::FdSource pipe{BorrowedFd(image::InputFd)};
    archive::BufferedSource source(pipe);
    archive::TarReader reader(source);
    while (const auto entry = TRY(reader.next()))
        TRY(writer.add(*entry, reader));
    const image::UnpackOutcome outcome = TRY(writer.finish());
    TRY(os::writeAll(BorrowedFd(image::IndexFd), TRY(writer.index())), "write the layer's index");
    return json::write(outcome);
}

Result<Value> exportFiles(const image::ExportRequest& request)
{
    const UniqueFd root = TRY(os::open("/", O_RDONLY | O_DIRECTORY));
    const auto write = [](std::string_view bytes) -> Result<> {
        return TRY(os::writeAll(BorrowedFd(image::OutputFd), bytes), "write the archive"), Result<>{};
    };
    TRY(LayerPacker(root, {}, std::uint64_t(request.contentLimit), write, LayerPacker::Form::Whole).run());
    return Value::object();
}

// A worker whose helper has gone works for nobody. To be said after every change of credentials, each of which takes it
// back (prctl(2)).
Result<> endWithHelper(pid_t helper)
{
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return fail(Error::fromErrno(errno));
    return ::getppid() == helper ? Result<>() : fail(ErrorCode::Unavailable, "the helper has ended");
}

template<typename Request, typename Confine, typename Work>
Result<Value> perform(const Value& request, Confine confine, Work work)
{
    const pid_t helper = ::getppid();
    const Request decoded = TRY(json::read<Request>(request, UnknownKeys::Refuse), "the request");
    if constexpr (std::is_invocable_v<Confine, const Request&>)
        TRY(confine(decoded), "confine the worker");
    else
        TRY(confine(), "confine the worker");
    TRY(endWithHelper(helper));
    return work(decoded);
}

void sayProgress(const image::WorkerProgress& progress)
{
    say({.progress = progress});
}

Result<> secludeForInput()
{
    struct stat status{};
    const bool directory = ::fstat(image::InputFd, &status) == 0 && S_ISDIR(status.st_mode);
    return secludeReader(directory ? Opening::Directory : Opening::Nothing);
}

Result<> seclude()
{
    return secludeReader(Opening::Nothing);
}

// For windows and command lines, as who runs them.
Result<Value> runForViewer(std::string_view mode, const Value& request)
{
    if (mode == "open")
        return perform<layout::OpenRequest>(request, secludeForInput, [](const auto& decoded) -> Result<Value> {
            return json::write(TRY(openArchive(decoded, sayProgress)));
        });
    if (mode == "look")
        return perform<layout::LookRequest>(request, seclude, [](const auto& decoded) -> Result<Value> {
            return json::write(TRY(lookAtLayer(decoded, sayProgress)));
        });
    if (mode == "take")
        return perform<layout::TakeRequest>(request, seclude, [](const auto& decoded) -> Result<Value> {
            TRY(takeFiles(decoded));
            return Value::object();
        });
    return fail(ErrorCode::InvalidArgument, "'{}' is no mode of this program", mode);
}

Result<Value> run(std::string_view mode, std::string_view text)
{
    const Value request = TRY(json::parse(text), "the request");
    if (mode == "index")
        return perform<image::IndexRequest>(request, confineReader, [](const auto& decoded) -> Result<Value> {
            return json::write(TRY(indexArchive(decoded)));
        });
    if (mode == "stream")
        return perform<image::StreamRequest>(request, confineReader, [](const auto& decoded) -> Result<Value> {
            return json::write(TRY(streamLayer(decoded)));
        });
    if (mode == "unpack")
        return perform<image::UnpackRequest>(request, confineUnpacker, unpackLayer);
    if (mode == "pack")
        return perform<image::PackRequest>(request, confineAsCaller, [](const auto& decoded) -> Result<Value> {
            TRY(packLayout(decoded));
            return Value::object();
        });
    if (mode == "commit")
        return perform<image::CommitRequest>(request, confineCommitter, [](const auto& decoded) -> Result<Value> {
            return json::write(TRY(commitChanges(decoded)));
        });
    if (mode == "survey")
        return perform<image::SurveyRequest>(request, confineCommitter, [](const auto&) -> Result<Value> {
            TRY(os::writeAll(BorrowedFd(image::OutputFd), TRY(surveyChanges(BorrowedFd(image::InputFd)))), "write the index");
            return Value::object();
        });
    if (mode == "export")
        return perform<image::ExportRequest>(request, confineExporter, exportFiles);
    return runForViewer(mode, request);
}

} // namespace

} // namespace rocker::unpack

#ifdef __SANITIZE_ADDRESS__
// Leaks are looked for through /proc, which a confined worker does not have.
extern "C" const char* __asan_default_options()
{
    return "detect_leaks=0";
}
#endif

int main(int argc, char** argv)
{
    using namespace rocker;
    if (argc != 3) {
        std::fputs("rocker-unpack is started by rocker-helper, rocker and rocker-workstation, not by hand\n", stderr);
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    const auto outcome = [&]() -> Result<json::Value> {
        try {
            return unpack::run(argv[1], argv[2]);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::ResourceExhausted, "what is in the archive takes more memory than it may");
        }
    }();
    if (!outcome) {
        const Error& error = outcome.error();
        unpack::say({.failure = image::WorkerFailure{std::string(errorCodeName(error.code)), error.errnum, error.what}});
        return 0;
    }
    unpack::say({.outcome = *outcome});
    return 0;
}
