/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See net_kit.h. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "tests/unit/net_kit.h"

#ifdef TADORU_LINUX
static int
put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

int
net_alone(void)
{
	char uids[64], gids[64];
	struct ifreq r;
	int s, rc;

	snprintf(uids, sizeof uids, "0 %u 1", (unsigned)geteuid());
	snprintf(gids, sizeof gids, "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 ||
	    put("/proc/self/setgroups", "deny") != 0 ||
	    put("/proc/self/uid_map", uids) != 0 ||
	    put("/proc/self/gid_map", gids) != 0)
		return -1;
	memset(&r, 0, sizeof r);
	strcpy(r.ifr_name, "lo");
	r.ifr_flags = IFF_UP;
	if ((s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	rc = ioctl(s, SIOCSIFFLAGS, &r);
	close(s);
	return rc;
}
#else
int
net_alone(void)
{
	errno = ENOSYS;
	return -1;
}
#endif

static void
serve_one(int fd, const char *greeting, const struct net_rule *rules)
{
	FILE *f = fdopen(fd, "r+");
	char line[1024];

	if (f == NULL)
		return;
	setvbuf(f, NULL, _IONBF, 0);
	fputs(greeting, f);
	while (fgets(line, sizeof line, f) != NULL) {
		const struct net_rule *r = rules;

		line[strcspn(line, "\r\n")] = '\0';
		while (r->on != NULL &&
		    strncmp(line, r->on, strlen(r->on)) != 0)
			r++;
		if (r->on != NULL)
			fputs(r->say, f);
		else
			fprintf(f, "500 heard \"%s\"\r\n", line);
	}
	fclose(f);
}

static void
serve(int s, const char *greeting, const struct net_rule *rules)
{
	int fd;

	fd = open("/dev/null", O_RDWR);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	while ((fd = accept(s, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			serve_one(fd, greeting, rules);
			_exit(0);
		}
		close(fd);
	}
	_exit(1);
}

pid_t
net_serve(uint16_t port, const char *greeting, const struct net_rule *rules)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
		.sin6_port = htons(port), .sin6_addr = in6addr_loopback };
	int s = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	assert_true(s >= 0);
	assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s, 5), 0);
	if ((pid = fork()) == 0)
		serve(s, greeting, rules);
	close(s);
	return pid;
}
