#pragma once

#include "engine/base/result.h"
#include "engine/packages/package.h"

namespace rocker::packages {

// rpm's database of installed packages as a file of rpm 4.16 or newer: rpmdb.sqlite, read from memory by a connection
// that can do nothing but select from its one table, whatever schema a stranger has put there. Corrupt, with the reason.
Result<std::vector<Package>> parseRpmSqlite(std::string bytes);

// The same as Packages.db of the ndb backend (openSUSE): slots of packages, then their headers as blobs.
Result<std::vector<Package>> parseRpmNdb(std::string_view bytes);

} // namespace rocker::packages
