#include "engine/packages/rpm_database.h"
#include "engine/packages/rpm_header.h"

#include <sqlite3.h>

#include <cstring>
#include <memory>

namespace rocker::packages {

namespace {

struct Closed {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Closed>;
using Statement = std::unique_ptr<sqlite3_stmt, Closed>;

constexpr int blobLimit = 32 << 20;       // of one package's header
constexpr int stepsBetweenLooks = 100'000; // of SQLite's virtual machine
constexpr int looksLimit = 2000;

Error problem(sqlite3* database)
{
    return {ErrorCode::Corrupt, 0, sqlite3_errmsg(database)};
}

// Reading the schema and the one table is all that a statement may come to.
int authorize(void*, int action, const char* first, const char*, const char*, const char*)
{
    if (action == SQLITE_SELECT)
        return SQLITE_OK;
    const bool known = first && (std::strcmp(first, "Packages") == 0 || std::strcmp(first, "sqlite_master") == 0);
    return action == SQLITE_READ && known ? SQLITE_OK : SQLITE_DENY;
}

int count(void* looks)
{
    return ++*static_cast<int*>(looks) > looksLimit; // 1 interrupts
}

Result<Connection> openInMemory(std::string& bytes)
{
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    const int opened = sqlite3_open_v2(":memory:", &raw, flags, nullptr);
    Connection database(raw);
    if (opened != SQLITE_OK)
        return fail(ErrorCode::Internal, "no database can be opened in memory");
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, blobLimit);
    sqlite3_limit(raw, SQLITE_LIMIT_SQL_LENGTH, 10'000);
    sqlite3_limit(raw, SQLITE_LIMIT_COLUMN, 50);
    sqlite3_limit(raw, SQLITE_LIMIT_EXPR_DEPTH, 20);
    sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(raw, SQLITE_LIMIT_VDBE_OP, 10'000);
    sqlite3_exec(raw, "PRAGMA cell_size_check = ON", nullptr, nullptr, nullptr);
    auto* data = reinterpret_cast<unsigned char*>(bytes.data());
    if (sqlite3_deserialize(raw, "main", data, sqlite3_int64(bytes.size()), sqlite3_int64(bytes.size()),
                            SQLITE_DESERIALIZE_READONLY)
        != SQLITE_OK)
        return fail(problem(raw));
    sqlite3_set_authorizer(raw, authorize, nullptr);
    return database;
}

Result<Statement> prepare(sqlite3* database, const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
        return fail(problem(database));
    return Statement(statement);
}

// That "Packages" is a plain table, as rpm makes it: no view, no virtual table, no column that is computed.
Result<> checkSchema(sqlite3* database)
{
    const Statement tables = TRY(prepare(database, "SELECT type, sql FROM sqlite_master WHERE name = 'Packages'"));
    int found = 0;
    int status;
    while ((status = sqlite3_step(tables.get())) == SQLITE_ROW) {
        const auto* type = reinterpret_cast<const char*>(sqlite3_column_text(tables.get(), 0));
        const auto* sql = reinterpret_cast<const char*>(sqlite3_column_text(tables.get(), 1));
        constexpr std::string_view start = "CREATE TABLE ";
        const std::string_view text = sql ? sql : "";
        if (!type || std::strcmp(type, "table") != 0 || sqlite3_strnicmp(text.data(), start.data(), int(start.size())) != 0
            || sqlite3_strlike("% AS %(%", text.data(), 0) == 0 || ++found > 1)
            return fail(ErrorCode::Corrupt, "its 'Packages' is not the table that rpm makes");
    }
    if (status != SQLITE_DONE)
        return fail(problem(database));
    return found == 1 ? Result<>() : fail(ErrorCode::Corrupt, "it has no table 'Packages'");
}

} // namespace

Result<std::vector<Package>> parseRpmSqlite(std::string bytes)
{
    constexpr std::string_view magic("SQLite format 3\0", 16);
    if (!std::string_view(bytes).starts_with(magic) || bytes.size() < 512)
        return fail(ErrorCode::Corrupt, "it is no SQLite database");
    // rpm leaves it in WAL mode, which a database in memory cannot have; what has been written back is all here.
    bytes[18] = bytes[19] = 1;
    const Connection database = TRY(openInMemory(bytes));
    int looks = 0;
    sqlite3_progress_handler(database.get(), stepsBetweenLooks, count, &looks);
    TRY(checkSchema(database.get()));
    const Statement rows = TRY(prepare(database.get(), "SELECT blob FROM Packages"));
    std::vector<Package> packages;
    PathBudget budget;
    int status;
    while ((status = sqlite3_step(rows.get())) == SQLITE_ROW && packages.size() < packagesLimit) {
        const auto* blob = static_cast<const char*>(sqlite3_column_blob(rows.get(), 0));
        const auto size = std::size_t(sqlite3_column_bytes(rows.get(), 0));
        Package package = TRY(parseRpmHeader(blob ? std::string_view(blob, size) : std::string_view(), budget));
        if (!isKey(package))
            packages.push_back(std::move(package));
    }
    if (status != SQLITE_DONE && status != SQLITE_ROW)
        return fail(problem(database.get()));
    return packages;
}

} // namespace rocker::packages
