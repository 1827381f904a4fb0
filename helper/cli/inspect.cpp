#include "helper/cli/command.h"

#include <optional>

namespace rocker::cli {

using namespace protocol;

namespace {

using Lookup = Result<json::Value> (*)(Client&, const std::string&);

Result<json::Value> containerNamed(Client& client, const std::string& name)
{
    return json::write(TRY(client.call<Inspect>({name})));
}

Result<json::Value> imageNamed(Client& client, const std::string& name)
{
    return json::write(TRY(client.call<InspectImage>({name})));
}

Result<json::Value> anythingNamed(Client& client, const std::string& name)
{
    auto container = containerNamed(client, name);
    if (container || container.error().code != ErrorCode::NotFound)
        return container;
    auto image = imageNamed(client, name);
    if (!image && image.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound, "no container and no image is called '{}'", name);
    return image;
}

// An array of what was found, also when something was not.
Result<int> inspectAll(const Context& context, const Arguments& arguments, Lookup lookup)
{
    Client client = TRY(context.connect());
    json::Value found = json::Value::array();
    int code = 0;
    for (const std::string& name : arguments.operands()) {
        if (auto value = lookup(client, name)) {
            found.push_back(*std::move(value));
        } else {
            complain(value.error().what);
            code = 1;
        }
    }
    print(json::dumpPretty(found));
    return code;
}

Result<int> inspect(const Context& context, const Arguments& arguments)
{
    return inspectAll(context, arguments, anythingNamed);
}

Result<int> imageInspect(const Context& context, const Arguments& arguments)
{
    return inspectAll(context, arguments, imageNamed);
}

} // namespace

Command inspectCommand()
{
    return {.syntax = {.names = {"inspect"},
                       .operands = "NAME…",
                       .summary = "Tell everything about containers or images, as JSON.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = inspect};
}

Command imageInspectCommand()
{
    return {.syntax = {.names = {"image inspect"},
                       .operands = "IMAGE…",
                       .summary = "Tell everything about images, as JSON.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = imageInspect};
}

} // namespace rocker::cli
