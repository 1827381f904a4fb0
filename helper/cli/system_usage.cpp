#include "helper/cli/command.h"

#include <algorithm>
#include <pwd.h>
#include <set>

namespace rocker::cli {

using namespace protocol;

namespace {

std::string userName(std::int64_t uid)
{
    const passwd* const user = ::getpwuid(uid_t(uid));
    return user ? user->pw_name : std::to_string(uid);
}

std::string share(std::int64_t part, std::int64_t whole)
{
    return whole <= 0 ? sizeText(part) : std::format("{} ({}%)", sizeText(part), part * 100 / whole);
}

std::string kindsText(const DiskUsage::Reply& usage)
{
    Table table({"TYPE", "USER", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"});
    for (const UsageRow& row : usage.rows)
        table.add({row.kind, userName(row.owner), std::to_string(row.count), std::to_string(row.active), sizeText(row.size),
                   share(row.reclaimable, row.size)});
    return table.text() + std::format("{} on disk, what is shared once\n", sizeText(usage.total));
}

std::string eachText(const DiskUsage::Reply& usage)
{
    Table images({"IMAGE", "IMAGE ID", "USER", "OWN", "SHARED", "CONTAINERS"});
    for (const ImageUsage& image : usage.images)
        images.add({image.references.empty() ? "<none>" : image.references.front(), shortId(image.id), userName(image.owner),
                    sizeText(image.own), sizeText(image.shared), std::to_string(image.containers)});
    Table containers({"CONTAINER", "CONTAINER ID", "USER", "RUNS", "SIZE"});
    for (const ContainerUsage& container : usage.containers)
        containers.add({container.name, shortId(container.id), userName(container.owner), container.running ? "yes" : "", sizeText(container.size)});
    return images.text() + "\n" + containers.text() + "\n";
}

Result<int> systemUsage(const Context& context, const Arguments& arguments)
{
    const auto usage = TRY(TRY(context.connect()).call<DiskUsage>({}));
    if (arguments.has("json"))
        print(json::dumpPretty(json::write(usage)));
    else
        print((arguments.has("verbose") ? eachText(usage) : "") + kindsText(usage));
    return 0;
}

} // namespace

Command systemUsageCommand()
{
    return {.syntax = {.names = {"system df"},
                       .operands = "",
                       .summary = "Tell what images and containers take on disk, and what could be freed.",
                       .options = {{'v', "verbose", "", "each image and container"}, {0, "json", "", "as JSON"}}},
            .run = systemUsage};
}

} // namespace rocker::cli
