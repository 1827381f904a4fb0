#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/output.h"

#include <cerrno>

namespace rocker::runtime {

static Result<std::vector<Shown>> collect(const Context& context)
{
    auto names = StateDirectory::list(context.root);
    if (!names && names.error().errnum == ENOENT && !context.rootGiven)
        return std::vector<Shown>(); // nobody has made one yet
    std::vector<Shown> all;
    for (const std::string& name : TRY(std::move(names))) {
        const auto directory = StateDirectory::open(context.root, name);
        const auto record = directory ? directory->record() : Result<Record>(fail(directory.error()));
        auto shown = record ? directory->show(*record) : Result<Shown>(fail(record.error()));
        if (shown)
            all.push_back(std::move(*shown));
        else
            context.log.warning(std::format("load container {}: {}", name, shown.error().what));
    }
    return all;
}

static std::string table(const std::vector<Shown>& all)
{
    std::vector<std::array<std::string, 6>> rows{{"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"}};
    for (const Shown& shown : all)
        rows.push_back({shown.id, std::to_string(shown.pid), std::string(json::enumName(shown.status)), shown.bundle,
                        shown.created, shown.owner});
    std::array<std::size_t, 6> widths;
    widths.fill(9);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            text += std::format("{:<{}}", row[i], widths[i] + 3);
        text += row.back() + "\n";
    }
    return text;
}

Result<int> list(Context& context)
{
    const std::string format = context.arguments.text("format", "table");
    if (format != "table" && format != "json")
        return fail(ErrorCode::InvalidArgument, "invalid format option");
    const std::vector<Shown> all = TRY(collect(context));
    std::string text;
    if (context.arguments.isOn("quiet"))
        for (const Shown& shown : all)
            text += shown.id + "\n";
    else
        text = format == "json" ? json::text(all) + "\n" : table(all);
    TRY(print(text));
    return 0;
}

} // namespace rocker::runtime
