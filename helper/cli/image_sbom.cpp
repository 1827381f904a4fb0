#include "engine/base/time.h"
#include "engine/packages/sbom.h"
#include "helper/cli/output_file.h"
#include "helper/cli/package_reading.h"

namespace rocker::cli {

namespace {

packages::Subject subjectOf(const protocol::InspectImage::Reply& reply)
{
    packages::Subject subject{.name = reply.image.references.empty() ? reply.image.id : reply.image.references.front(),
                              .id = reply.image.id,
                              .manifestDigest = reply.details.manifestDigest,
                              .architecture = reply.image.architecture,
                              .created = secondsOf(reply.image.createdAt).value_or(0),
                              .tool = "rocker-" ROCKER_VERSION};
    for (const protocol::ImageLayer& layer : reply.details.layers)
        subject.diffIds.push_back(layer.diffId);
    return subject;
}

Result<int> imageSbom(const Context& context, const Arguments& arguments)
{
    const std::string name = arguments.valueOr("format", "spdx");
    const auto format = packages::sbomFormat(name);
    if (!format)
        return fail(ErrorCode::InvalidArgument, "--format: '{}' is neither spdx nor cyclonedx", name);
    const ImagePackages image = TRY(readPackages(context, arguments.operands()[0]));
    for (const std::string& note : image.inventory.notes)
        complain("note: " + note);
    const std::string text = packages::billOfMaterials(*format, subjectOf(image.image), image.inventory);
    TRY(writeOutput(arguments.valueOr("output", "-"), [&](int descriptor) { return writeFully(descriptor, text); }));
    return 0;
}

} // namespace

Command imageSbomCommand()
{
    return {.syntax = {.names = {"image sbom"},
                       .operands = "IMAGE",
                       .summary = "Write an image's bill of materials: what is installed, in which version, under which licence.",
                       .options = {{0, "format", "FORMAT", "spdx (2.3, the default) or cyclonedx (1.6), as JSON"},
                                   {'o', "output", "FILE", "where to, else standard output"}},
                       .fewest = 1,
                       .most = 1},
            .run = imageSbom};
}

} // namespace rocker::cli
