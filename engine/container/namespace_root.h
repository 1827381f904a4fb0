#pragma once

#include "engine/base/result.h"

namespace rocker::container {

enum class Groups { Drop, Keep };

// Makes the calling process root of its user namespace, as far as that namespace maps one (user_namespaces(7)): what a
// process is, before it becomes the command's user, whoever has started the runtime. Without the right to drop groups
// (setgroups denied) they stay.
Result<> becomeNamespaceRoot(Groups groups);

} // namespace rocker::container
