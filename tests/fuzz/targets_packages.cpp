#include "tests/fuzz/targets.h"

#include "engine/elf/elf_file.h"
#include "engine/packages/apk.h"
#include "engine/packages/distribution.h"
#include "engine/packages/dpkg.h"
#include "engine/packages/language.h"
#include "engine/packages/licenses.h"
#include "engine/packages/purl.h"
#include "engine/packages/rpm_database.h"
#include "engine/packages/rpm_header.h"
#include "engine/packages/sbom.h"

#include <array>

namespace rocker::fuzz {

namespace {

using namespace rocker::packages;

// What every parser promises, and that a bill can be made of it.
void check(std::vector<Package> found)
{
    require(found.size() <= packagesLimit, "no more packages than may be");
    for (const Package& package : found) {
        for (const std::string* text : {&package.name, &package.version, &package.license, &package.maintainer, &package.summary})
            require(text->size() <= textLimit, "no text longer than may be");
        for (const std::string& path : package.files)
            require(!path.empty() && path.size() <= textLimit && !path.starts_with('/'), "a path is from the image's root");
    }
    if (found.size() > 50)
        found.resize(50);
    const Inventory inventory{{}, std::move(found), {}};
    for (const SbomFormat format : {SbomFormat::Spdx, SbomFormat::CycloneDx})
        require(!billOfMaterials(format, {.name = "x", .id = "sha256:12"}, inventory).empty(), "a bill is made");
}

void check(Result<Package> found)
{
    if (found)
        check(std::vector<Package>{std::move(*found)});
}

void check(Result<std::vector<Package>> found)
{
    if (found)
        check(std::move(*found));
}

void readText(std::string_view bytes)
{
    check(parseDpkgStatus(bytes));
    check(parseApkInstalled(bytes));
    check(parsePythonMetadata(bytes));
    check(parseNpmPackage(bytes));
    (void)parseDpkgList(bytes);
    (void)parseMd5sums(bytes);
    (void)parseOsRelease(bytes);
    for (const std::string& path : parsePythonRecord(bytes, "usr/lib/python3"))
        require(!("/" + path + "/").contains("/../"), "no path climbs");
    (void)licensesOfCopyright(bytes);
}

void readLicense(std::string_view bytes)
{
    const LicenseExpression found = licenseExpression(bytes.substr(0, textLimit));
    for (const LicenseExpression::Other& other : found.others)
        require(found.expression.contains(other.id), "every reference is used");
    if (!found.expression.empty()) {
        const LicenseExpression again = licenseExpression(found.expression);
        require(!again.expression.empty(), "an expression is one again");
    }
    (void)percentEncoded(bytes);
}

void readRpmHeader(std::string_view bytes)
{
    PathBudget budget;
    check(parseRpmHeader(bytes, budget));
}

void readNdb(std::string_view bytes)
{
    check(parseRpmNdb(bytes));
}

void readSqlite(std::string_view bytes)
{
    check(parseRpmSqlite(std::string(bytes)));
}

void readElf(std::string_view bytes)
{
    const auto file = elf::read(bytes);
    if (!file)
        return;
    require(file->needed.size() <= elf::neededLimit && file->interpreter.size() <= elf::textLimit && file->buildId.size() <= 128,
            "no more is told of an ELF file than may be");
    (void)elf::machineName(file->machine);
}

constexpr std::array targets{
    Target{"packages", readText}, Target{"license", readLicense}, Target{"rpm-header", readRpmHeader},
    Target{"rpm-ndb", readNdb},   Target{"rpm-sqlite", readSqlite}, Target{"elf", readElf},
};

} // namespace

std::span<const Target> packageTargets()
{
    return targets;
}

} // namespace rocker::fuzz
