/* The child's end: answers requests until the server closes the socket. */
#define _GNU_SOURCE
#include "Inside.h"

#include <errno.h>
#include <glib.h>
#include <malloc.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Receives a request with its file. Answers 1, 0 at the end of all requests, or -1. */
static int next(int socket, CVipsRequest *request, int *file) {
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec bytes = {request, sizeof *request};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    ssize_t count;
    do count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    while (count < 0 && errno == EINTR);
    if (count == 0) return 0;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (count != sizeof *request || head == NULL || head->cmsg_type != SCM_RIGHTS) return -1;
    memcpy(file, CMSG_DATA(head), sizeof(int));
    return 1;
}

static int told(int socket, const void *bytes, size_t length) {
    const char *place = bytes;
    while (length > 0) {
        ssize_t count = write(socket, place, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        place += count;
        length -= (size_t)count;
    }
    return 1;
}

/* Lets every request have processor time of its own. Formats whose decoders have threads use several seconds in one. */
static void allow(int seconds) {
    struct rusage usage;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0) return;
    limit.rlim_cur = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 4 * (rlim_t)seconds + 10;
    setrlimit(RLIMIT_CPU, &limit);
}

/* Above this size a picture leaves so much behind that it is worth the while to give it back. */
static const int64_t large = 10 * 1000 * 1000;

int cvips_serve(int socket, size_t memory) {
    CVipsRequest request;
    int file, got;
    cvips_bound(memory);
    if (cvips_prepare() != CVIPS_OK || cvips_confine() != 0) return 0;
    if (!told(socket, cvips_ready, sizeof cvips_ready)) return 0;
    while ((got = next(socket, &request, &file)) > 0) {
        CVipsEncoded made = {0};
        CVipsReply reply;
        memset(&reply, 0, sizeof reply);
        allow(request.seconds);
        reply.status = cvips_perform(&request, file, &reply.info, &made);
        close(file);
        if (reply.status == CVIPS_OK) {
            reply.format = made.format;
            reply.width = made.width;
            reply.height = made.height;
            reply.length = made.bytes ? made.length : 0;
        }
        int is_told = told(socket, &reply, sizeof reply) && told(socket, made.bytes, reply.length);
        g_free(made.bytes);
        if (!is_told) return 0;
        if ((int64_t)reply.info.width * reply.info.height > large) malloc_trim(0);
    }
    return got == 0;
}
