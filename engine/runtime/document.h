#pragma once

#include "engine/base/result.h"
#include "engine/spec/spec.h"

#include <memory>
#include <string>

namespace rocker::runtime {

// A configuration: its text, what it says, and which part of the text is about seccomp.
struct Document {
    std::unique_ptr<std::string> text; // where seccompText points to, wherever this is moved
    spec::Spec spec;
    std::string_view seccompText;      // empty: none
};

// Parsed, not yet validated.
Result<Document> parseDocument(std::string text);

} // namespace rocker::runtime
