#pragma once

#include "engine/base/unique_fd.h"

#include <cstdlib>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

// What a child of the test says (its standard output and what `work` returns), for things that a process does to itself
// for good.
inline std::string forked(const std::function<std::string()>& work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], 1);
        ::dup2(ends[1], 2);
        ::close(ends[0]);
        ::close(ends[1]);
        const std::string said = work();
        (void)!::write(1, said.data(), said.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    const rocker::UniqueFd reader(ends[0]);
    std::string said;
    char buffer[4096];
    for (ssize_t count; (count = ::read(reader.value(), buffer, sizeof buffer)) > 0;)
        said.append(buffer, std::size_t(count));
    ::waitpid(child, nullptr, 0);
    return said;
}
