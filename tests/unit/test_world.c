/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <cmocka.h>

#include "base/sandbox.h"
#include "base/world.h"

#define COUNT(t) (sizeof(t) / sizeof(t)[0])

static void
no_loopback(void)
{
	print_message("SKIP loopback: no socket, or no way, on 127.0.0.1\n");
	skip();
}

static struct sockname
loopback(int family)
{
	struct sockname s = {.port = 0};

	addr_parse(&s.addr, family == 4 ? "127.0.0.1" : "::1");
	return s;
}

/* A UDP socket on loopback and its name, or -1. */
static int
udp(struct world *w, int family, struct sockname *s)
{
	int fd = w->ops->open(w, family, false);

	*s = loopback(family);
	if (fd < 0)
		return -1;
	if (w->ops->bind(w, fd, s) == 0 && w->ops->local(w, fd, s) == 0)
		return fd;
	w->ops->close(w, fd);
	return -1;
}

static bool
ready(struct world *w, int fd, unsigned want)
{
	struct world_poll p = {fd, want, 0};

	return w->ops->wait(w, &p, 1, w->ops->now(w) + NSEC_PER_SEC) == 1;
}

static void
hints(void **state)
{
	static const char good[] = "; comment\n$TTL 3600\n"
	    ".\t3600000 IN NS A.ROOT-SERVERS.NET.\n"
	    "A.ROOT-SERVERS.NET. 3600000 A 198.41.0.4 ; trailing\n"
	    "  AAAA 2001:503:ba3e::2:30\r\n\n"
	    ". IN 1d NS ns.test\n"
	    "other.test. A 192.0.2.1\n"
	    "ns.test. A 192.0.2.2";
	static const struct {
		const char *text, *cause;
	} bad[] = {
		{"", "0: . NS"},
		{"a. A 192.0.2.1\n", "0: . NS"},
		{". NS a.\n", "0: A | AAAA"},
		{". NS a.\na. A 192.0.2.256\n", "2: A IPv4"},
		{". NS a.\na. A ::1\n", "2: A IPv4"},
		{". NS a.\n\na. AAAA 192.0.2.1\n", "3: AAAA IPv6"},
		{"jp. NS a.\n", "1: . NS"},
		{". NS .\n", "1: NS NAME"},
		{". MX a.\n", "1: NS | A | AAAA"},
		{". IN NS\n", "1: NAME [TTL] [IN] NS | A | AAAA DATA"},
		{". NS a. b.\n", "1: NAME [TTL] [IN] NS | A | AAAA DATA"},
		{" NS a.\n", "1: NAME"},
		{"a..b. A 192.0.2.1\n", "1: NAME"},
		{"\x1b[2J A 192.0.2.1\n", "1: NAME"},
		{"$ORIGIN jp.\n", "1: $TTL N | NAME"},
		{"<html>\n", "1: NAME [TTL] [IN] NS | A | AAAA DATA"},
	};
	struct world *w = world_kernel_new();
	char *cause = NULL;
	size_t i, n;

	(void)state;
	assert_int_equal(w->nhints, 26);
	assert_string_equal(w->hints[25].name, "m.root-servers.net");
	assert_int_equal(world_hints_parse(w, good, &cause), 0);
	assert_int_equal(w->nhints, 3);
	assert_string_equal(w->hints[0].name, "a.root-servers.net");
	assert_int_equal(w->hints[1].addr.family, 6);
	assert_string_equal(w->hints[2].name, "ns.test");
	n = w->nhints;
	for (i = 0; i < COUNT(bad); i++) {
		cause = NULL;
		assert_int_equal(world_hints_parse(w, bad[i].text, &cause), -1);
		assert_string_equal(cause, bad[i].cause);
		free(cause);
		assert_int_equal(w->nhints, n);
	}
	assert_int_equal(world_hints_parse(w, "", NULL), -1);
	world_hints_builtin(w);
	assert_int_equal(w->nhints, 26);
	world_free(w);
	world_free(NULL);
}

static void
global_prefixes(void **state)
{
	struct world *w = world_kernel_new();
	struct addr a;

	(void)state;
	addr_parse(&a, "203.0.113.7");
	assert_string_equal(world_classify(w, &a)->id, "documentation");
	assert_int_equal(prefix_parse(&w->global[w->nglobal++],
	    "203.0.113.0/24"), 0);
	assert_string_equal(world_classify(w, &a)->id, "global");
	addr_parse(&a, "192.0.2.7");
	assert_string_equal(world_classify(w, &a)->id, "documentation");
	world_free(w);
}

static void
clocks(void **state)
{
	struct world *w = world_kernel_new();
	int64_t begin = w->ops->now(w);
	unsigned char a[40] = {0}, b[40] = {0};

	(void)state;
	assert_int_equal(w->ops->wait(w, NULL, 0, begin + 3 * NSEC_PER_MSEC),
	    0);
	assert_true(w->ops->now(w) >= begin + 3 * NSEC_PER_MSEC);
	assert_true(w->ops->wall(w) > INT64_C(1700000000) * NSEC_PER_SEC);
	w->ops->random(w, a, sizeof a);
	w->ops->random(w, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	world_free(w);
}

static void
datagrams(void **state)
{
	struct world *w = world_kernel_new();
	struct sockname a, b, from;
	char text[16];
	int x = udp(w, 4, &a), y = udp(w, 4, &b);

	(void)state;
	if (x < 0 || y < 0) {
		world_free(w);
		no_loopback();
	}
	assert_int_equal(w->ops->recv(w, y, text, sizeof text, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(w->ops->send(w, x, "hello", 5, &b), 5);
	assert_true(ready(w, y, WORLD_IN));
	assert_int_equal(w->ops->recv(w, y, text, sizeof text, &from), 5);
	assert_memory_equal(text, "hello", 5);
	assert_true(addr_equal(&from.addr, &a.addr));
	assert_int_equal(from.port, a.port);
	w->ops->close(w, x);
	w->ops->close(w, y);
	world_free(w);
}

static void
port_unreachable(struct world *w, int family)
{
	struct sockname a, b, about;
	struct net_error e;
	int x = udp(w, family, &a), y = udp(w, family, &b);

	if (x < 0 || y < 0)
		return;
	w->ops->close(w, y);
	assert_int_equal(w->ops->error(w, x, &e, NULL), 0);
	assert_int_equal(w->ops->send(w, x, "x", 1, &b), 1);
	if (ready(w, x, WORLD_IN)) {
		assert_int_equal(w->ops->error(w, x, &e, &about), 1);
		assert_int_equal(e.cause, NET_REFUSED);
		assert_int_equal(e.err, ECONNREFUSED);
		if (e.icmp_type >= 0) {
			assert_int_equal(e.icmp_type, family == 4 ? 3 : 1);
			assert_int_equal(e.icmp_code, family == 4 ? 3 : 4);
			assert_true(addr_equal(&e.sender, &b.addr));
			assert_true(addr_equal(&about.addr, &b.addr));
			assert_int_equal(about.port, b.port);
		}
		assert_int_equal(w->ops->error(w, x, &e, NULL), 0);
	}
	w->ops->close(w, x);
}

static void
icmp_errors(void **state)
{
	struct world *w = world_kernel_new();

	(void)state;
	port_unreachable(w, 4);
	port_unreachable(w, 6);
	world_free(w);
}

static void
refused_connect(void **state)
{
	struct world *w = world_kernel_new();
	struct world_tcp_info info;
	struct sockname to = loopback(4);
	struct net_error e;
	int fd = w->ops->open(w, 4, true), other;

	(void)state;
	/* A port that is bound, but on which nothing listens. */
	if (fd < 0 || w->ops->bind(w, fd, &to) != 0 ||
	    w->ops->local(w, fd, &to) != 0) {
		world_free(w);
		no_loopback();
	}
	other = w->ops->open(w, 4, true);
	assert_int_equal(w->ops->clamp(w, other, 1220), 0);
	assert_int_equal(w->ops->clamp(w, -1, 1220), -1);
	if (w->ops->connect(w, other, &to) == 0) {
		assert_true(ready(w, other, WORLD_OUT));
		assert_int_equal(w->ops->error(w, other, &e, NULL), 1);
	} else
		net_error_errno(&e, errno);
	assert_int_equal(e.cause, NET_REFUSED);
	w->ops->tcp_info(w, other, &info);
	assert_true(w->ops->send(w, other, "x", 1, NULL) < 0);
	w->ops->close(w, other);
	w->ops->close(w, fd);
	world_free(w);
}

static void
sources(void **state)
{
	struct world *w = world_kernel_new();
	struct sockname any = {.port = 0}, s;
	struct addr a, src;
	int fd = w->ops->open(w, 4, false);

	(void)state;
	addr_parse(&a, "127.0.0.1");
	if (fd < 0 || w->ops->source(w, &a, &src) != 0) {
		world_free(w);
		no_loopback();
	}
	assert_true(addr_equal(&a, &src));
	assert_int_equal(w->ops->bind(w, fd, &any), 0);
	w->ops->close(w, fd);
	addr_parse(&w->source4, "127.0.0.2");
	if ((fd = world_open(w, 4, true)) >= 0) {
		assert_int_equal(w->ops->local(w, fd, &s), 0);
		assert_true(addr_equal(&s.addr, &w->source4));
		w->ops->close(w, fd);
	}
	addr_parse(&w->source4, "192.0.2.77");
	fd = world_open(w, 4, true);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EADDRNOTAVAIL);
	world_free(w);
}

/* In a child: what was not named cannot be opened, if files are confined. */
static void
sandbox(void **state)
{
	static const char *const readable[] = {"/etc/none", "/dev", NULL};
	static const char *const writable[] = {"/tmp", NULL};
	static const char *const none[] = {NULL};
	int status, rc;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		rc = sandbox_enter(readable, writable, none);
		if (rc == 1 && (open("/etc/passwd", O_RDONLY) >= 0 ||
		    open("/dev/null", O_RDONLY) < 0))
			rc = -1;
		_exit(rc < 0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* In a child: no core, and no file of it in /proc that others could read. */
static void
no_core(void **state)
{
	struct rlimit limit = { 1, 1 };
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (sandbox_no_core() != 0 ||
		    getrlimit(RLIMIT_CORE, &limit) != 0 ||
		    limit.rlim_cur != 0 || limit.rlim_max != 0)
			_exit(1);
#ifdef __linux__
		if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
			_exit(2);
#endif
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints),
		cmocka_unit_test(global_prefixes),
		cmocka_unit_test(clocks),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(icmp_errors),
		cmocka_unit_test(refused_connect),
		cmocka_unit_test(sources),
		cmocka_unit_test(sandbox),
		cmocka_unit_test(no_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
