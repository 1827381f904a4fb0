// The floor: what the kernel alone takes for a container of docker_bundle's kind, with nothing that a runtime adds (no
// config.json, no checks, no state). Static C, so that its own start is the cheapest there is.
#pragma once

// Each stage has everything of those before it.
enum stage { spawning, namespaces, mounts, cgroups, everything, stageCount };

// Ends the program, with errno's text, when a system call has failed; else its result.
long must(long result, const char* what);

// mounts.c: in the child. The bundle's seven mounts, nodes and links below `rootfs`, which becomes the root directory.
void makeRoot(const char* rootfs);
void maskPaths(void);

// cgroups.c: one cgroup `path` in each of the eight v1 hierarchies, with the bundle's limits.
void makeCgroups(const char* path);
// In the child, which enters by its own hand: moving another waits for an RCU grace period.
void enterCgroups(void);
void removeCgroups(const char* path);

// confine.c: in the child, last before exec. Credentials, the bundle's 14 capabilities, and the compiled filter.
void readFilter(const char* path);
void confine(void);
