#pragma once

#include "engine/base/result.h"
#include "engine/spec/linux.h"
#include "engine/spec/process.h"

#include <string_view>

// A container as the Open Container Initiative describes it: config.json of a bundle (runtime-spec 1.3, config.md), as
// plain structs whose members are the document's keys. Pure: nothing here looks at the machine.
namespace rocker::spec {

struct Root {
    std::string path; // absolute, or below the bundle
    bool readonly = false;
    static constexpr auto fields()
    {
        return std::tuple(json::required("path", &Root::path), json::defaulted("readonly", &Root::readonly));
    }
};

struct Mount {
    std::string destination; // absolute
    std::string type;
    std::string source;
    std::vector<std::string> options; // as mount(8) has them
    std::vector<IdMapping> uidMappings;
    std::vector<IdMapping> gidMappings;
    static constexpr auto fields()
    {
        using json::defaulted;
        using M = Mount;
        return std::tuple(json::required("destination", &M::destination), defaulted("type", &M::type), defaulted("source", &M::source),
                          defaulted("options", &M::options), defaulted("uidMappings", &M::uidMappings),
                          defaulted("gidMappings", &M::gidMappings));
    }
};

struct Hook {
    std::string path; // absolute, outside the container but for startContainer
    std::vector<std::string> args;
    std::vector<std::string> env;
    std::optional<std::int64_t> timeout; // seconds
    static constexpr auto fields()
    {
        using json::defaulted;
        using H = Hook;
        return std::tuple(json::required("path", &H::path), defaulted("args", &H::args), defaulted("env", &H::env),
                          defaulted("timeout", &H::timeout));
    }
};

struct Hooks {
    std::vector<Hook> prestart;
    std::vector<Hook> createRuntime;
    std::vector<Hook> createContainer;
    std::vector<Hook> startContainer;
    std::vector<Hook> poststart;
    std::vector<Hook> poststop;
    static constexpr auto fields()
    {
        using json::defaulted;
        using H = Hooks;
        return std::tuple(defaulted("prestart", &H::prestart), defaulted("createRuntime", &H::createRuntime),
                          defaulted("createContainer", &H::createContainer), defaulted("startContainer", &H::startContainer),
                          defaulted("poststart", &H::poststart), defaulted("poststop", &H::poststop));
    }
};

struct Spec {
    std::string ociVersion;
    std::optional<Process> process;
    std::optional<Root> root;
    std::string hostname;
    std::string domainname;
    std::vector<Mount> mounts;
    std::optional<Hooks> hooks;
    std::map<std::string, std::string> annotations;
    std::optional<Linux> platform; // the key "linux", a macro of old compilers
    static constexpr auto fields()
    {
        using json::defaulted;
        using S = Spec;
        return std::tuple(json::required("ociVersion", &S::ociVersion), defaulted("process", &S::process), defaulted("root", &S::root),
                          defaulted("hostname", &S::hostname), defaulted("domainname", &S::domainname),
                          defaulted("mounts", &S::mounts), defaulted("hooks", &S::hooks), defaulted("annotations", &S::annotations),
                          defaulted("linux", &S::platform));
    }
};

// What the text says, unknown properties passed over (config.md, "Extensibility"); the error begins with the JSON path
// of the value ("linux.resources.pids.limit: …").
Result<Spec> parse(std::string_view text);
Result<Process> parseProcess(std::string_view text);

// Everything that can be known wrong without looking at the machine: versions, names, ranges, combinations. The error
// begins with the JSON path. What linux.resources, linux.seccomp, linux.sysctl and mount options say, their own folders
// check, with the version of cgroups, of libseccomp and of the kernel in view, and as early.
Result<> validate(const Spec& spec);
Result<> validate(const Process& process, std::string_view path = "process");

// The newest version of the specification that is known here.
inline constexpr std::string_view newestVersion = "1.3.0";

// The config.json that `spec` writes: sh in a root file system "rootfs", with all namespaces but user, cgroup and time.
Spec example();
// The same for who is not root and has one id to map: in a user namespace, on the host's network, without resources.
Spec rootlessExample(std::uint32_t uid, std::uint32_t gid);
// Indented, what is absent left out.
std::string toJson(const Spec& spec);

} // namespace rocker::spec
