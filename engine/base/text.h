#pragma once

#include <string>
#include <string_view>

namespace rocker {

// "No such file" as "no such file": how shells and other runtimes begin a reason, which scripts look for.
std::string uncapitalized(std::string text);
// The kernel's reason in that form.
std::string reasonOf(int errnum);
// Of a path in mountinfo, which writes blanks, tabs, line feeds and backslashes as octal numbers (proc_pid_mountinfo(5)).
std::string withoutOctalEscapes(std::string_view text);

} // namespace rocker
