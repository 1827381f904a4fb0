#pragma once

#include "engine/base/unique_fd.h"

#include <QByteArray>
#include <QTemporaryDir>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace rocker {

inline QByteArray bytes(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

// A directory with files that stand for a cgroup's.
class FakeGroup
{
public:
    void add(const std::string& file, const std::string& text = {}) const
    {
        const std::filesystem::path path = root() / file;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    std::filesystem::path root() const { return m_directory.path().toStdString(); }
    UniqueFd open() const { return UniqueFd(::open(root().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)); }
    QByteArray read(const std::string& file) const
    {
        std::stringstream text;
        text << std::ifstream(root() / file).rdbuf();
        return bytes(text.str());
    }

private:
    QTemporaryDir m_directory;
};

} // namespace rocker
