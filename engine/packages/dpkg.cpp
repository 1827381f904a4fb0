#include "engine/packages/dpkg.h"

#include "engine/packages/lines.h"

#include <algorithm>

namespace rocker::packages {

namespace {

// "install ok installed"; the third word says what is there.
bool isInstalled(std::string_view status)
{
    const std::size_t last = status.rfind(' ');
    const std::string_view state = last == status.npos ? status : status.substr(last + 1);
    return state != "config-files" && state != "not-installed";
}

// "glibc (2.36-9)"
void readSource(Package& package, std::string_view value)
{
    const std::size_t open = value.find(" (");
    package.source = bounded(value.substr(0, open));
    if (open == value.npos)
        return;
    std::string_view version = value.substr(open + 2);
    package.sourceVersion = bounded(version.substr(0, version.find(')')));
}

void readField(Package& package, bool& installed, std::string_view key, std::string_view value)
{
    if (key == "Package")
        package.name = bounded(value);
    else if (key == "Status")
        installed = isInstalled(value);
    else if (key == "Version")
        package.version = bounded(value);
    else if (key == "Architecture")
        package.architecture = bounded(value);
    else if (key == "Source")
        readSource(package, value);
    else if (key == "Maintainer")
        package.maintainer = bounded(value);
    else if (key == "Homepage")
        package.homepage = bounded(value);
    else if (key == "Description")
        package.summary = bounded(value);
    else if (key == "Installed-Size")
        package.installedSize = std::min(numberIn(value), UINT64_MAX / 1024) * 1024;
}

void addLicense(std::vector<std::string>& licenses, std::string_view name)
{
    name = trimmed(name);
    if (!name.empty() && name.size() < 200 && licenses.size() < 100 && !std::ranges::contains(licenses, name))
        licenses.emplace_back(name);
}

} // namespace

std::vector<Package> parseDpkgStatus(std::string_view text)
{
    std::vector<Package> packages;
    Package package;
    bool installed = true;
    const auto finish = [&] {
        if (installed && !package.name.empty() && !package.version.empty())
            packages.push_back(std::move(package));
        package = {};
        installed = true;
    };
    for (std::string_view line; packages.size() < packagesLimit && nextLine(text, line);) {
        if (line.empty()) {
            finish();
            continue;
        }
        const std::size_t colon = line.find(':');
        if (line.front() == ' ' || line.front() == '\t' || colon == line.npos)
            continue; // goes on with the field above
        readField(package, installed, line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
    if (packages.size() < packagesLimit)
        finish();
    return packages;
}

std::vector<std::string> parseDpkgList(std::string_view text)
{
    std::vector<std::string> files;
    PathBudget budget;
    for (std::string_view line; nextLine(text, line);)
        if (line.starts_with('/') && line != "/.")
            budget.add(files, {}, line);
    return files;
}

std::vector<std::string> parseMd5sums(std::string_view text)
{
    std::vector<std::string> files;
    PathBudget budget;
    for (std::string_view line; nextLine(text, line);)
        if (const std::size_t blanks = line.find("  "); blanks != line.npos)
            budget.add(files, {}, line.substr(blanks + 2));
    return files;
}

std::string licensesOfCopyright(std::string_view text)
{
    constexpr std::string_view common = "/usr/share/common-licenses/";
    std::vector<std::string> licenses;
    std::vector<std::string> mentioned;
    const bool machineReadable = text.substr(0, 4096).contains("Format:");
    for (std::string_view line; nextLine(text, line);) {
        if (machineReadable && line.starts_with("License:"))
            addLicense(licenses, line.substr(8));
        for (std::size_t at = line.find(common); at != line.npos; at = line.find(common, at + 1)) {
            std::string_view name = line.substr(at + common.size());
            name = name.substr(0, name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+"));
            while (name.ends_with('.'))
                name.remove_suffix(1);
            addLicense(mentioned, name);
        }
    }
    std::string joined;
    for (const std::string& license : licenses.empty() ? mentioned : licenses)
        joined += (joined.empty() ? "" : " AND ") + license;
    return bounded(joined);
}

} // namespace rocker::packages
