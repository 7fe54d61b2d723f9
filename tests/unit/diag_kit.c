/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See diag_kit.h. The sound domain is declared once, below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "diag/summary.h"
#include "net/tls.h"
#include "tests/unit/diag_kit.h"
#include "tests/unit/peer_kit.h"

static const char sound[] =
    "root {root1} {root1.4} {root1.6}\n"
    "root {root2} {root2.4} {root2.6}\n"
    "tld {tld} {tld1} {tld1.4} {tld1.6} ; {tld2} {tld2.4} {tld2.6}\n"
    "delegate {d} {ns1} {ns1.4} {ns1.6} ; {ns2} {ns2.4} {ns2.6}\n"
    "zone {d}\n"
    "record {d} @ A {web1.4}\n"
    "record {d} @ A {web2.4}\n"
    "record {d} @ AAAA {web1.6}\n"
    "record {d} @ AAAA {web2.6}\n"
    "record {d} @ MX 10 {mx1}.\n"
    "record {d} @ MX 20 {mx2}.\n"
    "record {d} www A {web1.4}\n"
    "record {d} www A {web2.4}\n"
    "record {d} www AAAA {web1.6}\n"
    "record {d} www AAAA {web2.6}\n"
    "record {d} {mx1}. A {mx1.4}\n"
    "record {d} {mx1}. AAAA {mx1.6}\n"
    "record {d} {mx2}. A {mx2.4}\n"
    "record {d} {mx2}. AAAA {mx2.6}\n"
    "server {ns1} {ns1.4} {ns1.6}\n"
    "server {ns2} {ns2.4} {ns2.6}\n"
    "web {www} {web1.4} {web2.4} {web1.6} {web2.6}\n"
    "web {d} {web1.4} {web2.4} {web1.6} {web2.6}\n"
    "smtp {mx1} {mx1.4} {mx1.6}\n"
    "smtp {mx2} {mx2.4} {mx2.6}\n"
    "resolver {res.4}\n"
    "ptr {mx1.4} {mx1}\n"
    "ptr {mx1.6} {mx1}\n"
    "ptr {mx2.4} {mx2}\n"
    "ptr {mx2.6} {mx2}\n"
    "ptr {ns1.4} {ns1}\n"
    "ptr {ns1.6} {ns1}\n"
    "ptr {ns2.4} {ns2}\n"
    "ptr {ns2.6} {ns2}\n"
    "ptr {web1.4} {www}\n"
    "ptr {web1.6} {www}\n"
    "ptr {web2.4} {www}\n"
    "ptr {web2.6} {www}\n";

bool kit_stay;
void (*kit_before)(struct kit_run *);
void (*kit_after)(const struct kit_run *, const struct kit_case *,
    struct buf *out);

static uint64_t
next(uint64_t *s)
{
	uint64_t z = (*s += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
kit_seed(void)
{
	static uint64_t seed;
	const char *given = getenv("TADORU_SEED");

	if (seed == 0 && given != NULL)
		seed = strtoull(given, NULL, 0);
	if (seed == 0) {
		seed = (uint64_t)time(NULL) ^ ((uint64_t)(uintptr_t)&seed << 20);
		seed |= 1;
	}
	return seed;
}

const char *
kit_var(const struct kit_run *r, const char *name)
{
	for (size_t i = 0; i < r->nvars; i += 2)
		if (strcmp(r->vars[i], name) == 0)
			return r->vars[i + 1];
	fail_msg("no variable {%s}", name);
	return "";
}

static void
var(struct kit_run *r, char *name, char *value)
{
	r->vars = xreallocarray(r->vars, r->nvars + 2, sizeof *r->vars);
	r->vars[r->nvars++] = name;
	r->vars[r->nvars++] = value;
}

static char *
label(uint64_t *s)
{
	static const char consonants[] = "bdfgkmnprstvz", vowels[] = "aeiou";
	char out[16];
	size_t n = 3 + next(s) % 2;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = consonants[next(s) % 13];
		out[2 * i + 1] = vowels[next(s) % 5];
	}
	out[2 * n] = '\0';
	return xstrdup(out);
}

static bool
taken(const struct kit_run *r, const char *value)
{
	for (size_t i = 1; i < r->nvars; i += 2)
		if (strcmp(r->vars[i], value) == 0)
			return true;
	return false;
}

static void
draw_address(struct kit_run *r, uint64_t *s, const char *name)
{
	struct addr a;
	char text[ADDR_STRLEN], *v;

	for (;;) {
		v = xasprintf("%s.%u", next(s) % 2 ? "192.0.2" : "203.0.113",
		    (unsigned)(1 + next(s) % 254));
		if (!taken(r, v))
			break;
		free(v);
	}
	var(r, xasprintf("%s.4", name), v);
	v = xasprintf("2001:db8:%x:%x::%x", (unsigned)(next(s) % 0xfff),
	    (unsigned)(next(s) % 0xffff), (unsigned)(1 + next(s) % 0xffff));
	assert_int_equal(addr_parse(&a, v), 0);
	free(v);
	var(r, xasprintf("%s.6", name), xstrdup(addr_print(&a, text)));
}

static void
draw_label(struct kit_run *r, uint64_t *s, const char *name,
    const char *suffix)
{
	char *l, *v;

	for (;;) {
		l = label(s);
		v = xasprintf("%s%s%s", l, *suffix == '\0' ? "" : ".", suffix);
		free(l);
		if (!taken(r, v))
			break;
		free(v);
	}
	var(r, xstrdup(name), v);
}

static void
draw(struct kit_run *r, uint64_t seed)
{
	static const char *const hosts[] = { "root1", "root2", "tld1", "tld2",
		"ns1", "ns2", "web1", "web2", "mx1", "mx2", "res", "x1", "x2",
		"x3", "x4", "x5", "x6", "x7", "x8", "x9" };
	uint64_t s = seed;
	char name[8];

	draw_label(r, &s, "tld", "");
	draw_label(r, &s, "d", kit_var(r, "tld"));
	draw_label(r, &s, "other", kit_var(r, "tld"));
	var(r, xstrdup("www"), xasprintf("www.%s", kit_var(r, "d")));
	draw_label(r, &s, "ns1", kit_var(r, "d"));
	draw_label(r, &s, "ns2", kit_var(r, "d"));
	draw_label(r, &s, "mx1", kit_var(r, "d"));
	draw_label(r, &s, "mx2", kit_var(r, "d"));
	draw_label(r, &s, "root1", "root-servers");
	draw_label(r, &s, "root2", "root-servers");
	draw_label(r, &s, "tld1", kit_var(r, "tld"));
	draw_label(r, &s, "tld2", kit_var(r, "tld"));
	for (unsigned i = 1; i <= 9; i++) {
		snprintf(name, sizeof name, "n%u", i);
		draw_label(r, &s, name, "");
	}
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		draw_address(r, &s, hosts[i]);
}

static char *
substitute(const struct kit_run *r, const char *text)
{
	struct buf b;

	buf_init(&b, 0);
	while (*text != '\0') {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;
		char *name;

		if (end == NULL || text[1] == '\0' || text[1] == '\n' ||
		    memchr(text, '\n', (size_t)(end - text)) != NULL) {
			buf_addc(&b, *text++);
			continue;
		}
		name = xstrndup(text + 1, (size_t)(end - text) - 1);
		buf_adds(&b, kit_var(r, name));
		free(name);
		text = end + 1;
	}
	return buf_steal(&b);
}

static bool
left_out(const char *line, size_t n, const char *text)
{
	char *copy = xstrndup(line, n);
	bool hit = false;

	for (const char *p = text; p != NULL && !hit; p = strchr(p, '\n')) {
		size_t len;
		char *what;

		p += *p == '\n';
		if (strncmp(p, "! ", 2) != 0)
			continue;
		len = strcspn(p + 2, "\n");
		what = xstrndup(p + 2, len);
		hit = strstr(copy, what) != NULL;
		free(what);
	}
	free(copy);
	return hit;
}

static const char *
keep(struct kit_run *r, char *text)
{
	assert_true(r->ntexts < 8);
	r->texts[r->ntexts++] = text;
	return text;
}

static void
option(struct kit_run *r, const char *line, char **subject)
{
	char *word = xstrndup(line, strcspn(line, " \n"));
	const char *rest = line + strcspn(line, " \n");
	char *value = xstrndup(rest + (*rest == ' '), strcspn(rest +
	    (*rest == ' '), "\n"));

	if (strcmp(word, "subject") == 0) {
		free(*subject);
		*subject = xstrdup(value);
	} else if (strcmp(word, "rcpt") == 0) {
		r->opts.rcpt = keep(r, xstrdup(value));
	} else if (strcmp(word, "helo") == 0) {
		r->opts.helo = keep(r, xstrdup(value));
	} else if (strcmp(word, "host") == 0) {
		r->opts.hosts[r->opts.nhosts++] = keep(r, xstrdup(value));
	} else if (strcmp(word, "no-v4") == 0) {
		r->opts.no_v4 = true;
	} else if (strcmp(word, "no-v6") == 0) {
		r->opts.no_v6 = true;
	} else if (strcmp(word, "tries") == 0) {
		r->opts.tries = atoi(value);
	} else if (strcmp(word, "skip") == 0) {
		assert_int_not_equal(step_parse(value), -1);
		r->opts.skip[step_parse(value)] = true;
	} else if (strcmp(word, "mailbox") == 0) {
		r->opts.mailbox = keep(r, xstrdup(value));
	} else if (strcmp(word, "password") == 0) {
		r->opts.password = keep(r, xstrdup(value));
	} else if (strcmp(word, "login") == 0) {
		r->opts.login = keep(r, xstrdup(value));
	} else if (strcmp(word, "mail-host") == 0) {
		r->opts.mail_host = keep(r, xstrdup(value));
	} else if (strcmp(word, "send-mail") == 0) {
		r->opts.send_mail = true;
	} else if (strcmp(word, "read-only") == 0) {
		r->opts.read_only = true;
	} else if (strcmp(word, "wait") == 0) {
		r->opts.wait = atoi(value);
	} else if (strcmp(word, "no-resolver") != 0 &&
	    strcmp(word, "empty") != 0) {
		fail_msg("option %s", word);
	}
	free(word);
	free(value);
}

/* The declarations of a case over the sound domain. */
static char *
compose(struct kit_run *r, const char *text, char **subject)
{
	struct buf b;
	char *base = substitute(r, sound), *own = substitute(r, text);

	buf_init(&b, 0);
	for (char *p = base; *p != '\0' && strstr(own, "@ empty") == NULL;) {
		size_t n = strcspn(p, "\n");

		if (!left_out(p, n, own) && (strncmp(p, "resolver", 8) != 0 ||
		    strstr(own, "@ no-resolver") == NULL)) {
			buf_add(&b, p, n);
			buf_addc(&b, '\n');
		}
		p += n + (p[n] == '\n');
	}
	for (char *p = own; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		if (*p == '@' && p[1] == ' ')
			option(r, p + 2, subject);
		else if (strchr("!>=~+*", *p) == NULL || p[1] != ' ')
			buf_printf(&b, "%.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	free(base);
	free(own);
	return buf_steal(&b);
}

static void
take_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct kit_run *r = ctx;
	char *line = record_line(ev);

	buf_adds(&r->events, line);
	buf_addc(&r->events, '\n');
	free(line);
	if (r->watch != NULL)
		r->watch(r, s, ev);
}

void
kit_start(struct kit_run *r, const char *text, uint64_t seed)
{
	char *name, *declared, *hint = NULL;
	struct refusal refused;
	const char *why = "";

	memset(r, 0, sizeof *r);
	buf_init(&r->events, 0);
	if (seed == 0)
		seed = kit_seed();
	draw(r, seed);
	r->opts.tries = 3;
	r->opts.scale = 1;
	r->opts.version = "0";
	name = xstrdup(kit_var(r, "d"));
	declared = compose(r, text, &name);
	r->scenario = scenario_new(seed);
	if (scenario_add(r->scenario, declared, &refused) == -1)
		fail_msg("seed %llu: %s in\n%s", (unsigned long long)seed,
		    peer_refusal(&refused), declared);
	r->world = scenario_world(r->scenario);
	free(declared);
	if (subject_parse(&r->subject, name, &why, &hint) == -1)
		fail_msg("subject %s: %s", name, why);
	free(hint);
	free(name);
	r->loop = loop_new(r->world);
	r->opts.stay = kit_stay;
	r->engine = engine_new(r->loop, &r->subject, &r->opts);
	engine_sink(r->engine, take_event, r);
	r->began = loop_now(r->loop);
}

void
kit_finish(struct kit_run *r)
{
	engine_start(r->engine);
	loop_run(r->loop);
	r->took = loop_now(r->loop) - r->began;
	memory_stats(r->world, &r->stats);
	r->log_len = r->events.len;
	r->log = buf_steal(&r->events);
	if (!engine_ended(r->engine))
		fail_msg("seed %llu: no end\n%s",
		    (unsigned long long)kit_seed(), r->log);
}

void
kit_run(struct kit_run *r, const char *text, uint64_t seed)
{
	kit_start(r, text, seed);
	kit_finish(r);
}

void
kit_free(struct kit_run *r)
{
	engine_free(r->engine);
	loop_free(r->loop);
	world_free(r->world);
	scenario_free(r->scenario);
	subject_free(&r->subject);
	tls_cleanup();
	for (size_t i = 0; i < r->nvars; i++)
		free(r->vars[i]);
	for (size_t i = 0; i < r->ntexts; i++)
		free(r->texts[i]);
	free(r->vars);
	free(r->log);
	buf_free(&r->events);
}

/* "error dns-timeout NAME ADDR PROTO:PORT flags.. side=.. qname=.." */
static char *
signature(const struct finding *f)
{
	struct buf b;
	char text[ADDR_STRLEN];

	buf_init(&b, 0);
	buf_printf(&b, "%s %s %s %s", verdict_word(f->level),
	    finding_rows[f->id].id, f->ep.name[0] == '\0' ? "-" : f->ep.name,
	    f->ep.addr.family == 0 ? "-" : addr_print(&f->ep.addr, text));
	if (f->ep.proto[0] == '\0')
		buf_adds(&b, " -");
	else if (f->ep.port == (strcmp(f->ep.proto, "dns") == 0 ? 53 :
	    strcmp(f->ep.proto, "http") == 0 ? 80 :
	    strcmp(f->ep.proto, "https") == 0 ? 443 : 25))
		buf_printf(&b, " %s", f->ep.proto);
	else
		buf_printf(&b, " %s:%u", f->ep.proto, f->ep.port);
	buf_adds(&b, (f->flags & FLAG_MASKED) != 0 ? " masked" : "");
	buf_adds(&b, (f->flags & FLAG_PARTIAL) != 0 ? " partial" : "");
	buf_adds(&b, (f->flags & FLAG_INTERMITTENT) != 0 ? " intermittent" :
	    "");
	if (f->side != finding_rows[f->id].side)
		buf_printf(&b, " side=%s", side_word(f->side));
	if (*json_str(f->args, "qname") != '\0')
		buf_printf(&b, " qname=%s", json_str(f->args, "qname"));
	return buf_steal(&b);
}

/* Is this line among the expectations ("> " lines) of the case? */
static bool
expected(const char *own, const char *sig)
{
	for (const char *p = own; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		if (strncmp(p, "> ", 2) == 0 && strlen(sig) == n - 2 &&
		    strncmp(p + 2, sig, n - 2) == 0)
			return true;
		p += n + (p[n] == '\n');
	}
	return false;
}

static void
log_appearance(const char *mark, const char *id, const char *where,
    const char *test)
{
	const char *file = getenv("TADORU_APPEARANCES");
	FILE *f = file == NULL || *file == '\0' ? NULL : fopen(file, "a");

	if (f == NULL)
		return;
	fprintf(f, "%s %s %s%s%s\n", mark, id, where, *where == '\0' ? "" :
	    " ", test);
	assert_int_equal(fclose(f), 0);
}

/* Does a "* ID" line allow any number of this finding? */
static bool
any_of(const char *own, enum finding_id id)
{
	char *line = xasprintf("\n* %s\n", finding_rows[id].id);
	bool hit = strstr(own, line) != NULL ||
	    strncmp(own, line + 1, strlen(line + 1)) == 0;

	free(line);
	return hit;
}

static void
compare(const struct kit_run *r, const struct kit_case *c, const char *own,
    struct buf *out)
{
	const struct session *s = engine_session(r->engine);
	const char *verdict = json_str(s->end, "verdict");

	for (size_t i = 0; i < s->nfindings; i++) {
		const struct finding *f = s->findings[i];
		char *sig = signature(f);
		bool hit = expected(own, sig);

		if (hit)
			log_appearance("+", finding_rows[f->id].id,
			    strchr(strchr(sig, ' ') + 1, ' ') + 1, c->name);
		else if (f->level > VERDICT_NOTICE && !any_of(own, f->id))
			buf_printf(out, "  not expected: %s\n", sig);
		free(sig);
	}
	for (const char *p = own; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		bool hit = false;

		for (size_t i = 0; i < s->nfindings && !hit; i++) {
			char *sig = signature(s->findings[i]);

			hit = (strncmp(p, "> ", 2) == 0 &&
			    strlen(sig) == n - 2 &&
			    strncmp(sig, p + 2, n - 2) == 0) ||
			    (strncmp(p, "~ ", 2) == 0 && strncmp(p + 2,
			    finding_rows[s->findings[i]->id].id, n - 2) == 0 &&
			    finding_rows[s->findings[i]->id].id[n - 2] ==
			    '\0');
			free(sig);
		}
		if (strncmp(p, "> ", 2) == 0 && !hit)
			buf_printf(out, "  missing: %.*s\n", (int)n - 2, p + 2);
		if (strncmp(p, "~ ", 2) == 0 && hit)
			buf_printf(out, "  must stay away: %.*s\n", (int)n - 2,
			    p + 2);
		if (strncmp(p, "= ", 2) == 0 && (strlen(verdict) != n - 2 ||
		    strncmp(p + 2, verdict, n - 2) != 0))
			buf_printf(out, "  verdict %s, expected %.*s\n",
			    verdict, (int)n - 2, p + 2);
		p += n + (p[n] == '\n');
	}
}

/* "ok NAME ADDR dns": a cell of the matrix, written as in the case. */
static char *
cell_text(const json_t *cell)
{
	const json_t *ep = json_object_get(cell, "endpoint");
	const char *proto = json_str(ep, "proto");
	int64_t port = json_int(ep, "port", 0);
	int64_t usual = strcmp(proto, "dns") == 0 ? 53 :
	    strcmp(proto, "http") == 0 ? 80 :
	    strcmp(proto, "https") == 0 ? 443 : 25;

	if (port == usual)
		return xasprintf("%s %s %s %s", json_str(cell, "verdict"),
		    json_str(ep, "name"), json_str(ep, "addr"), proto);
	return xasprintf("%s %s %s %s:%lld", json_str(cell, "verdict"),
	    json_str(ep, "name"), json_str(ep, "addr"), proto,
	    (long long)port);
}

/* Each "+ " line is a cell; "+ VERDICT all SERVICE v4|v6" all of a kind. */
static void
cells(const struct kit_run *r, const char *own, struct buf *out)
{
	const json_t *matrix = json_object_get(
	    engine_session(r->engine)->end, "matrix"), *cell;

	for (const char *p = own; *p != '\0';) {
		size_t n = strcspn(p, "\n"), i, hits = 0;
		char verdict[16], all[16], service[16], family[16];
		char *line = xstrndup(p, n);
		bool kind;

		kind = sscanf(line, "+ %15s %15s %15s %15s", verdict, all,
		    service, family) == 4 && strcmp(all, "all") == 0;
		json_array_foreach(matrix, i, cell) {
			const json_t *ep = json_object_get(cell, "endpoint");
			char *text = cell_text(cell);
			bool v6 = strchr(json_str(ep, "addr"), ':') != NULL;

			if (kind && strcmp(json_str(ep, "proto"), service) ==
			    0 && v6 == (strcmp(family, "v6") == 0)) {
				hits++;
				if (strcmp(json_str(cell, "verdict"),
				    verdict) != 0)
					buf_printf(out, "  cell %s, not %s\n",
					    text, verdict);
			} else if (!kind && n > 2 && strcmp(line + 2, text) ==
			    0) {
				hits++;
			}
			free(text);
		}
		if (strncmp(line, "+ ", 2) == 0 && hits == 0)
			buf_printf(out, "  no cell: %s\n", line + 2);
		free(line);
		p += n + (p[n] == '\n');
	}
}

/* The recording folds to the same session, and its end follows from what came
   before; every line is ASCII without control characters. */
static void
invariants(const struct kit_run *r, struct buf *out)
{
	struct session *again = session_new();
	const struct session *s = engine_session(r->engine);
	uint64_t seq = 0;
	struct model *m;
	json_t *end;

	for (const char *p = r->log; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		struct event ev;
		const char *why;

		for (size_t i = 0; i < n; i++)
			if ((unsigned char)p[i] < 0x20 ||
			    (unsigned char)p[i] > 0x7e) {
				buf_adds(out, "  unescaped byte\n");
				break;
			}
		if (record_parse(p, n, &ev, &why) == -1) {
			buf_printf(out, "  recording: %s: %.*s\n", why, (int)n,
			    p);
			break;
		}
		if (ev.seq != ++seq)
			buf_adds(out, "  seq jumps\n");
		if (ev.kind == EV_END) {
			m = model_build(again, again->us);
			end = summary_end(m);
			if (!json_equal(end, s->end))
				buf_adds(out, "  end does not follow\n");
			json_decref(end);
			model_free(m);
		}
		session_fold(again, &ev);
		event_clear(&ev);
		p += n + 1;
	}
	if (again->nfindings != s->nfindings || !json_equal(again->end, s->end))
		buf_adds(out, "  replay differs\n");
	session_free(again);
}

/* Ids that the sound twin has: none of them proves anything here. */
static const struct session *
sound_twin(void)
{
	static struct kit_run twin;
	static bool done;

	if (!done)
		kit_run(&twin, "", 0);
	done = true;
	return engine_session(twin.engine);
}

static void
absences(const char *own, const char *test, struct buf *out)
{
	const struct session *twin = sound_twin();

	for (const char *p = own; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		char *line = xstrndup(p, n), *id = NULL;
		bool there = false;

		if (strncmp(line, "> ", 2) == 0 &&
		    (id = strchr(line + 2, ' ')) != NULL) {
			id++;
			id[strcspn(id, " ")] = '\0';
			for (size_t i = 0; i < twin->nfindings; i++)
				there = there || strcmp(finding_rows[
				    twin->findings[i]->id].id, id) == 0;
			if (!there)
				log_appearance("-", id, "", test);
			else if (strncmp(line, "> fact", 6) != 0)
				buf_printf(out, "  the sound twin has %s\n",
				    id);
		}
		free(line);
		p += n + (p[n] == '\n');
	}
}

void
kit_check(const struct kit_case *c)
{
	struct kit_run r;
	struct buf out;
	char *own;

	buf_init(&out, 0);
	kit_start(&r, c->text, 0);
	if (kit_before != NULL)
		kit_before(&r);
	kit_finish(&r);
	own = substitute(&r, c->text);
	compare(&r, c, own, &out);
	cells(&r, own, &out);
	invariants(&r, &out);
	absences(own, c->name, &out);
	if (kit_after != NULL)
		kit_after(&r, c, &out);
	if (out.len > 0) {
		const char *dump = getenv("TADORU_DUMP");
		FILE *f = dump == NULL ? NULL : fopen(dump, "w");

		if (f != NULL) {
			fputs(r.log, f);
			fclose(f);
		}
		print_error("%s: TADORU_SEED=%llu, %.3f s\n%s", c->name,
		    (unsigned long long)kit_seed(), (double)r.took / 1e9,
		    buf_str(&out));
	}
	free(own);
	kit_free(&r);
	if (out.len > 0) {
		buf_free(&out);
		fail();
	}
	buf_free(&out);
}

static void
one(void **state)
{
	kit_check(*state);
}

int
kit_group(const char *name, const struct kit_case *cases, size_t n)
{
	struct CMUnitTest *tests = xcalloc(n, sizeof *tests);
	const char *only = getenv("TADORU_CASE");
	size_t used = 0;
	int failed;

	for (size_t i = 0; i < n; i++) {
		if (only != NULL && strstr(cases[i].name, only) == NULL)
			continue;
		tests[used].name = cases[i].name;
		tests[used].test_func = one;
		tests[used++].initial_state = (void *)(uintptr_t)&cases[i];
	}
	print_message("seed %llu\n", (unsigned long long)kit_seed());
	failed = _cmocka_run_group_tests(name, tests, used, NULL, NULL);
	free(tests);
	return failed;
}
