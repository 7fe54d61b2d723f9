/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's world: the only file that knows sockets, clocks and random
 * numbers. A handle is a file descriptor. On Linux the error queue tells
 * which ICMP message ended a wait, and who sent it; elsewhere errno must do.
 */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "config.h"

#include "base/world.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_GETRANDOM
#include <sys/random.h>
#endif
#ifdef HAVE_ERRQUEUE
#include <linux/errqueue.h>
#endif

#include "base/xalloc.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#if defined TADORU_LINUX && defined CLOCK_BOOTTIME
#define CLOCK CLOCK_BOOTTIME	/* goes on while the host is suspended */
#else
#define CLOCK CLOCK_MONOTONIC
#endif

#define RESOLV_CONF "/etc/resolv.conf"

union sockaddr_any {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	struct sockaddr_storage	storage;
};

struct kernel {
	struct world	 w;
	struct pollfd	*fds;
	size_t		 cap;
	int		 urandom;
};

static socklen_t
to_sockaddr(union sockaddr_any *u, const struct sockname *s)
{
	memset(u, 0, sizeof *u);
	if (s->addr.family == 6) {
		u->in6.sin6_family = AF_INET6;
		u->in6.sin6_port = htons(s->port);
		memcpy(&u->in6.sin6_addr, s->addr.b, 16);
		return sizeof u->in6;
	}
	u->in.sin_family = AF_INET;
	u->in.sin_port = htons(s->port);
	memcpy(&u->in.sin_addr, s->addr.b, 4);
	return sizeof u->in;
}

static void
from_sockaddr(struct sockname *s, const union sockaddr_any *u)
{
	memset(s, 0, sizeof *s);
	if (u->sa.sa_family == AF_INET6) {
		addr_from_bytes(&s->addr, &u->in6.sin6_addr, 16);
		s->port = ntohs(u->in6.sin6_port);
	} else if (u->sa.sa_family == AF_INET) {
		addr_from_bytes(&s->addr, &u->in.sin_addr, 4);
		s->port = ntohs(u->in.sin_port);
	}
}

static int
k_open(struct world *w, int family, bool tcp)
{
	int domain = family == 6 ? AF_INET6 : AF_INET, on = 1;
	int fd = socket(domain, tcp ? SOCK_STREAM : SOCK_DGRAM, 0), flags;

	(void)w;
	if (fd < 0)
		return -1;
	flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (family == 6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
#ifdef HAVE_ERRQUEUE
	if (family == 6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
#endif
#ifdef SO_NOSIGPIPE
	setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
	if (tcp)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static int
k_clamp(struct world *w, int fd, unsigned mss)
{
	int value = (int)mss;

	(void)w;
	return setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &value, sizeof value);
}

/* The family that a socket was opened with. */
static int
family_of(int fd)
{
	union sockaddr_any u;
	socklen_t len = sizeof u;

	if (getsockname(fd, &u.sa, &len) != 0)
		return 4;
	return u.sa.sa_family == AF_INET6 ? 6 : 4;
}

static int
k_bind(struct world *w, int fd, const struct sockname *s)
{
	struct sockname any = *s;
	union sockaddr_any u;
	socklen_t len;

	(void)w;
	if (any.addr.family == 0)
		any.addr.family = family_of(fd);
	len = to_sockaddr(&u, &any);
	return bind(fd, &u.sa, len);
}

static int
k_connect(struct world *w, int fd, const struct sockname *to)
{
	union sockaddr_any u;
	socklen_t len = to_sockaddr(&u, to);

	(void)w;
	if (connect(fd, &u.sa, len) == 0 || errno == EINPROGRESS ||
	    errno == EINTR)
		return 0;
	return -1;
}

static ssize_t
k_send(struct world *w, int fd, const void *data, size_t n,
    const struct sockname *to)
{
	union sockaddr_any u;
	socklen_t len;
	ssize_t sent;

	(void)w;
	if (to == NULL)
		sent = send(fd, data, n, MSG_NOSIGNAL);
	else {
		len = to_sockaddr(&u, to);
		sent = sendto(fd, data, n, MSG_NOSIGNAL, &u.sa, len);
	}
	if (sent < 0 && (errno == EWOULDBLOCK || errno == EINTR))
		errno = EAGAIN;
	return sent;
}

static ssize_t
k_recv(struct world *w, int fd, void *data, size_t n, struct sockname *from)
{
	union sockaddr_any u;
	socklen_t len = sizeof u;
	ssize_t got;

	(void)w;
	memset(&u, 0, sizeof u);
	got = recvfrom(fd, data, n, 0, &u.sa, &len);
	if (got < 0 && (errno == EWOULDBLOCK || errno == EINTR))
		errno = EAGAIN;
	if (got >= 0 && from != NULL)
		from_sockaddr(from, &u);
	return got;
}

#ifdef HAVE_ERRQUEUE
static void
from_extended(struct net_error *e, const struct sock_extended_err *x)
{
	union sockaddr_any u;
	struct sockname sender;
	int family;

	if (x->ee_origin != SO_EE_ORIGIN_ICMP &&
	    x->ee_origin != SO_EE_ORIGIN_ICMP6) {
		net_error_errno(e, (int)x->ee_errno);
		return;
	}
	family = x->ee_origin == SO_EE_ORIGIN_ICMP6 ? 6 : 4;
	memset(&u, 0, sizeof u);
	memcpy(&u, (const char *)x + sizeof *x,
	    family == 6 ? sizeof u.in6 : sizeof u.in);
	from_sockaddr(&sender, &u);
	net_error_icmp(e, family, x->ee_type, x->ee_code, &sender.addr,
	    (int)x->ee_errno);
}

static bool
take_queued(int fd, struct net_error *e, struct sockname *to)
{
	_Alignas(struct cmsghdr) char control[512];
	union sockaddr_any u;
	char byte[1];
	struct iovec iov = {byte, sizeof byte};
	struct msghdr m = {.msg_name = &u, .msg_namelen = sizeof u,
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof control};
	struct cmsghdr *c;
	union {
		struct sock_extended_err e;
		char bytes[128];
	} x;

	memset(&u, 0, sizeof u);
	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	net_error_init(e, NET_UNREACHABLE);
	if (to != NULL)
		from_sockaddr(to, &u);
	for (c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
		size_t n = c->cmsg_len - CMSG_LEN(0);

		if (!(c->cmsg_level == IPPROTO_IP &&
		    c->cmsg_type == IP_RECVERR) &&
		    !(c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_RECVERR))
			continue;
		memset(&x, 0, sizeof x);
		memcpy(&x, CMSG_DATA(c), n < sizeof x ? n : sizeof x);
		from_extended(e, &x.e);
	}
	return true;
}
#endif

static int
k_error(struct world *w, int fd, struct net_error *e, struct sockname *to)
{
	int err = 0;
	socklen_t len = sizeof err;

	(void)w;
	if (to != NULL)
		memset(to, 0, sizeof *to);
#ifdef HAVE_ERRQUEUE
	if (take_queued(fd, e, to))
		return 1;
#endif
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0 || err == 0)
		return 0;
	net_error_errno(e, err);
	return 1;
}

static int
k_tcp_info(struct world *w, int fd, struct world_tcp_info *info)
{
	(void)w;
#ifdef HAVE_TCP_INFO
	struct tcp_info t;
	socklen_t len = sizeof t;

	memset(&t, 0, sizeof t);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &t, &len) != 0)
		return -1;
	info->retransmits = t.tcpi_total_retrans;
	info->rtt_us = t.tcpi_rtt;
	info->mtu = t.tcpi_pmtu;
	return 0;
#else
	(void)fd;
	(void)info;
	return -1;
#endif
}

static int
k_local(struct world *w, int fd, struct sockname *s)
{
	union sockaddr_any u;
	socklen_t len = sizeof u;

	(void)w;
	if (getsockname(fd, &u.sa, &len) != 0)
		return -1;
	from_sockaddr(s, &u);
	return 0;
}

static void
k_close(struct world *w, int fd)
{
	(void)w;
	close(fd);
}

static int64_t
read_clock(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

static int64_t
k_now(struct world *w)
{
	(void)w;
	return read_clock(CLOCK);
}

static int64_t
k_wall(struct world *w)
{
	(void)w;
	return read_clock(CLOCK_REALTIME);
}

static int
wait_for(struct pollfd *fds, size_t n, int64_t left)
{
#ifdef TADORU_LINUX
	struct timespec t = {(time_t)(left / NSEC_PER_SEC),
		(long)(left % NSEC_PER_SEC)};

	return ppoll(fds, (nfds_t)n, left < 0 ? NULL : &t, NULL);
#else
	int64_t ms = left < 0 ? -1 : (left + NSEC_PER_MSEC - 1) /
	    NSEC_PER_MSEC;

	return poll(fds, (nfds_t)n, ms > 3600000 ? 3600000 : (int)ms);
#endif
}

static unsigned
events_got(short revents)
{
	unsigned got = 0;

	if ((revents & (POLLIN | POLLHUP)) != 0)
		got |= WORLD_IN;
	if ((revents & POLLOUT) != 0)
		got |= WORLD_OUT;
	if ((revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
		got |= WORLD_ERR;
	return got;
}

static int
k_wait(struct world *w, struct world_poll *polls, size_t n, int64_t until)
{
	struct kernel *k = (struct kernel *)w;
	int64_t left = -1;
	size_t i;
	int ready;

	if (n > k->cap) {
		k->cap = n * 2;
		k->fds = xreallocarray(k->fds, k->cap, sizeof *k->fds);
	}
	for (i = 0; i < n; i++) {
		k->fds[i].fd = polls[i].handle;
		k->fds[i].events = (short)
		    (((polls[i].want & WORLD_IN) != 0 ? POLLIN : 0) |
		    ((polls[i].want & WORLD_OUT) != 0 ? POLLOUT : 0));
		k->fds[i].revents = 0;
	}
	if (until != WORLD_NEVER && (left = until - k_now(w)) < 0)
		left = 0;
	ready = wait_for(k->fds, n, left);
	for (i = 0; i < n; i++)
		polls[i].got = ready > 0 ? events_got(k->fds[i].revents) : 0;
	return ready;
}

static void
k_random(struct world *w, void *out, size_t n)
{
	struct kernel *k = (struct kernel *)w;
	unsigned char *p = out;

	while (n > 0) {
		ssize_t got;

#ifdef HAVE_GETRANDOM
		got = getrandom(p, n, 0);
		if (got < 0 && errno != EINTR)
#endif
			got = read(k->urandom, p, n);
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		} else if (got == 0 || errno != EINTR)
			abort();
	}
}

static int
k_source(struct world *w, const struct addr *dst, struct addr *src)
{
	struct sockname to = {*dst, 53}, from;
	int fd = world_open(w, dst->family, false), rc;

	if (fd < 0)
		return -1;
	rc = k_connect(w, fd, &to) == 0 && k_local(w, fd, &from) == 0 ? 0 : -1;
	close(fd);
	if (rc == 0)
		*src = from.addr;
	return rc;
}

static void
k_free(struct world *w)
{
	struct kernel *k = (struct kernel *)w;

	if (k->urandom >= 0)
		close(k->urandom);
	free(k->fds);
	free(k);
}

static const struct world_ops kernel_ops = {
	.open = k_open,
	.clamp = k_clamp,
	.bind = k_bind,
	.connect = k_connect,
	.send = k_send,
	.recv = k_recv,
	.error = k_error,
	.tcp_info = k_tcp_info,
	.local = k_local,
	.close = k_close,
	.wait = k_wait,
	.now = k_now,
	.wall = k_wall,
	.random = k_random,
	.source = k_source,
	.free = k_free,
};

static void
read_resolvers(struct world *w)
{
	FILE *f = fopen(RESOLV_CONF, "re");
	char line[512], *save, *word;

	if (f == NULL)
		return;
	while (w->nresolvers < WORLD_RESOLVERS &&
	    fgets(line, sizeof line, f) != NULL) {
		word = strtok_r(line, " \t\r\n", &save);
		if (word == NULL || strcmp(word, "nameserver") != 0)
			continue;
		word = strtok_r(NULL, " \t\r\n", &save);
		if (word != NULL &&
		    addr_parse(&w->resolvers[w->nresolvers], word) == 0)
			w->nresolvers++;
	}
	fclose(f);
}

struct world *
world_kernel_new(void)
{
	struct kernel *k = xcalloc(1, sizeof *k);
	char name[256];

	k->w.ops = &kernel_ops;
	k->urandom = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	signal(SIGPIPE, SIG_IGN);
	read_resolvers(&k->w);
	world_hints_builtin(&k->w);
	if (gethostname(name, sizeof name - 1) == 0) {
		name[sizeof name - 1] = '\0';
		k->w.hostname = xstrdup(name);
	}
	return &k->w;
}
