#include "helper/cli/progress.h"

#include "helper/cli/output.h"

#include <cstdio>
#include <unistd.h>

namespace rocker::cli {

void showProgress(const std::optional<protocol::ImportProgress>& progress)
{
    if (!progress || !::isatty(STDERR_FILENO))
        return;
    const std::string part = progress->total > 0
        ? std::format(" {}/{}", sizeText(progress->done), sizeText(progress->total))
        : progress->done > 0 ? " " + sizeText(progress->done) : "";
    std::fputs(("\r\x1b[K" + progress->step + part).c_str(), stderr);
}

void clearProgress()
{
    if (::isatty(STDERR_FILENO))
        std::fputs("\r\x1b[K", stderr);
}

} // namespace rocker::cli
