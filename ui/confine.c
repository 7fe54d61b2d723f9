/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which files a run still needs when all that was given has been read: what
 * comes from the network then meets a program that can start nothing and
 * reads nothing of the user's.
 */
#include "ui/confine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "base/xalloc.h"
#include "ui/out.h"
#include "ui/state.h"
#include "ui/strings.h"

#define PATHS	40

struct paths {
	const char	*list[PATHS + 1];	/* ended by NULL */
	char		*own[PATHS];
	size_t		 n, nown;
};

static bool	files_confined;

static void
add(struct paths *p, const char *path)
{
	if (path != NULL && *path != '\0' && p->n < PATHS)
		p->list[p->n++] = path;
}

/* The same of a path made here, which may be NULL. */
static void
add_own(struct paths *p, char *path)
{
	if (path != NULL && p->nown < PATHS) {
		add(p, path);
		p->own[p->nown++] = path;
	} else
		free(path);
}

static void
paths_free(struct paths *p)
{
	while (p->nown > 0)
		free(p->own[--p->nown]);
}

/* Libraries, certificates, terminals, character sets, name resolution. */
static void
add_system(struct paths *p)
{
	static const char *const system[] = { "/etc", "/usr", "/lib",
		"/lib64", "/opt", "/nix/store", "/gnu/store", "/dev",
		"/run/current-system" };
	static const char *const given[] = { "INPUTRC", "TERMINFO",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF" };
	const char *home = getenv("HOME");
	size_t i;

	for (i = 0; i < sizeof(system) / sizeof(system[0]); i++)
		add(p, system[i]);
	for (i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		add(p, getenv(given[i]));
	if (home != NULL && *home == '/') {
		add_own(p, xasprintf("%s/.terminfo", home));
		add_own(p, xasprintf("%s/.inputrc", home));
	}
	/* Often a link to what a daemon keeps elsewhere. */
	add_own(p, realpath("/etc/resolv.conf", NULL));
}

/* The directory a file is in, malloc'd. */
static char *
directory(const char *file)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return xstrdup(".");
	return slash == file ? xstrdup("/") :
	    xstrndup(file, (size_t)(slash - file));
}

static bool
interactive(const struct options *o)
{
	return o->command != CMD_CHECK;
}

void
confine(const struct options *o)
{
	struct paths readable = { .n = 0 }, writable = { .n = 0 };
	int rc;

	add_system(&readable);
	add(&readable, o->ca);
	for (int i = 0; i < o->noperands; i++)
		if (o->command == CMD_REPLAY || o->command == CMD_DIFF)
			add(&readable, o->operand[i]);
	add(&writable, "/dev/tty");
	add(&writable, "/dev/null");
	if (o->output != NULL)
		add_own(&writable, directory(o->output));
	if (o->record != NULL)
		add_own(&writable, directory(o->record));
	if (interactive(o))
		add(&writable, ".");
	add_own(&writable, state_make());
	if ((rc = sandbox_enter(readable.list, writable.list)) < 0)
		out_say("say.confine", "why", strerror(errno), NULL);
	files_confined = rc > 0;
	paths_free(&readable);
	paths_free(&writable);
}

const char *
confine_why(int error)
{
	return error == EACCES && files_confined ? S("err.confined") :
	    strerror(error);
}
