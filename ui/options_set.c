/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each option does with its value; options_fit.c checks them together.
 */
#include "ui/options_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "ui/out.h"
#include "ui/strings.h"

#define TIMEOUT_NORMAL 4.0	/* seconds: the connect time of the table */

void
options_init(struct options *o)
{
	memset(o, 0, sizeof(*o));
	o->ambiguous = 1;
	o->ambiguous_auto = true;
	keys_init(&o->keys);
	o->engine.tries = 3;
	o->engine.scale = 1.0;
}

void
options_free(struct options *o)
{
	size_t i;

	for (i = 0; i < ENGINE_HOSTS; i++)
		free(o->hosts[i]);
	keys_free(&o->keys);
	free(o->bind_said);
	free(o->config);
	free(o->mail[0]);
	free(o->mail[1]);
	free(o->mail[2]);
	free(o->mail_host);
}

static int
bad(enum option_id id, const char *value, const char *expected)
{
	out_say("err.value", "option", option_rows[id].name, "value", value,
	    "expected", strings_get(expected), NULL);
	return -1;
}

static const char *
nearest_step(const char *word)
{
	const char *words[STEP_COUNT];
	size_t i;

	for (i = 0; i < STEP_COUNT; i++)
		words[i] = step_rows[i].id;
	return options_nearest(word, words, STEP_COUNT);
}

static void
bad_step(enum option_id id, const char *word)
{
	const char *near = nearest_step(word);
	struct buf all;
	size_t i;

	if (near != NULL) {
		out_say("err.step-near", "option", option_rows[id].name,
		    "value", word, "near", near, NULL);
		return;
	}
	buf_init(&all, 0);
	for (i = 0; i < STEP_COUNT; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : " ", step_rows[i].id);
	out_say("err.step", "option", option_rows[id].name, "value", word,
	    "steps", buf_str(&all), NULL);
	buf_free(&all);
}

static int
set_steps(enum option_id id, const char *value, bool *steps)
{
	const char *at;
	char *word;
	size_t n;
	int step;

	for (at = value;; at += n + 1) {
		n = strcspn(at, ",");
		word = xstrndup(at, n);
		if ((step = step_parse(word)) < 0) {
			bad_step(id, word);
			free(word);
			return -1;
		}
		free(word);
		steps[step] = true;
		if (at[n] == '\0')
			return 0;
	}
}

static int
set_host(struct options *o, const char *value)
{
	struct subject s;
	const char *why;
	char *hint;

	if (o->engine.nhosts == ENGINE_HOSTS)
		return bad(OPT_HOST, value, "expect.hosts");
	if (subject_parse(&s, value, &why, &hint) != 0) {
		free(hint);
		return bad(OPT_HOST, value, "expect.host");
	}
	if (s.kind != SUBJECT_DOMAIN) {
		subject_free(&s);
		return bad(OPT_HOST, value, "expect.host");
	}
	o->hosts[o->engine.nhosts] = xstrdup(s.name);
	o->engine.hosts[o->engine.nhosts] = o->hosts[o->engine.nhosts];
	o->engine.nhosts++;
	subject_free(&s);
	return 0;
}

static int
set_mail(struct options *o, enum option_id id, const char *value, int slot,
    const char **where)
{
	struct subject s;
	const char *why;
	char *hint;

	if (subject_parse(&s, value, &why, &hint) != 0) {
		free(hint);
		return bad(id, value, "expect.mailbox");
	}
	if (s.kind != SUBJECT_MAIL) {
		subject_free(&s);
		return bad(id, value, "expect.mailbox");
	}
	free(o->mail[slot]);
	o->mail[slot] = xstrdup(s.mailbox);
	*where = o->mail[slot];
	subject_free(&s);
	return 0;
}

static int
set_mail_host(struct options *o, const char *value)
{
	struct subject s;
	const char *why;
	char *hint = NULL;

	if (subject_parse(&s, value, &why, &hint) != 0) {
		free(hint);
		return bad(OPT_MAIL_HOST, value, "expect.host");
	}
	if (s.kind == SUBJECT_DOMAIN) {
		free(o->mail_host);
		o->mail_host = xstrdup(s.name);
		o->engine.mail_host = o->mail_host;
	}
	subject_free(&s);
	return o->mail_host == NULL ? bad(OPT_MAIL_HOST, value,
	    "expect.host") : 0;
}

static int
set_wait(struct options *o, const char *value)
{
	long n;

	if (text_number(value, 1, 3600, &n) != 0)
		return bad(OPT_WAIT, value, "expect.wait");
	o->engine.wait = (int)n;
	return 0;
}

static int
set_helo(struct options *o, const char *value)
{
	const char *c;

	if (*value == '\0' || strlen(value) > 255)
		return bad(OPT_HELO, value, "expect.helo");
	for (c = value; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || *c == '<' || *c == '>')
			return bad(OPT_HELO, value, "expect.helo");
	o->engine.helo = value;
	return 0;
}

/* A decimal number like 2 or 0.5, by the C locale's rules. */
static int
parse_seconds(const char *s, double min, double max, double *out)
{
	char *end;

	if (s[strspn(s, "0123456789.")] != '\0')
		return -1;
	*out = strtod(s, &end);
	return end == s || *end != '\0' || *out < min || *out > max ? -1 : 0;
}

static int
set_timeout(struct options *o, const char *value)
{
	double s;

	if (parse_seconds(value, 0.1, 60, &s) != 0)
		return bad(OPT_TIMEOUT, value, "expect.timeout");
	o->engine.scale = s / TIMEOUT_NORMAL;
	return 0;
}

static int
set_tries(struct options *o, const char *value)
{
	long n;

	if (text_number(value, 1, 10, &n) != 0)
		return bad(OPT_TRIES, value, "expect.tries");
	o->engine.tries = (int)n;
	return 0;
}

static int
set_resolver(struct options *o, const char *value)
{
	struct addr a;

	if (addr_parse(&a, value) != 0)
		return bad(OPT_RESOLVER, value, "expect.addr");
	if (o->nresolvers == WORLD_RESOLVERS)
		return bad(OPT_RESOLVER, value, "expect.resolvers");
	o->resolvers[o->nresolvers++] = a;
	return 0;
}

static int
set_source(struct options *o, const char *value)
{
	struct addr a;

	if (addr_parse(&a, value) != 0)
		return bad(OPT_SOURCE, value, "expect.addr");
	*(a.family == 4 ? &o->source4 : &o->source6) = a;
	return 0;
}

static int
set_prefix(struct options *o, const char *value)
{
	struct prefix p;

	if (prefix_parse(&p, value) != 0)
		return bad(OPT_GLOBAL_PREFIX, value, "expect.prefix");
	if (o->nglobal == WORLD_PREFIXES)
		return bad(OPT_GLOBAL_PREFIX, value, "expect.prefixes");
	o->global[o->nglobal++] = p;
	return 0;
}

static int
set_ambiguous(struct options *o, const char *value)
{
	if (strcmp(value, "1") != 0 && strcmp(value, "2") != 0 &&
	    strcmp(value, "auto") != 0)
		return bad(OPT_AMBIGUOUS, value, "expect.ambiguous");
	o->ambiguous = *value == '2' ? 2 : 1;
	o->ambiguous_auto = *value == 'a';
	return 0;
}

static int
set_bind(struct options *o, const char *value)
{
	char *said;
	int rc = keys_bind(&o->keys, value, &said);

	if (rc != 0)
		out_say("say.text", "text", said, NULL);
	else if (said != NULL) {
		free(o->bind_said);
		o->bind_said = said;
		said = NULL;
	}
	free(said);
	return rc;
}

static int
set_format(struct options *o, const char *value)
{
	static const char *const known[] = { "text", "json", "md", "html",
		"cast", "notice", "nagios" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(value, known[i]) == 0) {
			o->format = value;
			return 0;
		}
	return bad(OPT_FORMAT, value, "expect.format");
}

static int
set_symptom(struct options *o, const char *value)
{
	if (model_symptom(value) < 0)
		return bad(OPT_SYMPTOM, value, "expect.symptom");
	o->engine.symptom = value;
	return 0;
}

static int
set_lang(const char *value)
{
	if (strings_choose(value) != 0)
		return bad(OPT_LANG, value, "expect.lang");
	return 0;
}

static int
set_file(const char **where, enum option_id id, const char *value)
{
	if (*value == '\0')
		return bad(id, value, "expect.file");
	*where = value;
	return 0;
}

static int
set_flag(struct options *o, enum option_id id)
{
	switch (id) {
	case OPT_HELP:
		o->help = true;
		break;
	case OPT_VERSION:
		o->version = true;
		break;
	case OPT_PLAIN:
		o->plain = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_NO_COLOR:
		o->no_color = true;
		break;
	case OPT_IPV4:
		o->engine.no_v6 = true;
		break;
	case OPT_IPV6:
		o->engine.no_v4 = true;
		break;
	case OPT_STEP:
		o->stepping = true;
		break;
	case OPT_SHELL:
		o->shell = true;
		return 0;
	case OPT_OUTSIDE:
		o->engine.outside = true;
		return 0;
	case OPT_READ_ONLY:
		o->engine.read_only = true;
		break;
	case OPT_SEND_MAIL:
		o->engine.send_mail = true;
		break;
	default:
		break;
	}
	return 0;
}

int
options_set(struct options *o, enum option_id id, const char *value)
{
	o->given[id] = true;
	switch (id) {
	case OPT_OUTPUT:
		return set_file(&o->output, id, value);
	case OPT_FORMAT:
		return set_format(o, value);
	case OPT_RECORD:
		return set_file(&o->record, id, value);
	case OPT_LANG:
		return set_lang(value);
	case OPT_AMBIGUOUS:
		return set_ambiguous(o, value);
	case OPT_BIND:
		return set_bind(o, value);
	case OPT_SYMPTOM:
		return set_symptom(o, value);
	case OPT_ONLY:
		o->only_given = true;
		return set_steps(id, value, o->wanted);
	case OPT_SKIP:
		return set_steps(id, value, o->skipped);
	case OPT_HOST:
		return set_host(o, value);
	case OPT_TIMEOUT:
		return set_timeout(o, value);
	case OPT_TRIES:
		return set_tries(o, value);
	case OPT_RESOLVER:
		return set_resolver(o, value);
	case OPT_HINTS:
		return set_file(&o->hints, id, value);
	case OPT_TRUST_ANCHOR:
		return set_file(&o->anchor, id, value);
	case OPT_CA_FILE:
		return set_file(&o->ca, id, value);
	case OPT_EXPECT:
		return set_file(&o->plan, id, value);
	case OPT_LESSON:
		o->lesson = value;
		return 0;
	case OPT_SOURCE:
		return set_source(o, value);
	case OPT_GLOBAL_PREFIX:
		return set_prefix(o, value);
	case OPT_HELO:
		return set_helo(o, value);
	case OPT_MAIL_FROM:
		return set_mail(o, id, value, 0, &o->engine.mail_from);
	case OPT_MAILBOX:
		return set_mail(o, id, value, 2, &o->engine.mailbox);
	case OPT_LOGIN:
		o->engine.login = value;
		return *value == '\0' ? bad(id, value, "expect.login") : 0;
	case OPT_MAIL_HOST:
		return set_mail_host(o, value);
	case OPT_PASSWORD_FILE:
		return set_file(&o->password_file, id, value);
	case OPT_WAIT:
		return set_wait(o, value);
	case OPT_RCPT_TO:
		return set_mail(o, id, value, 1, &o->engine.rcpt);
	default:
		return set_flag(o, id);
	}
}
