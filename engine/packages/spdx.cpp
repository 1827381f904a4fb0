#include "engine/base/time.h"
#include "engine/json/json.h"
#include "engine/packages/licenses.h"
#include "engine/packages/purl.h"
#include "engine/packages/sbom_parts.h"

#include <map>

namespace rocker::packages {

namespace {

constexpr const char* unknown = "NOASSERTION";

// Letters, digits, "." and "-"; the number makes it the only one.
std::string idOf(const Package& package, std::size_t number)
{
    std::string id = std::format("SPDXRef-Package-{}-", typeName(package.type));
    for (const char c : std::string_view(package.name).substr(0, 100)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
        id.push_back(plain ? c : '-');
    }
    return std::format("{}-{}", id, number);
}

// "Person: Jane Doe (jane@example.org)"
std::string supplierOf(const Package& package)
{
    if (!package.vendor.empty())
        return "Organization: " + package.vendor;
    if (package.maintainer.empty())
        return unknown;
    const std::size_t mail = package.maintainer.find(" <");
    if (mail == std::string::npos || !package.maintainer.ends_with('>'))
        return "Person: " + package.maintainer;
    return std::format("Person: {} ({})", package.maintainer.substr(0, mail),
                       package.maintainer.substr(mail + 2, package.maintainer.size() - mail - 3));
}

json::Value reference(const std::string& url)
{
    return {{"referenceCategory", "PACKAGE-MANAGER"}, {"referenceType", "purl"}, {"referenceLocator", url}};
}

json::Value imageOf(const Subject& subject)
{
    json::Value image{{"SPDXID", "SPDXRef-Image"},
                      {"name", subject.name},
                      {"versionInfo", subject.manifestDigest.empty() ? subject.id : subject.manifestDigest},
                      {"downloadLocation", unknown},
                      {"filesAnalyzed", false},
                      {"licenseConcluded", unknown},
                      {"licenseDeclared", unknown},
                      {"copyrightText", unknown},
                      {"primaryPackagePurpose", "CONTAINER"},
                      {"supplier", unknown}};
    if (!subject.manifestDigest.empty())
        image["checksums"] = json::Value::array({{{"algorithm", "SHA256"}, {"checksumValue", hexDigits(subject.manifestDigest)}}});
    return image;
}

json::Value packageOf(const Subject& subject, const Inventory& inventory, const Package& package, const std::string& id,
                      const LicenseExpression& license)
{
    json::Value value{{"SPDXID", id},
                      {"name", package.name},
                      {"versionInfo", package.version},
                      {"downloadLocation", unknown},
                      {"filesAnalyzed", false},
                      {"licenseConcluded", unknown},
                      {"licenseDeclared", license.expression.empty() ? unknown : license.expression},
                      {"copyrightText", unknown},
                      {"supplier", supplierOf(package)},
                      {"sourceInfo", "found in " + layerText(subject, package)},
                      {"externalRefs", json::Value::array({reference(packageUrl(package, inventory.distribution))})}};
    if (!package.summary.empty())
        value["summary"] = package.summary;
    if (package.homepage.starts_with("http://") || package.homepage.starts_with("https://"))
        value["homepage"] = package.homepage;
    return value;
}

json::Value relation(const char* from, const char* type, const std::string& to)
{
    return {{"spdxElementId", from}, {"relationshipType", type}, {"relatedSpdxElement", to}};
}

} // namespace

std::string spdxDocument(const Subject& subject, const Inventory& inventory)
{
    json::Value packages = json::Value::array({imageOf(subject)});
    json::Value relations = json::Value::array({relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image")});
    std::map<std::string, std::string> others;
    std::size_t number = 0;
    for (const Package& package : inventory.packages) {
        const std::string id = idOf(package, ++number);
        const LicenseExpression license = licenseExpression(package.license);
        for (const LicenseExpression::Other& other : license.others)
            others.emplace(other.id, other.text);
        packages.push_back(packageOf(subject, inventory, package, id, license));
        relations.push_back(relation("SPDXRef-Image", "CONTAINS", id));
    }
    json::Value licenses = json::Value::array();
    for (const auto& [id, text] : others)
        licenses.push_back({{"licenseId", id}, {"name", text}, {"extractedText", text}});
    json::Value document{{"spdxVersion", "SPDX-2.3"},
                         {"dataLicense", "CC0-1.0"},
                         {"SPDXID", "SPDXRef-DOCUMENT"},
                         {"name", subject.name},
                         {"documentNamespace", "https://rockerworkstation.org/spdx/" + uuidOf(subject.id)},
                         {"creationInfo", {{"created", timestampOf(subject.created)}, {"creators", json::Value::array({"Tool: " + subject.tool})}}},
                         {"packages", std::move(packages)},
                         {"relationships", std::move(relations)}};
    if (!licenses.empty())
        document["hasExtractedLicensingInfos"] = std::move(licenses);
    std::string comment;
    for (const std::string& note : inventory.notes)
        comment += note + "\n";
    if (!comment.empty())
        document["comment"] = comment;
    return json::dumpPretty(document);
}

} // namespace rocker::packages
