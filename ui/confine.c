/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which files a run still needs when all that was given has been read: what
 * comes from the network then meets a program that can start nothing and
 * reads nothing of the user's.
 */
#include "ui/confine.h"

#include <errno.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "base/xalloc.h"
#include "ui/out.h"
#include "ui/state.h"
#include "ui/strings.h"

#define PATHS	64

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

/* Each directory of a list with colons between them, which may be NULL. */
static void
add_each(struct paths *p, const char *list)
{
	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, ":");

		if (n > 0)
			add_own(p, xstrndup(list, n));
		list += n + (list[n] == ':');
	}
}

/* They are read when the first handshake is due, and need not be where the
   rest of the system is: /etc/ssl/certs may lead to /var/lib. */
static void
add_certificates(struct paths *p)
{
	add(p, X509_get_default_cert_area());
	add(p, X509_get_default_cert_file());
	add_each(p, X509_get_default_cert_dir());
	add(p, getenv(X509_get_default_cert_file_env()));
	add_each(p, getenv(X509_get_default_cert_dir_env()));
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

/* Often a link to what a daemon keeps elsewhere, and puts a new file in place
   of when the network changes: a rule of the old file alone does not let the
   new one be read. */
static void
add_resolvers(struct paths *p)
{
	char *file = realpath("/etc/resolv.conf", NULL), *dir;

	if (file == NULL)
		return;
	dir = directory(file);
	if (strcmp(dir, "/") != 0)
		add_own(p, dir);
	else
		free(dir);
	add_own(p, file);
}

/* Libraries, terminals, character sets, name resolution. */
static void
add_system(struct paths *p)
{
	static const char *const system[] = { "/etc", "/usr", "/lib",
		"/lib64", "/opt", "/nix/store", "/gnu/store", "/dev",
		"/run/current-system" };
	static const char *const given[] = { "INPUTRC", "TERMINFO",
		"OPENSSL_CONF" };
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
	add_each(p, getenv("TERMINFO_DIRS"));
	add_resolvers(p);
}

/* A file that will be made, or is there already and may be a link. */
static void
add_made(struct paths *p, const char *file)
{
	if (file == NULL)
		return;
	if (strncmp(file, "/dev/", 5) != 0)
		add_own(p, directory(file));
	add_own(p, realpath(file, NULL));
}

static bool
interactive(const struct options *o)
{
	return o->command != CMD_CHECK && o->command != CMD_DIFF;
}

/* Is anything kept: the run itself, or what somebody copies? */
static bool
keeps(const struct options *o)
{
	return interactive(o) || (o->command == CMD_CHECK &&
	    !o->given[OPT_NO_RECORD]);
}

void
confine(const struct options *o)
{
	struct paths readable = { .n = 0 }, writable = { .n = 0 };
	struct paths makeable = { .n = 0 };
	int rc;

	add_system(&readable);
	add_certificates(&readable);
	add(&readable, o->ca);
	for (int i = 0; i < o->noperands; i++)
		if (o->command == CMD_REPLAY || o->command == CMD_DIFF)
			add(&readable, o->operand[i]);
	add(&writable, "/dev/tty");
	add(&writable, "/dev/null");
	add_made(&makeable, o->output);
	add_made(&makeable, o->record);
	if (interactive(o))
		add(&makeable, ".");
	if (keeps(o))
		add_own(&writable, state_make());
	if ((rc = sandbox_enter(readable.list, writable.list,
	    makeable.list)) < 0)
		out_say("say.confine", "why", strerror(errno), NULL);
	files_confined = rc > 0;
	paths_free(&readable);
	paths_free(&writable);
	paths_free(&makeable);
}

const char *
confine_why(int error)
{
	return error == EACCES && files_confined ? S("err.confined") :
	    strerror(error);
}
