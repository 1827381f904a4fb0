#include "helper/unpack/configuration.h"

namespace rocker::unpack {

using json::Value;

Value& memberOf(Value& object, const char* name, Value::value_t type)
{
    Value& member = object[name];
    if (member.type() != type)
        member = type == Value::value_t::array ? Value::array() : Value::object();
    return member;
}

void editConfiguration(Value& configuration, const image::ConfigurationEdits& edits)
{
    Value& run = memberOf(configuration, "config", Value::value_t::object);
    if (edits.entrypoint) {
        run["Entrypoint"] = *edits.entrypoint;
        // The old arguments were the old entrypoint's.
        if (!edits.command)
            run.erase("Cmd");
    }
    if (edits.command)
        run["Cmd"] = *edits.command;
    for (const auto& [name, value] : {std::pair("WorkingDir", &edits.workingDirectory), {"User", &edits.user}, {"StopSignal", &edits.stopSignal}})
        if (*value)
            run[name] = **value;
    if (!edits.environment.empty()) {
        Value& environment = memberOf(run, "Env", Value::value_t::array);
        for (const std::string& variable : edits.environment) {
            const std::string name = variable.substr(0, variable.find('=') + 1);
            std::erase_if(environment.get_ref<Value::array_t&>(), [&](const Value& old) {
                return old.is_string() && old.get_ref<const std::string&>().starts_with(name);
            });
            environment.push_back(variable);
        }
    }
    for (const auto& [name, value] : edits.labels)
        memberOf(run, "Labels", Value::value_t::object)[name] = value;
    for (const std::string& port : edits.exposedPorts)
        memberOf(run, "ExposedPorts", Value::value_t::object)[port] = Value::object();
    for (const std::string& path : edits.volumes)
        memberOf(run, "Volumes", Value::value_t::object)[path] = Value::object();
}

} // namespace rocker::unpack
