#pragma once

#include "engine/json/json.h"
#include "engine/seccomp/seccomp.h"

#include <QTest>

#include <cerrno>
#include <cstdlib>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <set>
#include <span>
#include <string>

// What the tests of seccomp filters share: profiles from JSON, the kernel's way of running a program, docker's profile.
namespace seccomptest {

inline rocker::spec::Seccomp profileOf(const std::string& json)
{
    auto read = rocker::json::readText<rocker::spec::Seccomp>(json, rocker::json::UnknownKeys::Ignore);
    if (!read)
        qFatal("%s: %s", read.error().what.c_str(), json.c_str());
    return *read;
}

// The answer of a program to a call, as Documentation/networking/filter.rst has instructions work.
inline std::uint32_t run(std::span<const sock_filter> program, const seccomp_data& call)
{
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < program.size(); ++at) {
        const sock_filter& step = program[at];
        const auto branch = [&](bool taken) { at += taken ? step.jt : step.jf; };
        switch (step.code) {
        case BPF_LD | BPF_W | BPF_ABS:
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + step.k, sizeof accumulator);
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            accumulator &= step.k;
            break;
        case BPF_JMP | BPF_JA:
            at += step.k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            branch(accumulator == step.k);
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            branch(accumulator > step.k);
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            branch(accumulator >= step.k);
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            branch((accumulator & step.k) != 0);
            break;
        case BPF_RET | BPF_K:
            return step.k;
        default:
            qFatal("instruction %zu has the code %x", at, unsigned(step.code));
        }
    }
    qFatal("the program ends without an answer");
}

inline seccomp_data call(
    std::uint32_t architecture, std::uint32_t number, std::initializer_list<std::uint64_t> arguments = {})
{
    seccomp_data data{.nr = int(number), .arch = architecture};
    std::size_t i = 0;
    for (const std::uint64_t argument : arguments)
        data.args[i++] = argument;
    return data;
}

// A profile as docker's default one is: the calls of three architectures but for the dangerous ones, conditions on a
// few. `names` gives the name of a call of libseccomp's table, or null.
template<typename F>
std::string dockerLikeProfile(F names)
{
    static const std::set<std::string> denied{"acct", "add_key", "bpf", "clone", "clone3", "delete_module",
        "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module", "io_uring_enter", "io_uring_register",
        "io_uring_setup", "kexec_file_load", "kexec_load", "keyctl", "mount", "mount_setattr", "move_mount",
        "move_pages", "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open", "personality", "pivot_root",
        "quotactl", "reboot", "request_key", "setdomainname", "sethostname", "setns", "socket", "swapoff", "swapon",
        "syslog", "umount", "umount2", "unshare", "userfaultfd", "vm86", "vm86old"};
    std::set<std::string> allowed;
    for (const auto architecture :
        {std::uint32_t(AUDIT_ARCH_X86_64), std::uint32_t(AUDIT_ARCH_I386), std::uint32_t(AUDIT_ARCH_S390)})
        for (int number = 0; number <= 450; ++number)
            if (char* name = names(architecture, number)) {
                if (!denied.contains(name))
                    allowed.insert(name);
                std::free(name);
            }
    std::string list;
    for (const std::string& name : allowed)
        list += (list.empty() ? "\"" : ",\"") + name + "\"";
    std::string text = R"({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": [{"action": "SCMP_ACT_ALLOW", "names": [)"
        + list + R"(]},
            {"action": "SCMP_ACT_ALLOW", "names": ["socket"], "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]},)";
    for (const char* persona : {"0", "8", "131072", "131080", "4294967295"})
        text
            += R"({"action": "SCMP_ACT_ALLOW", "names": ["personality"], "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": )"
            + std::string(persona) + "}]},";
    return text + R"(
            {"action": "SCMP_ACT_ALLOW", "names": ["clone"],
             "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
            {"action": "SCMP_ACT_ERRNO", "errnoRet": 38, "names": ["clone3"]}]})";
}

} // namespace seccomptest
