#include "engine/base/time.h"
#include "helper/cli/command.h"
#include "helper/cli/values.h"

#include <charconv>

namespace rocker::cli {

using namespace protocol;

namespace {

// "2024-05-01T10:00:00Z", "2024-05-01", seconds since 1970, or how long ago: "24h", "30m", "7d", "1h30m".
Result<std::int64_t> parseUntil(const std::string& text)
{
    if (const auto seconds = secondsOf(text))
        return *seconds;
    if (const auto seconds = secondsOf(text + "T00:00:00Z"))
        return *seconds;
    const std::int64_t now = Clock::to_time_t(Clock::now());
    std::int64_t ago = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::int64_t number = 0;
        const auto [rest, problem] = std::from_chars(at, end, number);
        if (problem != std::errc() || number < 0 || number > 100'000'000'000)
            break;
        if (rest == end && at == text.data())
            return number;
        const std::string_view units = "smhdw";
        constexpr std::int64_t seconds[]{1, 60, 3600, 86400, 604800};
        const std::size_t unit = rest == end ? units.npos : units.find(*rest);
        if (unit == units.npos || number > now)
            break;
        ago += number * seconds[unit];
        at = rest + 1;
    }
    if (at != end || text.empty())
        return fail(ErrorCode::InvalidArgument, "'{}' is no time: write 2024-05-01, 2024-05-01T10:00:00Z or, for how long ago, 7d or 24h", text);
    return now - ago;
}

// "until=…", "label=…", "label!=…", separated by commas or in options of their own.
Result<> addFilter(PruneImages::Parameters& parameters, std::string_view filter)
{
    if (filter.starts_with("until="))
        parameters.until = TRY(parseUntil(std::string(filter.substr(6))), "--filter until");
    else if (filter.starts_with("label="))
        parameters.labels.emplace_back(filter.substr(6));
    else if (filter.starts_with("label!=")) {
        const std::string label(filter.substr(7));
        const std::size_t equal = label.find('=');
        parameters.labels.push_back(equal == label.npos ? "!" + label : label.substr(0, equal) + "!=" + label.substr(equal + 1));
    } else {
        return fail(ErrorCode::InvalidArgument, "--filter: '{}' is none of until=TIME, label=KEY[=VALUE] and label!=KEY[=VALUE]", filter);
    }
    return {};
}

std::string nameOf(const Image& image)
{
    return image.references.empty() ? "<none>" : image.references.front();
}

std::string pruneText(const PruneImages::Reply& reply, bool dryRun)
{
    Table table({dryRun ? "WOULD GO" : "REMOVED", "IMAGE ID", "CREATED", "FREED", dryRun ? "KEPT BECAUSE IT" : ""});
    std::size_t gone = 0;
    for (const PruneRow& row : reply.images) {
        if (!row.kept.empty() && !dryRun)
            continue;
        gone += row.kept.empty();
        table.add({nameOf(row.image), shortId(row.image.id), ageOf(row.image.createdAt) + " ago", row.kept.empty() ? sizeText(row.freed) : "",
                   row.kept.starts_with("used ") ? "is " + row.kept : row.kept});
    }
    return (gone > 0 || dryRun ? table.text() : "") + std::format("{} {}: {} {}\n", gone, gone == 1 ? "image" : "images", sizeText(reply.freed), dryRun ? "would be freed" : "freed");
}

Result<int> imagePrune(const Context& context, const Arguments& arguments)
{
    PruneImages::Parameters parameters{.all = arguments.has("all"), .dryRun = arguments.has("dry-run")};
    for (const std::string& filters : arguments.values("filter")) {
        std::string_view rest = filters;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            TRY(addFilter(parameters, rest.substr(0, comma)));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    const auto reply = TRY(TRY(context.connect()).call<PruneImages>(parameters));
    print(arguments.has("json") ? json::dumpPretty(json::write(reply)) : pruneText(reply, parameters.dryRun));
    return 0;
}

} // namespace

Command imagePruneCommand()
{
    return {.syntax = {.names = {"image prune"},
                       .operands = "",
                       .summary = "Remove your images that have no name and that no container uses.",
                       .options = {{'a', "all", "", "those with names as well"},
                                   {0, "dry-run", "", "only tell what would go, and why the rest stays"},
                                   {0, "filter", "FILTER", "until=TIME, label=KEY[=VALUE], label!=KEY[=VALUE]; all must fit"},
                                   {'f', "force", "", "for scripts written for others: nothing is ever asked"},
                                   {0, "json", "", "as JSON"}}},
            .run = imagePrune};
}

} // namespace rocker::cli
