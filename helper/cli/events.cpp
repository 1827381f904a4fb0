#include "helper/cli/command.h"

#include <chrono>

namespace rocker::cli {

using namespace protocol;

namespace {

std::string now()
{
    return std::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(Clock::now()));
}

void printChanges(const Watch::Reply& news)
{
    const std::string time = now();
    for (const Container& container : news.containers)
        print(std::format("{} container {} {} {}\n", time, shortId(container.id), json::enumName(container.state),
                          container.name));
    for (const std::string& id : news.removedContainers)
        print(std::format("{} container {} removed\n", time, shortId(id)));
    for (const Image& image : news.images)
        print(std::format("{} image {} present {}\n", time, shortId(image.id),
                          image.references.empty() ? "" : image.references[0]));
    for (const std::string& id : news.removedImages)
        print(std::format("{} image {} removed\n", time, shortId(id)));
}

Result<int> events(const Context& context, const Arguments& arguments)
{
    const bool asJson = arguments.has("format");
    Client client = TRY(context.connect());
    TRY(client.stream<Watch>({}, [asJson](const Watch::Reply& news) {
        if (asJson)
            print(json::dump(json::write(news)) + "\n");
        else if (!news.reset || news.sequence > 1) // the first tells what there was before
            printChanges(news);
    }));
    return 0;
}

} // namespace

Command eventsCommand()
{
    return {.syntax = {.names = {"events"},
                       .operands = "",
                       .summary = "Show what happens to containers and images, as it happens.",
                       .options = {{0, "format", "json", "one JSON object a line, the first with all there is"}}},
            .run = events};
}

} // namespace rocker::cli
