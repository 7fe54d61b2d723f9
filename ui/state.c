/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every run is recorded under the user's state directory, so that the next
 * one of the same domain can say what changed: the directory is 0700 and must
 * be ours alone, files are 0600, the newest are kept within a number and a
 * size. A name of a file is the date of its session and the domain.
 */
#include "ui/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "ui/out.h"
#include "ui/strings.h"

#define NAME_BYTES	200	/* of a domain in a file name */
#define STAMP		16	/* 20261124T010203Z */
#define TAIL		(4ll << 20)	/* the end event is within */

struct state {
	char		*dir, *file;
	int		 fd;
	long long	 bytes;
	bool		 begun, failed;
	bool		 cut, over;	/* lines are left out; all but the end */
};

char *
state_dir(void)
{
	const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (base != NULL && *base == '/')
		return xasprintf("%s/tadoru", base);
	if (home == NULL || *home != '/')
		return NULL;
	return xasprintf("%s/.local/state/tadoru", home);
}

static void
failed(struct state *s, const char *what, const char *why)
{
	if (!s->failed)
		out_say("say.state", "file", what, "why", why, NULL);
	s->failed = true;
}

/* mkdir -p, each directory made is ours alone. */
static int
make_dirs(const char *dir)
{
	char *path = xstrdup(dir), *at;
	int rc = 0;

	for (at = path + 1; rc == 0; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			rc = -1;
		*at = c;
		if (c == '\0')
			break;
	}
	free(path);
	return rc;
}

char *
state_make(void)
{
	char *dir = state_dir();

	if (dir != NULL && make_dirs(dir) != 0) {
		free(dir);
		return NULL;
	}
	return dir;
}

/* The directory, made if need be: 0, or -1 said. */
static int
own_dir(struct state *s)
{
	struct stat st;

	if (make_dirs(s->dir) != 0 || lstat(s->dir, &st) != 0) {
		failed(s, s->dir, strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 022) == 0)
		return 0;
	failed(s, s->dir, S("err.not-own"));
	return -1;
}

struct state *
state_open(const char *dir)
{
	struct state *s = xcalloc(1, sizeof(*s));

	s->fd = -1;
	s->dir = dir != NULL ? xstrdup(dir) : state_dir();
	s->failed = s->dir == NULL;
	return s;
}

/* "20261124T010203Z" of "2026-11-24T01:02:03Z"; what is no date gives none. */
static char *
stamp_of(const struct session *session)
{
	const char *date = json_str(session->head, "date");
	char out[STAMP + 1];
	size_t n = 0;

	for (; *date != '\0' && n < STAMP; date++)
		if (*date != '-' && *date != ':')
			out[n++] = *date;
	out[n] = '\0';
	return xstrdup(n == STAMP && strspn(out, "0123456789TZ") == n ? out :
	    "00000000T000000Z");
}

static const char *
name_of(const struct session *session)
{
	return json_str(json_object_get(session->head, "subject"), "name");
}

static int
safe_name(const char *name)
{
	return *name != '\0' && *name != '.' && name[strspn(name,
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0' ? 0 : -1;
}

static void
begin(struct state *s, const struct session *session)
{
	const char *name = name_of(session);
	char *stamp;
	int i;

	s->begun = true;
	if (s->failed || safe_name(name) != 0 || own_dir(s) != 0)
		return;
	stamp = stamp_of(session);
	for (i = 1; i < 10 && s->fd < 0; i++) {
		free(s->file);
		s->file = xasprintf("%s/%s-%.*s.%d.jsonl", s->dir, stamp,
		    NAME_BYTES, name, i);
		s->fd = open(s->file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND |
		    O_CLOEXEC | O_NOFOLLOW, 0600);
		if (s->fd < 0 && errno != EEXIST)
			break;
	}
	if (s->fd < 0)
		failed(s, s->file, strerror(errno));
	free(stamp);
}

static void
put(struct state *s, const char *line, size_t n)
{
	ssize_t done;

	while (n > 0 && s->fd >= 0 && !s->failed) {
		done = write(s->fd, line, n);
		if (done >= 0) {
			line += done;
			n -= (size_t)done;
			s->bytes += done;
		} else if (errno != EINTR)
			failed(s, s->file, strerror(errno));
	}
}

/* In place of the first line that is left out: a remark of its dialogue. */
static void
put_remark(struct state *s, const struct event *ev)
{
	struct event remark = { .kind = EV_LINE, .seq = ev->seq, .us = ev->us,
	    .probe = ev->probe, .attempt = ev->attempt, .dir = TALK_INFO };
	char *line, *whole;

	remark.body = json_pack("{s:s, s:{s:s}}", "key", "limit", "args",
	    "what", "recording");
	line = record_line(&remark);
	whole = xasprintf("%s\n", line);
	put(s, whole, strlen(whole));
	free(whole);
	free(line);
	json_decref(remark.body);
}

/* Replies of DNS are read again from their lines: they stay while they may.
   An event whose probe is not known would not fit: once one other than a line
   was left out all are. */
static bool
left_out(struct state *s, const struct event *ev, size_t n)
{
	bool spoken = ev->kind == EV_LINE && !(ev->dns &&
	    ev->dir == TALK_RECEIVED);
	long long then = s->bytes + (long long)n;

	if (ev->kind == EV_END)
		return false;
	s->over = s->over || then > STATE_ONE + STATE_REST;
	if (s->over)
		return true;
	if (!spoken || (!s->cut && then <= STATE_ONE))
		return false;
	if (!s->cut)
		put_remark(s, ev);
	s->cut = true;
	return true;
}

void
state_line(struct state *s, const struct session *session,
    const struct event *ev, const char *line, size_t n)
{
	if (!s->begun)
		begin(s, session);
	if (!left_out(s, ev, n))
		put(s, line, n);
}

/* Files of runs in a directory, newest first. */
struct list {
	char		**names;
	size_t		 n;
};

static bool
is_run(const char *name)
{
	size_t n = strlen(name);

	return n > STAMP + 8 && name[8] == 'T' && name[STAMP] == '-' &&
	    strcmp(name + n - 6, ".jsonl") == 0;
}

static int
newest_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

static void
list_read(struct list *l, const char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);

	l->names = NULL;
	l->n = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (!is_run(e->d_name))
			continue;
		l->names = xreallocarray(l->names, l->n + 1,
		    sizeof(*l->names));
		l->names[l->n++] = xstrdup(e->d_name);
	}
	if (d != NULL)
		closedir(d);
	if (l->n > 1)
		qsort(l->names, l->n, sizeof(*l->names), newest_first);
}

static void
list_free(struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->names[i]);
	free(l->names);
}

/* Remove the oldest beyond the bounds, never the one just written. */
static void
prune(const struct state *s)
{
	long long bytes = 0;
	struct list l;
	struct stat st;
	size_t i, kept = 0;
	char *path;

	list_read(&l, s->dir);
	for (i = 0; i < l.n; i++) {
		path = xasprintf("%s/%s", s->dir, l.names[i]);
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			bytes += st.st_size;
			kept++;
			if ((kept > STATE_FILES || bytes > STATE_BYTES) &&
			    strcmp(path, s->file) != 0)
				unlink(path);
		}
		free(path);
	}
	list_free(&l);
}

void
state_close(struct state *s)
{
	if (s->fd >= 0) {
		if (close(s->fd) != 0)
			failed(s, s->file, strerror(errno));
		prune(s);
	}
	free(s->dir);
	free(s->file);
	free(s);
}

/* The first line of a file as an event: 0, or -1. */
static int
read_head(FILE *f, struct event *ev)
{
	const char *why;
	char *line = NULL;
	size_t size = 0;
	ssize_t n = getline(&line, &size, f);
	int rc = -1;

	if (n > 0 && n < TAIL)
		rc = record_parse(line, (size_t)n, ev, &why);
	free(line);
	if (rc == 0 && ev->kind != EV_SESSION) {
		event_clear(ev);
		rc = -1;
	}
	return rc;
}

/* The last end event within the tail of the file, or NULL. */
static json_t *
read_end(FILE *f)
{
	static const char mark[] = "\"ev\":\"end\"";
	json_t *end = NULL;
	struct event ev;
	const char *why;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	long long at;

	if (fseeko(f, 0, SEEK_END) != 0 || (at = ftello(f)) < 0)
		return NULL;
	if (fseeko(f, at > TAIL ? at - TAIL : 0, SEEK_SET) != 0)
		return NULL;
	while ((n = getline(&line, &size, f)) > 0 && n < TAIL) {
		if (strstr(line, mark) == NULL ||
		    record_parse(line, (size_t)n, &ev, &why) != 0)
			continue;
		if (ev.kind == EV_END) {
			json_decref(end);
			end = json_incref(ev.body);
		}
		event_clear(&ev);
	}
	free(line);
	return end;
}

static json_t *
worst_of(const json_t *end)
{
	int64_t i = json_int(json_object_get(end, "summary"), "worst", -1);

	return i < 0 ? NULL : json_array_get(json_object_get(end,
	    "findings"), (size_t)i);
}

static json_t *
last_of(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	json_t *o = NULL, *end = NULL, *worst;
	struct event head;

	if (f == NULL)
		return NULL;
	if (read_head(f, &head) == 0) {
		if (strcmp(json_str(json_object_get(head.body, "subject"),
		    "name"), name) == 0 && (end = read_end(f)) != NULL) {
			o = json_object();
			json_put_str(o, "date", json_str(head.body, "date"));
			json_put_int(o, "epoch", json_int(head.body, "epoch",
			    0));
			json_put_str(o, "verdict", json_str(end, "verdict"));
			if ((worst = worst_of(end)) != NULL)
				json_put(o, "worst", json_deep_copy(worst));
		}
		event_clear(&head);
	}
	json_decref(end);
	fclose(f);
	return o;
}

json_t *
state_last(const char *dir, const char *name)
{
	char *own = dir != NULL ? xstrdup(dir) : state_dir(), *path, *want;
	json_t *last = NULL;
	struct list l;
	size_t i;

	if (own == NULL)
		return NULL;
	want = xasprintf("-%.*s.", NAME_BYTES, name);
	list_read(&l, own);
	for (i = 0; last == NULL && i < l.n; i++) {
		if (strncmp(l.names[i] + STAMP, want, strlen(want)) != 0)
			continue;
		path = xasprintf("%s/%s", own, l.names[i]);
		last = last_of(path, name);
		free(path);
	}
	list_free(&l);
	free(want);
	free(own);
	return last;
}
