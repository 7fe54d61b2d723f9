/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a practice shell finds around it: root hints, certificate and
 * resolv.conf of its world in a file system that only it sees, an
 * environment that leads nowhere else, and the words at the start.
 */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "config.h"

#include "ui/practice_room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef TADORU_LINUX
#include <sys/mount.h>
#endif

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/practice.h"
#include "ui/strings.h"

#ifdef TADORU_LINUX
static int
mount_memory(const char *dir)
{
	return (mount("tadoru", dir, "tmpfs", MS_NOSUID | MS_NODEV,
	    "size=1m,mode=0755"));
}

static int
mount_over(const char *file, const char *at)
{
	return (mount(file, at, NULL, MS_BIND, NULL));
}

static void
mount_proc(void)
{
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL);
}

static void
unmount(const char *dir)
{
	umount2(dir, MNT_DETACH);
}
#else
static int
mount_memory(const char *dir)
{
	(void)dir;
	errno = ENOSYS;
	return (-1);
}

static int
mount_over(const char *file, const char *at)
{
	(void)file;
	(void)at;
	errno = ENOSYS;
	return (-1);
}

static void
mount_proc(void)
{
}

static void
unmount(const char *dir)
{
	(void)dir;
}
#endif

/* Write one of its files; its name. */
static char *
put_file(const struct room *r, const char *name, const char *text)
{
	char	*path = xasprintf("%s/%s", r->dir, name);
	FILE	*f = fopen(path, "we");
	bool	 good = f != NULL && fputs(text, f) != EOF;

	if (f != NULL && fclose(f) == 0 && good)
		return (path);
	free(path);
	return (NULL);
}

static char *
hints_text(const struct world *w)
{
	struct buf	b;
	char		a[ADDR_STRLEN];
	size_t		i;

	buf_init(&b, 0);
	for (i = 0; i < w->nhints; i++) {
		buf_printf(&b, ". 3600000 NS %s.\n", w->hints[i].name);
		buf_printf(&b, "%s. 3600000 %s %s\n", w->hints[i].name,
		    w->hints[i].addr.family == 4 ? "A" : "AAAA",
		    addr_print(&w->hints[i].addr, a));
	}
	buf_adds(&b, "");
	return (buf_steal(&b));
}

static char *
resolv_text(const struct world *w)
{
	struct buf	b;
	char		a[ADDR_STRLEN];
	size_t		i;

	buf_init(&b, 0);
	for (i = 0; i < w->nresolvers; i++)
		buf_printf(&b, "nameserver %s\n",
		    addr_print(&w->resolvers[i], a));
	buf_adds(&b, "");
	return (buf_steal(&b));
}

/* A file for an option of the diagnosis; text is freed. */
static int
option_file(struct room *r, struct buf *b, const char *option,
    const char *name, char *text)
{
	char	*path = put_file(r, name, text);

	free(text);
	if (path == NULL)
		return (-1);
	buf_printf(b, " --%s ", option);
	text_shell_word(b, path);
	free(path);
	return (0);
}

static int
make_files(struct room *r, const struct world *w, struct buf *check)
{
	if (option_file(r, check, "hints", "root.hints", hints_text(w)) == -1)
		return (-1);
	if (w->ca_pem != NULL && option_file(r, check, "ca-file", "ca.pem",
	    xstrdup(w->ca_pem)) == -1)
		return (-1);
	if (w->trust_anchor != NULL && option_file(r, check, "trust-anchor",
	    "root.key", xstrdup(w->trust_anchor)) == -1)
		return (-1);
	return (0);
}

static void
name_check(struct room *r, const struct world *w, const struct exercise *e,
    struct buf *check)
{
	char	a[ADDR_STRLEN];
	size_t	i;

	for (i = 0; i < w->nresolvers; i++)
		buf_printf(check, " --resolver %s",
		    addr_print(&w->resolvers[i], a));
	for (i = 0; i < w->nglobal; i++)
		buf_printf(check, " --global-prefix %s/%d",
		    addr_print(&w->global[i].addr, a), w->global[i].len);
	for (i = 0; i < e->noptions; i++) {
		buf_addc(check, ' ');
		text_shell_word(check, e->options[i]);
	}
	r->check = buf_steal(check);
}

/* What of the host would answer for names in place of the world. */
static void
close_doors(struct room *r, const struct world *w)
{
	static const char *const	doors[] = { "/run/systemd/resolve",
		"/run/nscd", "/var/run/nscd", "/run/avahi-daemon" };
	char				*text = resolv_text(w);
	char				*path;
	struct stat			 st;
	size_t				 i;

	if ((path = put_file(r, "resolv.conf", text)) != NULL)
		r->resolv = mount_over(path, "/etc/resolv.conf") == 0;
	free(path);
	free(text);
	for (i = 0; i < sizeof doors / sizeof *doors; i++)
		if (lstat(doors[i], &st) == 0 && S_ISDIR(st.st_mode))
			mount_memory(doors[i]);
}

int
room_make(struct room *r, const struct world *w, const struct exercise *e)
{
	const char	*tmp = getenv("TMPDIR");
	struct buf	 check;
	char		*dir;

	memset(r, 0, sizeof *r);
	dir = xasprintf("%s/tadoru-XXXXXX", tmp != NULL && *tmp == '/' ? tmp :
	    "/tmp");
	if (mkdtemp(dir) == NULL) {
		free(dir);
		return (-1);
	}
	r->dir = dir;
	if (mount_memory(dir) == -1)
		return (-1);
	buf_init(&check, 0);
	buf_printf(&check, "tadoru check %s", e->domain);
	if (make_files(r, w, &check) == -1) {
		buf_free(&check);
		return (-1);
	}
	name_check(r, w, e, &check);
	close_doors(r, w);
	return (0);
}

/* Let this program be found under its name, if no other is. */
static void
add_path(void)
{
	char		*old = getenv("PATH"), *path, self[4096], *end;
	ssize_t		 n = readlink("/proc/self/exe", self,
			    sizeof self - 1);

	if (n <= 0)
		return;
	self[n] = '\0';
	if ((end = strrchr(self, '/')) == NULL || end == self)
		return;
	*end = '\0';
	path = xasprintf("%s:%s", old != NULL ? old : "/usr/bin:/bin", self);
	setenv("PATH", path, 1);
	free(path);
}

void
room_inside(const struct room *r)
{
	static const char *const	away[] = { "http_proxy", "https_proxy",
		"ftp_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
		"HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY",
		"RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES" };
	size_t				i;
	char				*ca;

	add_path();
	mount_proc();
	for (i = 0; i < sizeof away / sizeof *away; i++)
		unsetenv(away[i]);
	ca = xasprintf("%s/ca.pem", r->dir);
	setenv("SSL_CERT_FILE", ca, 1);
	setenv("CURL_CA_BUNDLE", ca, 1);
	free(ca);
	setenv("TADORU_CHECK", r->check, 1);
}

void
room_greet(const struct room *r, struct out *out, const struct exercise *e)
{
	char	*text;

	practice_title(out, e);
	text = strings_make("practice.shell.hello", "domain", e->domain, NULL);
	out_wrap(out, "", "", text);
	free(text);
	if (!r->resolv)
		out_wrap(out, "", "", S("practice.shell.resolv"));
	out_printf(out, "\n%s\n", S("practice.shell.check"));
	out_wrap(out, "  ", "    ", r->check);
	out_put(out, "\n");
	out_flush(out);
}

void
room_end(struct room *r)
{
	if (r->dir != NULL) {
		unmount(r->dir);
		rmdir(r->dir);
	}
	free(r->dir);
	free(r->check);
	memset(r, 0, sizeof *r);
}
