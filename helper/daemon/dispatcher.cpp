#include "helper/daemon/dispatcher.h"

#include "helper/event/log.h"

#include <exception>
#include <optional>

namespace rocker {

using namespace protocol;

namespace {

constexpr std::string_view serviceInterface = "org.varlink.service";
constexpr std::string_view servicePrefix = "org.varlink.service.";

// https://varlink.org/Service
constexpr std::string_view serviceDescription = R"(# Every Varlink service describes itself by this interface.
interface org.varlink.service

# Who made this service, and what it serves.
method GetInfo() -> (
	vendor: string,
	product: string,
	version: string,
	url: string,
	interfaces: []string
)

# The description of one interface, in this language.
method GetInterfaceDescription(interface: string) -> (description: string)

error InterfaceNotFound (interface: string)

error MethodNotFound (method: string)

error MethodNotImplemented (method: string)

error InvalidParameter (parameter: string)

error PermissionDenied ()

error ExpectedMore ()
)";

struct DescriptionParameters {
    std::string interface;
    static constexpr auto fields()
    {
        return std::tuple(json::required("interface", &DescriptionParameters::interface));
    }
};

Answer standardError(std::string_view name, json::Value parameters)
{
    return {.parameters = std::move(parameters), .error = std::format("{}{}", servicePrefix, name)};
}

// Why a method of this flow cannot be called with these flags.
std::optional<Answer> wrongFlags(Flow flow, const Call& call)
{
    if (flow == Flow::Stream && !call.more)
        return standardError("ExpectedMore", {{"message", call.method + " answers more than once: call it with \"more\""}});
    if (flow == Flow::Upgrade && !call.upgrade)
        return errorAnswer({ErrorCode::InvalidArgument, 0,
                            call.method + " turns the connection into a byte stream: call it with \"upgrade\""});
    if (flow != Flow::Upgrade && call.upgrade)
        return errorAnswer({ErrorCode::InvalidArgument, 0, call.method + " does not take \"upgrade\""});
    return std::nullopt;
}

} // namespace

void Dispatcher::dispatch(const Caller& caller, Call call, const std::shared_ptr<ReplySink>& sink) const
{
    if (call.method.starts_with(servicePrefix))
        return sink->send(describe(call));
    const auto found = m_methods.find(call.method);
    if (found == m_methods.end())
        return sink->send(unknown(call.method));
    const Entry& entry = found->second;
    if (const auto refusal = wrongFlags(entry.flow, call))
        return sink->send(*refusal);

    m_authority.check(caller, useContainers, [&entry, caller, call = std::move(call), sink](const Result<>& decision) {
        if (!decision)
            return sink->send(errorAnswer(decision.error()));
        try {
            entry.run(caller, call.parameters, sink);
        } catch (const std::exception& exception) {
            // A bug. The request, dropped on the way here, has answered already.
            log::error("{}: {}", call.method, exception.what());
        }
    });
}

Answer Dispatcher::describe(const Call& call) const
{
    const std::string_view method = std::string_view(call.method).substr(servicePrefix.size());
    if (method == "GetInfo") {
        json::Value names = json::Value::array({serviceInterface});
        for (const Description& interface : m_interfaces)
            names.push_back(interface.name);
        return {.parameters = {{"vendor", "Rocker Workstation"},
                               {"product", "rocker-helper"},
                               {"version", ROCKER_VERSION},
                               {"url", ""},
                               {"interfaces", std::move(names)}}};
    }
    if (method != "GetInterfaceDescription")
        return standardError("MethodNotFound", {{"method", call.method}});
    const auto parameters = json::read<DescriptionParameters>(call.parameters, json::UnknownKeys::Refuse);
    if (!parameters)
        return invalidParameter(parameters.error());
    if (parameters->interface == serviceInterface)
        return {.parameters = {{"description", serviceDescription}}};
    for (const Description& interface : m_interfaces)
        if (interface.name == parameters->interface)
            return {.parameters = {{"description", interface.text}}};
    return standardError("InterfaceNotFound", {{"interface", parameters->interface}});
}

Answer Dispatcher::unknown(const std::string& method) const
{
    const std::string_view interface = std::string_view(method).substr(0, method.rfind('.'));
    for (const Description& known : m_interfaces)
        if (known.name == interface)
            return standardError("MethodNotFound", {{"method", method}});
    return standardError("InterfaceNotFound", {{"interface", interface}});
}

} // namespace rocker
