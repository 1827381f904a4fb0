#include "engine/packages/apk.h"

#include "engine/packages/lines.h"

namespace rocker::packages {

namespace {

void readField(Package& package, char letter, std::string_view value)
{
    switch (letter) {
    case 'P':
        package.name = bounded(value);
        return;
    case 'V':
        package.version = bounded(value);
        return;
    case 'A':
        package.architecture = bounded(value);
        return;
    case 'I':
        package.installedSize = numberIn(trimmed(value));
        return;
    case 'L':
        package.license = bounded(value);
        return;
    case 'T':
        package.summary = bounded(value);
        return;
    case 'U':
        package.homepage = bounded(value);
        return;
    case 'm':
        package.maintainer = bounded(value);
        return;
    case 'o':
        package.source = bounded(value);
        return;
    default:
        return;
    }
}

} // namespace

std::vector<Package> parseApkInstalled(std::string_view text)
{
    std::vector<Package> packages;
    Package package;
    std::string_view directory;
    PathBudget budget;
    const auto finish = [&] {
        if (!package.name.empty() && !package.version.empty()) {
            package.type = Type::Apk;
            if (package.source == package.name)
                package.source.clear();
            packages.push_back(std::move(package));
        }
        package = {};
        directory = {};
    };
    for (std::string_view line; packages.size() < packagesLimit && nextLine(text, line);) {
        if (line.empty()) {
            finish();
            continue;
        }
        if (line.size() < 2 || line[1] != ':')
            continue;
        const std::string_view value = line.substr(2);
        if (line[0] == 'F')
            directory = value;
        else if (line[0] == 'R')
            budget.add(package.files, directory, value);
        else
            readField(package, line[0], value);
    }
    if (packages.size() < packagesLimit)
        finish();
    return packages;
}

} // namespace rocker::packages
