#pragma once

#include "engine/base/result.h"
#include "tests/bench/runtime_table.h"

#include <string>
#include <vector>

namespace rocker::bench
{

// Where docker_bundle's work lies, and bench_measure and bench_floor.
struct Workplace {
    std::string directory;
    std::string cgroup;
    std::string programs;

    std::string program(const char* name) const { return programs + "/" + name; }
    std::string bundle(const char* name) const { return directory + "/bundle/" + name; }
};

// Runs a program to its end under bench_measure; `what` is for the error when it does not end with 0.
Result<Measure> measure(const Workplace& place, std::vector<std::string> words, const std::string& what);

// An OCI runtime's command line as runc's, with a --root of its own.
class RuntimePeer
{
public:
    // Fails when the program is not there or does not tell its version.
    static Result<RuntimePeer> open(const Workplace& place, const std::string& path, std::size_t number);

    const std::string& name() const { return m_name; }
    // One `run` to the end and one life by create, exec, state, start, kill and delete; only the commands' own time
    // counts.
    Result<> turn(Table& table);
    // Removes what a failed turn has left.
    void clear();
    // Of one `run`, by strace(1).
    Result<long> systemCalls();

private:
    RuntimePeer(Workplace place, std::string path, std::string root, std::string name)
        : m_place(std::move(place))
        , m_path(std::move(path))
        , m_root(std::move(root))
        , m_name(std::move(name))
    {
    }
    std::vector<std::string> command(std::initializer_list<std::string> words) const;
    Result<Measure> step(Table& table, const char* operation, std::initializer_list<std::string> words);

    Workplace m_place;
    std::string m_path;
    std::string m_root;
    std::string m_name;
};

} // namespace rocker::bench
