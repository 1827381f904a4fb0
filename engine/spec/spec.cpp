#include "engine/spec/spec.h"

#include "engine/json/json.h"

namespace rocker::spec {

Result<Spec> parse(std::string_view text)
{
    return json::readText<Spec>(text, json::UnknownKeys::Ignore);
}

Result<Process> parseProcess(std::string_view text)
{
    return json::readText<Process>(text, json::UnknownKeys::Ignore);
}

} // namespace rocker::spec
