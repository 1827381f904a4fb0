#include "engine/runtime/dispatch.h"

namespace rocker::runtime {

Handler handlerOf(std::string_view command)
{
    static constexpr std::pair<std::string_view, Handler> handlers[]{
        {"checkpoint", checkpoint}, {"create", create}, {"delete", destroy}, {"events", events},   {"exec", exec},
        {"features", features},     {"kill", kill},     {"list", list},      {"mounts", mounts},   {"pause", pause},
        {"ps", ps},                 {"restore", restore}, {"resume", resume}, {"run", run},        {"spec", spec},
        {"start", start},           {"state", state},   {"update", update},
    };
    for (const auto& [name, handler] : handlers)
        if (name == command)
            return handler;
    return nullptr;
}

} // namespace rocker::runtime
