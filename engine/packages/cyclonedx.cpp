#include "engine/base/time.h"
#include "engine/json/json.h"
#include "engine/packages/licenses.h"
#include "engine/packages/purl.h"
#include "engine/packages/sbom_parts.h"

namespace rocker::packages {

namespace {

json::Value property(const char* name, const std::string& value)
{
    return {{"name", std::string("rocker:") + name}, {"value", value}};
}

json::Value licensesOf(const std::string& text)
{
    const LicenseExpression license = licenseExpression(text);
    if (license.isOneIdentifier)
        return json::Value::array({{{"license", {{"id", license.expression}}}}});
    if (license.others.empty())
        return json::Value::array({{{"expression", license.expression}}});
    return json::Value::array({{{"license", {{"name", text}}}}});
}

json::Value componentOf(const Subject& subject, const Inventory& inventory, const Package& package, std::size_t number)
{
    const std::string url = packageUrl(package, inventory.distribution);
    json::Value properties = json::Value::array({property("type", std::string(typeName(package.type))),
                                                 property("database", "/" + package.database),
                                                 property("layer", std::to_string(package.layer + 1))});
    if (package.layer < subject.diffIds.size())
        properties.push_back(property("diffId", subject.diffIds[package.layer]));
    if (package.installedSize > 0)
        properties.push_back(property("installedSize", std::to_string(package.installedSize)));
    json::Value component{{"type", "library"},
                          {"bom-ref", std::format("{}#{}", url, number)}, // two copies of one package are two components
                          {"name", package.name},
                          {"version", package.version},
                          {"purl", url},
                          {"properties", std::move(properties)}};
    if (!licenseExpression(package.license).expression.empty())
        component["licenses"] = licensesOf(package.license);
    if (const std::string& publisher = package.vendor.empty() ? package.maintainer : package.vendor; !publisher.empty())
        component["publisher"] = publisher;
    if (!package.summary.empty())
        component["description"] = package.summary;
    return component;
}

json::Value systemOf(const Distribution& distribution)
{
    json::Value system{{"type", "operating-system"}, {"bom-ref", "os:" + distribution.id}, {"name", distribution.id},
                       {"description", distribution.name}};
    if (!distribution.versionId.empty())
        system["version"] = distribution.versionId;
    return system;
}

} // namespace

std::string cycloneDxDocument(const Subject& subject, const Inventory& inventory)
{
    json::Value components = json::Value::array();
    std::size_t number = 0;
    for (const Package& package : inventory.packages)
        components.push_back(componentOf(subject, inventory, package, ++number));
    if (!inventory.distribution.id.empty())
        components.push_back(systemOf(inventory.distribution));
    json::Value image{{"type", "container"},
                      {"bom-ref", subject.id},
                      {"name", subject.name},
                      {"version", subject.manifestDigest.empty() ? subject.id : subject.manifestDigest}};
    if (!subject.manifestDigest.empty())
        image["hashes"] = json::Value::array({{{"alg", "SHA-256"}, {"content", hexDigits(subject.manifestDigest)}}});
    json::Value document{{"bomFormat", "CycloneDX"},
                         {"specVersion", "1.6"},
                         {"serialNumber", "urn:uuid:" + uuidOf(subject.id)},
                         {"version", 1},
                         {"metadata",
                          {{"timestamp", timestampOf(subject.created)},
                           {"tools", {{"components", json::Value::array({{{"type", "application"}, {"name", subject.tool}}})}}},
                           {"component", std::move(image)}}},
                         {"components", std::move(components)}};
    json::Value notes = json::Value::array();
    for (const std::string& note : inventory.notes)
        notes.push_back(property("note", note));
    if (!notes.empty())
        document["metadata"]["properties"] = std::move(notes);
    return json::dumpPretty(document);
}

} // namespace rocker::packages
