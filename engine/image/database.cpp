#include "engine/image/database.h"

#include "engine/base/scope_exit.h"

#include <sqlite3.h>

namespace rocker::image {

std::string Database::Row::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return bytes ? std::string(bytes, std::size_t(sqlite3_column_bytes(m_statement, column))) : std::string();
}

std::int64_t Database::Row::number(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

void Database::Deleter::operator()(sqlite3* database) const
{
    sqlite3_close(database);
}

Error Database::failure() const
{
    const int code = sqlite3_errcode(m_database.get()) & 0xff;
    const ErrorCode kind = code == SQLITE_FULL ? ErrorCode::ResourceExhausted
        : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? ErrorCode::Corrupt
                                                          : ErrorCode::Internal;
    return {kind, 0, std::format("image database: {}", sqlite3_errmsg(m_database.get()))};
}

Result<Database> Database::open(const std::string& path)
{
    sqlite3* raw = nullptr;
    const int status = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
    Database database(raw);
    if (status != SQLITE_OK)
        return fail(database.failure().in(std::format("open '{}'", path)));
    sqlite3_busy_timeout(raw, 5000);
    TRY(database.executeScript("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"), "open '{}'", path);
    return database;
}

Result<> Database::query(const std::string& sql, const std::vector<Argument>& arguments,
                         const std::function<void(const Row&)>& each)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_database.get(), sql.c_str(), int(sql.size()), &statement, nullptr) != SQLITE_OK)
        return fail(failure());
    const ScopeExit finalize([&] { sqlite3_finalize(statement); });
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const int position = int(i) + 1;
        if (const auto* number = std::get_if<std::int64_t>(&arguments[i]))
            sqlite3_bind_int64(statement, position, *number);
        else if (const auto* text = std::get_if<std::string>(&arguments[i]))
            sqlite3_bind_text(statement, position, text->data(), int(text->size()), SQLITE_STATIC);
    }
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        each(Row(statement));
    if (status != SQLITE_DONE)
        return fail(failure());
    return {};
}

Result<> Database::execute(const std::string& sql, const std::vector<Argument>& arguments)
{
    return query(sql, arguments, [](const Row&) { });
}

Result<> Database::executeScript(const std::string& sql)
{
    if (sqlite3_exec(m_database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(failure());
    return {};
}

Result<> Database::transaction(const std::function<Result<>()>& changes)
{
    TRY(execute("BEGIN IMMEDIATE"));
    ScopeExit rollback([&] { sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr); });
    TRY(changes());
    TRY(execute("COMMIT"));
    rollback.dismiss();
    return {};
}

} // namespace rocker::image
