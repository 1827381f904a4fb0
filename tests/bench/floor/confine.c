#include "floor.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter instructions[BPF_MAXINSNS];
static struct sock_fprog program = {.filter = instructions};

void readFilter(const char* path)
{
    const int file = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
    program.len
        = (unsigned short)(must(read(file, instructions, sizeof instructions), path) / (long)sizeof *instructions);
    close(file);
}

void confine(void)
{
    static const int kept[] = {CAP_AUDIT_WRITE, CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL,
        CAP_MKNOD, CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SETFCAP, CAP_SETGID, CAP_SETPCAP, CAP_SETUID, CAP_SYS_CHROOT};
    uint64_t mask = 0;
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; ++i)
        mask |= UINT64_C(1) << kept[i];

    must(setsid(), "make a session");
    must(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "make a session keyring");
    must(syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC), "close the descriptors");
    // First: without no_new_privs it takes CAP_SYS_ADMIN (seccomp(2)).
    must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "load the seccomp filter");
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
        if (!(mask >> capability & 1))
            must(prctl(PR_CAPBSET_DROP, capability), "drop a capability");
    must(setgroups(0, NULL), "set the groups");
    must(setresgid(0, 0, 0), "set the group");
    must(setresuid(0, 0, 0), "set the user");
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2]
        = {{(uint32_t)mask, (uint32_t)mask, 0}, {(uint32_t)(mask >> 32), (uint32_t)(mask >> 32), 0}};
    must(syscall(SYS_capset, &header, data), "set the capabilities");
}
