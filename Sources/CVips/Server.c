/* The server's end: starting a child, and talking with it. */
#define _GNU_SOURCE
#include "CVips.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char cvips_ready[16] = "vernier decode\n";

static int actions_of(posix_spawn_file_actions_t *actions, int socket, const char *folder) {
    int failed = posix_spawn_file_actions_init(actions);
    if (failed) return failed;
    failed = posix_spawn_file_actions_adddup2(actions, socket, STDIN_FILENO);
    // What libraries print about strangers' files is for nobody.
    if (!failed) failed = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!failed) failed = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    if (!failed) failed = posix_spawn_file_actions_addchdir_np(actions, folder);
    if (failed) posix_spawn_file_actions_destroy(actions);
    return failed;
}

static int attributes_of(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawnattr_init(attributes);
    if (failed) return failed;
    failed = posix_spawnattr_setsigmask(attributes, &none);
    if (!failed) failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (!failed) {
        failed = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    if (failed) posix_spawnattr_destroy(attributes);
    return failed;
}

pid_t cvips_start(const char *program, const char *memory, const char *folder, int *socket) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int ends[2];
    pid_t child = -1;
    char *const arguments[] = {"vernier", "decode", (char *)memory, NULL};
    // Where libvips keeps pictures that have to be turned: in its own folder.
    char *const environment[] = {"LC_ALL=C.UTF-8", "TMPDIR=.", NULL};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    int failed = actions_of(&actions, ends[1], folder);
    if (!failed) {
        failed = attributes_of(&attributes);
        if (!failed) {
            failed = posix_spawn(&child, program, &actions, &attributes, arguments, environment);
            posix_spawnattr_destroy(&attributes);
        }
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        errno = failed;
        return -1;
    }
    *socket = ends[0];
    return child;
}

CVipsAnswer cvips_send(int socket, int file, const CVipsRequest *request) {
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec bytes = {(void *)request, sizeof *request};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &file, sizeof(int));
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    // The socket is empty before a request, and takes far more than one.
    return sent == sizeof *request ? CVIPS_ANSWERED : CVIPS_GONE;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

CVipsAnswer cvips_receive(int socket, void *bytes, size_t length, int64_t *milliseconds) {
    char *place = bytes;
    int64_t until = now() + *milliseconds;
    while (length > 0) {
        *milliseconds = until - now();
        if (*milliseconds <= 0) return CVIPS_LATE;
        struct pollfd ready = {.fd = socket, .events = POLLIN};
        int found = poll(&ready, 1, *milliseconds > 60000 ? 60000 : (int)*milliseconds);
        if (found == 0 || (found < 0 && errno == EINTR)) continue;
        ssize_t count = recv(socket, place, length, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return CVIPS_GONE;
        place += count;
        length -= (size_t)count;
    }
    return CVIPS_ANSWERED;
}

int cvips_end(pid_t child, int milliseconds) {
    int status = 0, has_ended = 0;
    int watched = (int)syscall(SYS_pidfd_open, child, 0);
    if (watched >= 0) {
        struct pollfd ended = {.fd = watched, .events = POLLIN};
        int found;
        do found = poll(&ended, 1, milliseconds);
        while (found < 0 && errno == EINTR);
        has_ended = found == 1;
        close(watched);
    }
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return has_ended && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

int cvips_file(const void *bytes, size_t length) {
    int file = memfd_create("vernier", MFD_CLOEXEC);
    if (file < 0) return -1;
    const char *place = bytes;
    while (length > 0) {
        ssize_t count = write(file, place, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            close(file);
            return -1;
        }
        place += count;
        length -= (size_t)count;
    }
    return file;
}
