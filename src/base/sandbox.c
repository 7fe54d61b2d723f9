/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No core dumps with secrets in them from the start; later, when it is known
 * which files will be needed: no new privileges, and where the kernel has
 * Landlock only those files.
 */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "config.h"

#include "base/sandbox.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#ifdef TADORU_LINUX
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#ifdef HAVE_LANDLOCK
#include <linux/landlock.h>
#endif

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#endif

/* A sanitizer reads /proc and writes coverage when the program ends. */
#if defined HAVE_LANDLOCK && !defined SANITIZED
#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITING (LANDLOCK_ACCESS_FS_WRITE_FILE | \
	LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define MAKING (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG)
#define OF_A_FILE (LANDLOCK_ACCESS_FS_READ_FILE | \
	LANDLOCK_ACCESS_FS_WRITE_FILE)
#define HANDLED ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* A name behind which nothing can be, as HOME=/dev/null gives it. */
static bool
nothing_there(int error)
{
	return error == ENOENT || error == EACCES || error == ENOTDIR ||
	    error == ELOOP || error == ENAMETOOLONG;
}

/* A pipe (/dev/stdin) cannot be named in a rule (EBADFD), nor has to be. */
static int
allow(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr a = {.allowed_access = rights};
	struct stat st;
	int rc;

	a.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (a.parent_fd < 0)
		return nothing_there(errno) ? 0 : -1;
	if (fstat(a.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		a.allowed_access &= OF_A_FILE;
	rc = (int)syscall(SYS_landlock_add_rule, rules,
	    LANDLOCK_RULE_PATH_BENEATH, &a, 0u);
	if (rc != 0 && errno == EBADFD)
		rc = 0;
	close(a.parent_fd);
	return rc;
}

static int
allow_each(int rules, const char *const *paths, uint64_t rights)
{
	for (; *paths != NULL; paths++)
		if (allow(rules, *paths, rights) != 0)
			return -1;
	return 0;
}

static int
confine(const char *const *readable, const char *const *writable,
    const char *const *makeable)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs = HANDLED};
	int rules, rc;

	rules = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    sizeof attr.handled_access_fs, 0u);
	if (rules < 0)
		return 0;
	rc = allow_each(rules, readable, READING);
	if (rc == 0)
		rc = allow_each(rules, writable, READING | WRITING);
	if (rc == 0)
		rc = allow_each(rules, makeable, MAKING);
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_restrict_self, rules, 0u);
	close(rules);
	return rc == 0 ? 1 : -1;
}
#else
static int
confine(const char *const *readable, const char *const *writable,
    const char *const *makeable)
{
	(void)readable;
	(void)writable;
	(void)makeable;
	return 0;
}
#endif

/* The limit alone does not keep a core from a program it is piped to. */
int
sandbox_no_core(void)
{
	struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return -1;
#ifdef TADORU_LINUX
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return -1;
#endif
	return 0;
}

int
sandbox_enter(const char *const *readable, const char *const *writable,
    const char *const *makeable)
{
#ifdef TADORU_LINUX
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
#endif
	return confine(readable, writable, makeable);
}
