#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace rocker::image {

// One SQLite database, used by one thread. Every commit is on disk when it returns.
class Database
{
public:
    using Argument = std::variant<std::int64_t, std::string>;

    class Row
    {
    public:
        std::string text(int column) const;
        std::int64_t number(int column) const;

    private:
        friend class Database;
        explicit Row(sqlite3_stmt* statement) : m_statement(statement) {}
        sqlite3_stmt* m_statement;
    };

    static Result<Database> open(const std::string& path);

    Result<> execute(const std::string& sql, const std::vector<Argument>& arguments = {});
    Result<> query(const std::string& sql, const std::vector<Argument>& arguments, const std::function<void(const Row&)>& each);
    // All of `changes` or, when it fails, nothing of it.
    Result<> transaction(const std::function<Result<>()>& changes);
    // Several statements without arguments.
    Result<> executeScript(const std::string& sql);

private:
    struct Deleter {
        void operator()(sqlite3* database) const;
    };
    explicit Database(sqlite3* database) : m_database(database) {}
    Error failure() const;
    std::unique_ptr<sqlite3, Deleter> m_database;
};

} // namespace rocker::image
