/* Lets a program ask the name server of a test: glibc's resolver, with 127.0.0.1 and a port of one's own in place of what
   /etc/resolv.conf names. For LD_PRELOAD; the look-up itself, its packets and their parsing stay those of the system. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    /* The resolver's state belongs to a thread, and glibc takes what was changed in it for the program's own wish. */
    if (res_init() != 0) return EAI_FAIL;
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server.sin_port = htons((unsigned short)atoi(getenv("NAME_SERVER_PORT")));
    _res.nsaddr_list[0] = server;
    _res.nscount = 1;
    _res.ndots = 1;
    _res.dnsrch[0] = NULL;
    return ((look_up *)dlsym(RTLD_NEXT, "getaddrinfo"))(host, service, hints, found);
}
