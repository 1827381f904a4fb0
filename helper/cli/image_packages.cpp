#include "engine/layers/path_walk.h"
#include "helper/cli/package_reading.h"
#include "helper/cli/values.h"

#include <algorithm>

namespace rocker::cli {

using packages::Package;

namespace {

json::Value packageJson(const Package& package, bool files)
{
    json::Value row{{"name", package.name},
                    {"version", package.version},
                    {"type", packages::typeName(package.type)},
                    {"architecture", package.architecture},
                    {"source", package.source},
                    {"sourceVersion", package.sourceVersion},
                    {"license", package.license},
                    {"maintainer", package.maintainer},
                    {"vendor", package.vendor},
                    {"homepage", package.homepage},
                    {"installedSize", package.installedSize},
                    {"layer", package.layer + 1}, // from 1
                    {"database", "/" + package.database}};
    if (files)
        row["files"] = package.files;
    return row;
}

std::string packagesText(const std::vector<const Package*>& shown)
{
    Table table({"NAME", "VERSION", "TYPE", "ARCH", "LAYER", "SIZE", "LICENCE"});
    for (const Package* package : shown)
        table.add({shortened(package->name, 60), shortened(package->version, 40), std::string(packages::typeName(package->type)), package->architecture,
                   std::to_string(package->layer + 1),
                   package->installedSize == 0 ? "" : sizeText(std::int64_t(package->installedSize)), shortened(package->license, 40)});
    return table.text();
}

Result<std::vector<const Package*>> chosen(const ImagePackages& image, const Arguments& arguments)
{
    std::vector<const Package*> shown;
    if (const auto path = arguments.value("owner")) {
        const std::uint32_t node = TRY(layers::walkPath(*image.tree, *path));
        const std::uint32_t owner = packages::Owners(*image.tree, image.inventory.packages).ownerOf(*image.tree, node);
        if (owner == packages::Owners::nobody)
            return fail(ErrorCode::NotFound, "no package says that '{}' belongs to it", *path);
        shown.push_back(&image.inventory.packages[owner]);
        return shown;
    }
    const auto type = arguments.value("type");
    constexpr std::array types{packages::Type::Deb, packages::Type::Apk, packages::Type::Rpm, packages::Type::Python, packages::Type::Npm};
    if (type && !std::ranges::contains(types, *type, packages::typeName))
        return fail(ErrorCode::InvalidArgument, "--type: '{}' is none of deb, apk, rpm, python and npm", *type);
    const auto name = arguments.value("files");
    for (const Package& package : image.inventory.packages)
        if ((!type || packages::typeName(package.type) == *type) && (!name || package.name == *name))
            shown.push_back(&package);
    if (name && shown.empty())
        return fail(ErrorCode::NotFound, "the image has no package '{}'", *name);
    return shown;
}

Result<int> imagePackages(const Context& context, const Arguments& arguments)
{
    const ImagePackages image = TRY(readPackages(context, arguments.operands()[0]));
    const std::vector<const Package*> shown = TRY(chosen(image, arguments));
    const bool files = arguments.has("files");
    if (arguments.has("json")) {
        json::Value rows = json::Value::array();
        for (const Package* package : shown)
            rows.push_back(packageJson(*package, files));
        print(json::dumpPretty({{"distribution", image.inventory.distribution.name}, {"packages", std::move(rows)},
                                {"notes", image.inventory.notes}}));
        return 0;
    }
    for (const std::string& note : image.inventory.notes)
        complain("note: " + note);
    if (!files) {
        print(packagesText(shown));
        return 0;
    }
    Table table({"FILE"});
    for (const Package* package : shown)
        for (const std::string& path : package->files)
            table.add({"/" + path});
    print(table.text());
    return 0;
}

} // namespace

Command imagePackagesCommand()
{
    return {.syntax = {.names = {"image packages"},
                       .operands = "IMAGE",
                       .summary = "List what is installed in an image: deb, apk, rpm, Python and npm packages.",
                       .options = {{0, "type", "TYPE", "only deb, apk, rpm, python or npm"},
                                   {0, "files", "NAME", "the files of this package instead"},
                                   {0, "owner", "PATH", "only the package that this file belongs to"},
                                   {0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = imagePackages};
}

} // namespace rocker::cli
