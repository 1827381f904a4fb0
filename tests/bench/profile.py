"""A seccomp profile as a container engine's default is: most calls allowed, what administers the machine refused.

The names are libseccomp's own tables (seccomp_syscall_resolve_num_arch(3)), of every architecture that it knows, as in
engines' profiles; the compiled program is libseccomp's as well, so that the floor loads what a runtime would.
"""
import ctypes
import os

CALLS = 437
SUBARCHITECTURES = {"x86_64": ["x86", "x32"], "aarch64": ["arm"]}
ARCHITECTURES = ["x86_64", "x86", "x32", "arm", "aarch64", "s390x", "ppc64le", "mips", "riscv64", "loongarch64", "m68k",
                 "sh", "parisc"]
# Where the tables of the architectures keep their numbers.
NUMBERS = [range(0, 600), range(4000, 4600), range(0xF0000, 0xF0010), range(0x40000000, 0x40000400)]

REFUSED = set("""
    acct add_key bpf clock_adjtime clock_adjtime64 clock_settime clock_settime64 create_module delete_module
    finit_module fsconfig fsmount fsopen fspick get_kernel_syms get_mempolicy init_module io_uring_enter io_uring_register
    io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind mount
    mount_setattr move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open pivot_root
    process_vm_readv process_vm_writev query_module quotactl quotactl_fd reboot request_key
    set_mempolicy set_mempolicy_home_node setdomainname sethostname setns settimeofday stime swapoff swapon sysfs
    _sysctl syslog umount umount2 unshare uselib userfaultfd ustat vhangup vm86 vm86old
    clone clone3 personality socket
""".split())

CLONE_NAMESPACES = 0x7E020000  # clone(2): every CLONE_NEW… but the time namespace, whose bit is a signal's here
EPERM, ENOSYS, AF_VSOCK = 1, 38, 40
CONDITIONAL = [
    ("personality", [{"index": 0, "value": value, "op": "SCMP_CMP_EQ"}])
    for value in (0x0, 0x0008, 0x20000, 0x20008, 0xFFFFFFFF)
] + [
    ("socket", [{"index": 0, "value": AF_VSOCK, "op": "SCMP_CMP_NE"}]),
    ("clone", [{"index": 0, "value": CLONE_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]),
]

# seccomp_init(3), seccomp_rule_add(3)
ACT_ALLOW, ACT_ERRNO = 0x7FFF0000, 0x00050000
COMPARISONS = {"SCMP_CMP_NE": 1, "SCMP_CMP_EQ": 4, "SCMP_CMP_MASKED_EQ": 7}


class Comparison(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def library():
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_syscall_resolve_num_arch.restype = ctypes.c_void_p
    lib.seccomp_syscall_resolve_num_arch.argtypes = [ctypes.c_uint32, ctypes.c_int]
    lib.seccomp_arch_resolve_name.restype = ctypes.c_uint32
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_init.argtypes = [ctypes.c_uint32]
    lib.seccomp_arch_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    lib.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    lib.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return lib


def allowed_names(lib):
    names = []
    for architecture in ARCHITECTURES:
        token = lib.seccomp_arch_resolve_name(architecture.encode())
        for number in (number for numbers in NUMBERS for number in numbers) if token else ():
            text = lib.seccomp_syscall_resolve_num_arch(token, number)
            if text:
                names.append(ctypes.string_at(text).decode())
    conditional = len({name for name, _ in CONDITIONAL}) + 1  # and clone3
    return sorted([name for name in dict.fromkeys(names) if name not in REFUSED][:CALLS - conditional])


def architectures():
    machine = os.uname().machine
    return [machine, *SUBARCHITECTURES.get(machine, [])]


def profile():
    """The object for linux.seccomp of a config.json."""
    groups = [{"names": allowed_names(library()), "action": "SCMP_ACT_ALLOW"}]
    groups += [{"names": [name], "action": "SCMP_ACT_ALLOW", "args": arguments} for name, arguments in CONDITIONAL]
    groups += [{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS}]
    return {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": EPERM,
            "architectures": [f"SCMP_ARCH_{name.upper()}" for name in architectures()], "syscalls": groups}


def compile_to(path, document):
    """The profile as a classic BPF program in a file: an array of struct sock_filter."""
    lib = library()
    filter = lib.seccomp_init(ACT_ERRNO | document["defaultErrnoRet"])
    for name in architectures()[1:]:
        lib.seccomp_arch_add(filter, lib.seccomp_arch_resolve_name(name.encode()))
    for group in document["syscalls"]:
        arguments = [Comparison(entry["index"], COMPARISONS[entry["op"]], entry["value"], entry.get("valueTwo", 0))
                     for entry in group.get("args", [])]
        action = ACT_ALLOW if group["action"] == "SCMP_ACT_ALLOW" else ACT_ERRNO | group["errnoRet"]
        for name in group["names"]:
            number = lib.seccomp_syscall_resolve_name(name.encode())
            array = (Comparison * len(arguments))(*arguments)
            # Names of other architectures have no number here; a runtime skips them as well.
            lib.seccomp_rule_add_array(filter, action, number, len(arguments), array)
    with open(path, "wb") as file:
        if lib.seccomp_export_bpf(filter, file.fileno()) != 0:
            raise SystemExit("profile.py: libseccomp refuses the profile")
