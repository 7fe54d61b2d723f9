/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Namespaces of Linux for the practice shell: entering them with or without
 * root, and finding out which setting of the host forbids it. The calls that
 * make the link itself are in world_kernel_tunnel.c.
 */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "config.h"

#include "base/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef TADORU_LINUX
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "base/buf.h"
#include "base/xalloc.h"

#ifdef TADORU_LINUX
static int
write_file(const char *path, const char *text)
{
	int	fd = open(path, O_WRONLY | O_CLOEXEC), rc;

	if (fd == -1)
		return (-1);
	rc = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
	close(fd);
	return (rc);
}

/* The user stays who it was. */
static int
map_self(unsigned uid, unsigned gid)
{
	char	text[64];

	snprintf(text, sizeof text, "%u %u 1\n", uid, uid);
	if (write_file("/proc/self/uid_map", text) == -1)
		return (-1);
	write_file("/proc/self/setgroups", "deny");
	snprintf(text, sizeof text, "%u %u 1\n", gid, gid);
	return (write_file("/proc/self/gid_map", text));
}

int
namespace_enter(void)
{
	const int	spaces = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID;
	unsigned	uid = (unsigned)geteuid(), gid = (unsigned)getegid();

	if (unshare(spaces) == -1 &&
	    (unshare(spaces | CLONE_NEWUSER) == -1 ||
	    map_self(uid, gid) == -1))
		return (-1);
	return (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

int
namespace_die_with_parent(int alive)
{
	char	c;
	int	flags = fcntl(alive, F_GETFL);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return (-1);
	fcntl(alive, F_SETFL, flags | O_NONBLOCK);
	return (read(alive, &c, 1) == 0 ? -1 : 0);
}

int
namespace_keep_raw(void)
{
	struct __user_cap_header_struct	h = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct	d[2];

	memset(d, 0, sizeof d);
	if (syscall(SYS_capget, &h, d) == -1)
		return (-1);
	d[0].inheritable |= d[0].permitted & 1u << CAP_NET_RAW;
	if (syscall(SYS_capset, &h, d) == -1)
		return (-1);
	return (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0,
	    0));
}

/* The first line of a file below root; "" if there is none. */
static void
first_line(const char *root, const char *path, char out[64])
{
	char	*name = xasprintf("%s%s", root, path);
	FILE	*f = fopen(name, "re");

	out[0] = '\0';
	if (f != NULL && fgets(out, 64, f) != NULL)
		out[strcspn(out, "\n")] = '\0';
	if (f != NULL)
		fclose(f);
	free(name);
}

static bool
filtered(const char *root)
{
	char	*name = xasprintf("%s/proc/self/status", root), line[256];
	FILE	*f = fopen(name, "re");
	bool	 found = false;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "Seccomp:\t2", 10) == 0)
			found = true;
	if (f != NULL)
		fclose(f);
	free(name);
	return (found);
}

const char *
namespace_forbids(const char *root)
{
	static const struct {
		const char	*path, *value, *word;
	} settings[] = {
		{ "/proc/sys/kernel/unprivileged_userns_clone", "0",
		    "kernel.unprivileged_userns_clone" },
		{ "/proc/sys/user/max_user_namespaces", "0",
		    "user.max_user_namespaces" },
		{ "/proc/sys/user/max_net_namespaces", "0",
		    "user.max_net_namespaces" },
		{ "/proc/sys/user/max_mnt_namespaces", "0",
		    "user.max_mnt_namespaces" },
		{ "/proc/sys/user/max_pid_namespaces", "0",
		    "user.max_pid_namespaces" },
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
		    "1", "kernel.apparmor_restrict_unprivileged_userns" },
	};
	char	line[64];
	size_t	i;

	for (i = 0; i < sizeof settings / sizeof *settings; i++) {
		first_line(root, settings[i].path, line);
		if (strcmp(line, settings[i].value) == 0)
			return (settings[i].word);
	}
	return (filtered(root) ? "seccomp" : NULL);
}
#else
int
namespace_enter(void)
{
	errno = ENOSYS;
	return (-1);
}

int
namespace_die_with_parent(int alive)
{
	(void)alive;
	errno = ENOSYS;
	return (-1);
}

int
namespace_keep_raw(void)
{
	errno = ENOSYS;
	return (-1);
}

const char *
namespace_forbids(const char *root)
{
	(void)root;
	return ("linux");
}
#endif
