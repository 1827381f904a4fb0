#include "engine/layers/waste.h"
#include "helper/cli/image_contents.h"
#include "helper/cli/values.h"

namespace rocker::cli {

namespace {

// "10%" of all bytes, or a size.
Result<std::uint64_t> allowedWaste(std::string text, std::uint64_t total)
{
    if (!text.ends_with('%'))
        return std::uint64_t(TRY(parseSize(text), "--max-waste"));
    text.pop_back();
    const double percent = TRY(parseDecimal(text), "--max-waste");
    if (percent > 100)
        return fail(ErrorCode::InvalidArgument, "--max-waste: more than 100%");
    return std::uint64_t(double(total) * percent / 100);
}

Result<int> imageCheck(const Context& context, const Arguments& arguments)
{
    const auto mostWaste = arguments.value("max-waste");
    const auto leastEfficiency = arguments.value("min-efficiency");
    if (!mostWaste && !leastEfficiency)
        return fail(ErrorCode::InvalidArgument, "nothing to check: give --max-waste or --min-efficiency");
    const std::string& name = arguments.operands()[0];
    const layers::Waste waste = layers::wasteOf(TRY(readContents(context, name)).layers);
    std::vector<std::string> reasons;
    if (mostWaste && waste.wasted > TRY(allowedWaste(*mostWaste, waste.total)))
        reasons.push_back(std::format("{} of {} are hidden, more than {}", sizeText(std::int64_t(waste.wasted)),
                                      sizeText(std::int64_t(waste.total)), *mostWaste));
    if (leastEfficiency && waste.efficiency() < TRY(parseDecimal(*leastEfficiency), "--min-efficiency"))
        reasons.push_back(std::format("its efficiency is {:.4f}, less than {}", waste.efficiency(), *leastEfficiency));
    if (arguments.has("json"))
        print(json::dumpPretty({{"passed", reasons.empty()}, {"total", waste.total}, {"wasted", waste.wasted},
                                {"efficiency", waste.efficiency()}, {"reasons", json::write(reasons)}}));
    else if (reasons.empty())
        print(std::format("{} passes: {} of {} are hidden, efficiency {:.4f}\n", name, sizeText(std::int64_t(waste.wasted)),
                          sizeText(std::int64_t(waste.total)), waste.efficiency()));
    for (const std::string& reason : reasons)
        complain(std::format("{} does not pass: {}", name, reason));
    return reasons.empty() ? 0 : 1;
}

} // namespace

Command imageCheckCommand()
{
    return {.syntax = {.names = {"image check"},
                       .operands = "IMAGE",
                       .summary = "Fail, for a build's pipeline, when an image carries too much that nobody can see.",
                       .options = {{0, "max-waste", "PERCENT|SIZE", "hidden bytes at most: 10% or 50m"},
                                   {0, "min-efficiency", "F", "seen bytes of all bytes at least: 0.95"},
                                   {0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = imageCheck};
}

} // namespace rocker::cli
