/*
 * What a decoding process gives up. Its picture comes from a stranger and may take it over; then it finds the files of
 * libraries, an empty folder, and one picture of somebody else's that is still open, but neither data nor network.
 *
 * Landlock (Linux 5.13 and later) bounds the files, a filter of system calls the rest; a system that knows neither
 * leaves the bounds of `cvips_bound`.
 */
#define _GNU_SOURCE
#include "Inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void limit(int what, rlim_t most) {
    struct rlimit value = {most, most};
    setrlimit(what, &value);
}

void cvips_bound(size_t memory) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_AS, memory);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 64);
    // A file of this many bytes is a picture of 500 million pixels that is being turned.
    limit(RLIMIT_FSIZE, (rlim_t)8 << 30);
    // The language's own handlers of crashes start programs, and are in nobody's way but a debugger's.
    for (int number = 1; number < SIGRTMIN; number++) signal(number, SIG_DFL);
    // The server ends its children; whoever stops a whole group of processes wants it to finish what it does first.
    const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGXFSZ};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
}

/* MARK: Files */

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static int permit(int rules, const char *path, uint64_t access) {
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) return errno == ENOENT || errno == EACCES ? 0 : -1;
    int failed = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
    return failed;
}

static int confine_files(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return 0;
    uint64_t all = LANDLOCK_ACCESS_FS_REFER - 1;
    if (version >= 2) all |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) all |= LANDLOCK_ACCESS_FS_TRUNCATE;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = all};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0) return -1;
    const uint64_t reading =
        LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
    // Decoders are loaded when the first file of their format comes.
    const char *libraries[] = {"/usr", "/lib", "/lib64", "/opt", "/nix/store", "/sys/devices/system/cpu"};
    // No links: the server reads what it finds in the folder.
    uint64_t own = reading | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
        LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | (all & LANDLOCK_ACCESS_FS_TRUNCATE);
    int failed = permit(rules, ".", own & ~LANDLOCK_ACCESS_FS_EXECUTE);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries && !failed; i++) {
        failed = permit(rules, libraries[i], reading);
    }
    if (!failed) failed = permit(rules, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE);
    if (!failed) failed = (int)syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
    return failed;
}

/* MARK: System calls */

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE
#define REFUSED(number) (SECCOMP_RET_ERRNO | (number))
#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define NOT(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(REFUSED(EPERM))
/* The lower half of a call's first argument; both machines keep it first. */
#define ARGUMENT FIELD(args[0])

static struct sock_filter filter[] = {
    FIELD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    FIELD(nr),
    // The other calling convention of x86-64 has numbers from here on.
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    // Connections.
    NOT(socket), NOT(socketpair), NOT(connect), NOT(bind), NOT(listen), NOT(accept), NOT(accept4), NOT(sendmsg),
    NOT(sendmmsg), NOT(io_uring_setup), NOT(io_uring_enter), NOT(io_uring_register),
    // Programs and other processes.
    NOT(execve), NOT(execveat), NOT(ptrace), NOT(process_vm_readv), NOT(process_vm_writev), NOT(kill), NOT(tkill),
    NOT(tgkill), NOT(rt_sigqueueinfo), NOT(rt_tgsigqueueinfo), NOT(pidfd_open), NOT(pidfd_getfd),
    NOT(pidfd_send_signal), NOT(process_madvise), NOT(kcmp), NOT(setpriority), NOT(sched_setaffinity),
    // Links, by which the server would read something else than a tile; and what Landlock, or its first versions, leaves
    // out: cutting files by their names, their rights, their times and marks, and news of them.
    NOT(symlinkat), NOT(linkat), NOT(truncate), NOT(fchmodat), NOT(fchmod), NOT(fchownat), NOT(fchown), NOT(utimensat),
    NOT(setxattr), NOT(lsetxattr), NOT(fsetxattr), NOT(removexattr), NOT(lremovexattr), NOT(fremovexattr),
    NOT(inotify_add_watch), NOT(fanotify_init),
    // What processes share by other names than those of files.
    NOT(shmget), NOT(msgget), NOT(semget), NOT(mq_open), NOT(mq_unlink),
#ifdef SYS_fork
    NOT(fork), NOT(vfork), NOT(symlink), NOT(link), NOT(chmod), NOT(chown), NOT(lchown), NOT(utime),
    NOT(utimes), NOT(futimesat),
#endif
    // The system itself.
    NOT(unshare), NOT(setns), NOT(mount), NOT(umount2), NOT(pivot_root), NOT(chroot), NOT(bpf), NOT(userfaultfd),
    NOT(perf_event_open), NOT(keyctl), NOT(add_key), NOT(request_key), NOT(open_by_handle_at), NOT(fsopen),
    NOT(move_mount), NOT(open_tree),
    // Threads are started by the older call, whose flags can be looked at.
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
    ANSWER(REFUSED(ENOSYS)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
    ARGUMENT,
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
    ANSWER(SECCOMP_RET_ALLOW),
    ANSWER(REFUSED(EPERM)),
    // Limits of its own it may change, those of others not.
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 3),
    ARGUMENT,
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
    ANSWER(REFUSED(EPERM)),
    ANSWER(SECCOMP_RET_ALLOW),
};

static int confine_calls(void) {
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0) return 0;
    // A system that was built without, or a container whose own filter does not permit another one.
    return errno == ENOSYS || errno == EINVAL || errno == EPERM ? 0 : -1;
}
#else
static int confine_calls(void) {
    return 0;
}
#endif

int cvips_confine(void) {
    return confine_files() != 0 || confine_calls() != 0 ? -1 : 0;
}
