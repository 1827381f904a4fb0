#include "helper/daemon/configuration.h"

#include <array>
#include <filesystem>
#include <string_view>

namespace rocker {

namespace {

struct Option {
    std::string_view name;
    std::string_view value;
    std::string_view help;
    std::string Configuration::*target;
};

constexpr std::array options{
    Option{"--state", "DIR", "where containers and images are kept (/var/lib/rocker)", &Configuration::stateDirectory},
    Option{"--run", "DIR", "sockets and what a reboot clears (/run/rocker)", &Configuration::runDirectory},
    Option{"--socket", "PATH", "the socket to serve (<run>/helper.sock)", &Configuration::socketPath},
    Option{"--group", "NAME", "whose members may use containers (rocker)", &Configuration::group},
    Option{"--cgroup-parent", "NAME", "the cgroup above all containers' (rocker)", &Configuration::cgroupParent},
    Option{"--monitor", "PATH", "the rocker-monitor program (beside this one)", &Configuration::monitorPath},
    Option{"--unpack", "PATH", "the rocker-unpack program (beside this one)", &Configuration::unpackPath},
    Option{"--fetch", "PATH", "the rocker-fetch program (beside this one)", &Configuration::fetchPath},
    Option{"--registries", "PATH", "mirrors and such (/etc/rocker/registries.json)", &Configuration::registriesPath},
};

std::string companion(const std::string& program)
{
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const auto beside = self.parent_path() / program;
    return std::filesystem::exists(beside, ignored) ? beside.string() : "/usr/libexec/rocker/" + program;
}

Result<> checkPaths(const Configuration& configuration)
{
    for (const Option& option : options) {
        const std::string& value = configuration.*option.target;
        if (value.empty())
            return fail(ErrorCode::InvalidArgument, "{} must not be empty", option.name);
        if (option.value != "NAME" && !value.starts_with('/'))
            return fail(ErrorCode::InvalidArgument, "{} needs an absolute path, not '{}'", option.name, value);
    }
    return {};
}

} // namespace

Result<Configuration> readConfiguration(const std::vector<std::string>& arguments)
{
    Configuration configuration;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        const std::string_view name = argument.substr(0, argument.find('='));
        configuration.showHelp |= argument == "--help";
        configuration.showVersion |= argument == "--version";
        if (argument == "--help" || argument == "--version")
            continue;
        const Option* found = nullptr;
        for (const Option& option : options)
            if (option.name == name)
                found = &option;
        if (!found)
            return fail(ErrorCode::InvalidArgument, "'{}' is not an option: see rocker-helper --help", argument);
        if (name.size() < argument.size())
            configuration.*found->target = argument.substr(name.size() + 1);
        else if (++i < arguments.size())
            configuration.*found->target = arguments[i];
        else
            return fail(ErrorCode::InvalidArgument, "{} needs a value: {}", name, found->value);
    }
    if (configuration.socketPath.empty())
        configuration.socketPath = configuration.runDirectory + "/helper.sock";
    if (configuration.monitorPath.empty())
        configuration.monitorPath = companion("rocker-monitor");
    if (configuration.unpackPath.empty())
        configuration.unpackPath = companion("rocker-unpack");
    if (configuration.fetchPath.empty())
        configuration.fetchPath = companion("rocker-fetch");
    TRY(checkPaths(configuration));
    return configuration;
}

std::string configurationHelp()
{
    std::string text = "rocker-helper [OPTION…]\nOwns the containers of this machine and serves them on a socket.\n\n";
    for (const Option& option : options)
        text += std::format("  {:<24}{}\n", std::format("{} {}", option.name, option.value), option.help);
    return text + "  --version               print the version\n  --help                  print this\n";
}

} // namespace rocker
