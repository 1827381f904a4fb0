#include "engine/runtime/document.h"

#include "engine/json/slice.h"

namespace rocker::runtime {

Result<Document> parseDocument(std::string text)
{
    Document document{.text = std::make_unique<std::string>(std::move(text))};
    document.spec = TRY(spec::parse(*document.text));
    if (document.spec.platform && document.spec.platform->seccomp)
        document.seccompText = json::slice(*document.text, {"linux", "seccomp"});
    return document;
}

} // namespace rocker::runtime
