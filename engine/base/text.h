#pragma once

#include <string>

namespace rocker {

// "No such file" as "no such file": how shells and other runtimes begin a reason, which scripts look for.
std::string uncapitalized(std::string text);
// The kernel's reason in that form.
std::string reasonOf(int errnum);

} // namespace rocker
