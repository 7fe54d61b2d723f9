/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue with a POP3 server: both handshakes, capabilities before and
 * after, and by consent a login and a look for our own messages.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/box.h"
#include "talk/pop3.h"
#include "talk/pop3_script.h"

#define LOOK_MAX 10	/* the newest messages looked at */

struct pop3_talk {
	struct box		 box;
	struct pop3_track	 track;
	struct pop3_reply	 reply;
	struct pop3_script	 script;
	json_t			*caps;
	bool			 asked;		/* CAPA, since TLS */
	struct box_header	 header;
	unsigned		 at;		/* message looked at */
	unsigned		 marks[BOX_MARKS];
	char			 tokens[BOX_MARKS][BOX_TOKEN];
	unsigned		 nmarks;
};

static void
pop3_begin(struct talk *t)
{
	struct pop3_talk *s = t->state;

	pop3_track_init(&s->track);
	s->asked = false;
	memset(&s->script, 0, sizeof(s->script));
	box_begin(t);
}

/* Before CAPA was answered nothing is known; refused, there is USER. */
static unsigned
methods(const struct pop3_talk *s)
{
	if (s->track.capa)
		return s->track.methods;
	return s->asked ? AUTH_USER : 0;
}

static char *
text_of(struct talk *t, struct pop3_talk *s, const struct script_row *r,
    size_t *shown)
{
	switch (r->say) {
	case POP3_SAY_METHOD:
		return xasprintf("%s%s", r->text, auth_word(s->box.login.method));
	case POP3_SAY_ANSWER:
		*shown = 0;
		return login_answer(t, &s->box.login);
	case POP3_SAY_LOGIN:
		return xasprintf("%s%s", r->text, t->params.login);
	case POP3_SAY_PASSWORD:
		*shown = strlen(r->text);
		return xasprintf("%s%s", r->text, t->params.password);
	case POP3_SAY_TOP:
		s->script.look--;
		return xasprintf("%s%u 0", r->text, s->at);
	case POP3_SAY_DELE:
		return xasprintf("%s%u", r->text,
		    s->marks[s->script.drop - 1]);
	default:
		return xstrdup(r->text);
	}
}

static void
choose(struct talk *t, struct pop3_talk *s)
{
	login_choose(t, &s->box.login, methods(s));
	s->script.method = s->box.login.method;
	s->script.stop = s->box.login.refused;
}

/* The next line, to be edited: nothing of it is a secret. */
static char *
pop3_peek(struct talk *t, bool spent)
{
	struct pop3_talk *s = t->state;
	struct pop3_script peek;
	const struct script_row *r;
	size_t shown = SIZE_MAX;

	choose(t, s);
	peek = s->script;
	r = pop3_script_next(&peek, &s->track, &t->params);
	if (r == NULL || r->again || r->say == POP3_SAY_PASSWORD)
		return NULL;
	if (spent)
		s->script = peek;
	return text_of(t, s, r, &shown);
}

static char *
pop3_next(struct talk *t, size_t *shown)
{
	struct pop3_talk *s = t->state;
	const struct script_row *r;
	char *line;

	choose(t, s);
	r = pop3_script_next(&s->script, &s->track, &t->params);
	if (r == NULL)
		return NULL;
	if (r->last)
		login_left(t, &s->box.login, methods(s));
	line = text_of(t, s, r, shown);
	s->box.leaving = r->last;
	pop3_track_sent(&s->track, line, strlen(line));
	pop3_reply_free(&s->reply);
	if (s->track.pending == POP3_CAPA) {
		json_decref(s->caps);
		s->caps = json_array();
	}
	return line;
}

static void
content(struct pop3_talk *s, const struct conn_event *ev)
{
	const char *line = (const char *)ev->data;
	size_t n = ev->len;

	if (n > 0 && line[0] == '.') {
		line++;
		n--;
	}
	if (s->track.pending == POP3_TOP)
		box_header_line(&s->header, line, n);
	if (s->track.pending != POP3_CAPA || n == 0)
		return;
	pop3_track_cap(&s->track, line, n);
	if (s->caps != NULL) {
		char *cap = text_escaped(line, n);

		json_array_append_new(s->caps, json_string(cap));
		free(cap);
	}
}

static int
pop3_line(struct talk *t, const struct conn_event *ev,
    const struct conn_event *raw)
{
	struct pop3_talk *s = t->state;
	size_t before = s->reply.lines;
	int rc = pop3_reply_parse(&s->reply, ev->data, ev->len,
	    s->track.multi);

	if (rc == 0 && before > 0)
		content(s, ev);
	if (rc > 0 && s->reply.more) {
		size_t skip = raw->len > 1 ? 2 : raw->len;

		login_challenge(&s->box.login, raw->data + skip,
		    raw->len - skip);
	}
	return rc;
}

static const char *
pop3_bad(struct talk *t, const char **limit, size_t *at)
{
	const struct pop3_reply *r = &((struct pop3_talk *)t->state)->reply;

	if (r->limited) {
		*limit = r->bytes > LIMIT_REPLY_BYTES ? "reply" : "lines";
		*at = r->bytes > LIMIT_REPLY_BYTES ? r->bytes : r->lines;
	}
	return r->bad;
}

static void
count_messages(struct talk *t, struct pop3_talk *s)
{
	json_t *fact = json_object();
	unsigned n = 0;

	if (s->reply.text == NULL || sscanf(s->reply.text, "%9u", &n) != 1)
		n = 0;
	json_put_int(fact, "messages", (int64_t)n);
	dialog_fact(t, "searched", fact);
	s->at = n;
	s->script.look = t->params.token == NULL ? 0 :
	    n > LOOK_MAX ? LOOK_MAX : n;
}

static void
looked(struct talk *t, struct pop3_talk *s)
{
	unsigned i = s->nmarks;

	if (i < BOX_MARKS && box_header_end(t, &s->header, s->tokens[i])) {
		s->marks[i] = s->at;
		s->nmarks++;
		s->script.drop += t->params.clean;
	}
	if (s->at > 0)
		s->at--;
}

static void
deleted(struct talk *t, struct pop3_talk *s)
{
	json_t *fact;

	s->script.drop--;
	if (!s->reply.ok)
		return;
	fact = json_object();
	json_put_str(fact, "token", s->tokens[s->script.drop]);
	dialog_fact(t, "deleted", fact);
}

static void
consequences(struct talk *t, struct pop3_talk *s, enum pop3_verb verb)
{
	const struct pop3_reply *r = &s->reply;

	switch (verb) {
	case POP3_CAPA:
		s->asked = true;
		if (r->ok) {
			box_caps_fact(t, s->caps);
			s->caps = NULL;
		}
		break;
	case POP3_USER:
		if (!r->ok)
			login_fact(t, &s->box.login, false, r->code, r->text);
		break;
	case POP3_PASS:
	case POP3_AUTH:
		if (!r->more)
			login_fact(t, &s->box.login, r->ok, r->code, r->text);
		break;
	case POP3_STAT:
		if (r->ok)
			count_messages(t, s);
		break;
	case POP3_TOP:
		looked(t, s);
		break;
	case POP3_DELE:
		deleted(t, s);
		break;
	default:
		break;
	}
}

static void
pop3_reply(struct talk *t, int64_t at)
{
	struct pop3_talk *s = t->state;
	const struct pop3_reply *r = &s->reply;
	enum pop3_verb verb = s->track.pending;

	box_reply_fact(t, r->ok ? "OK" : r->more ? "+" : "ERR", r->code,
	    r->text, r->lines, at);
	pop3_track_reply(&s->track, r->ok, r->more);
	consequences(t, s, verb);
	if (verb == POP3_QUIT)
		dialog_over(t, "ok");
	else if (verb == POP3_BANNER && !r->ok) {
		json_t *fact = json_object();

		json_put_str(fact, "text", r->text);
		json_put_str(fact, "code", r->code);
		dialog_fact(t, "bye", fact);
		dialog_over(t, "closed");
	} else if (s->track.state == POP3_TLS)
		dialog_start_tls(t);
	else
		box_go_on(t);
}

static const char *
pop3_pending(const struct talk *t)
{
	const struct pop3_talk *s = t->state;

	return pop3_track_verb(s->track.pending);
}

static void
pop3_tls(struct talk *t)
{
	struct pop3_talk *s = t->state;

	pop3_track_tls(&s->track);
	s->asked = false;
	pop3_reply_free(&s->reply);
}

/* Never before the greeting, never amid a login, never twice. */
static bool
pop3_quit(struct talk *t)
{
	struct pop3_talk *s = t->state;

	if (s->track.state == POP3_CONNECTED || s->track.state == POP3_GONE ||
	    s->track.state == POP3_TLS || s->track.state == POP3_SECRET ||
	    s->nmarks > 0)
		return false;
	return box_quit(t, "QUIT");
}

static void
pop3_free(struct talk *t)
{
	struct pop3_talk *s = t->state;

	box_clear(&s->box);
	pop3_reply_free(&s->reply);
	json_decref(s->caps);
	json_decref(s->header.route);
	free(s);
}

static const struct box_ops box_ops = {
	.line = pop3_line,
	.bad = pop3_bad,
	.reply = pop3_reply,
	.next = pop3_next,
	.pending = pop3_pending,
	.tls = pop3_tls,
};

/* A hand spoke meanwhile: take over where it left the session. */
static const char *
pop3_resume(struct talk *t)
{
	struct pop3_talk *s = t->state;
	struct pop3_track *k = &s->track;
	const char *cap;

	k->tls = track_in_tls(t->track);
	k->pending = POP3_NOTHING;
	k->multi = false;
	k->state = strcmp(track_state(t->track), "transaction") == 0 ?
	    POP3_TRANSACTION : POP3_AUTHORIZATION;
	if (track_offered(t->track, 0) != NULL) {
		k->capa = true;
		k->stls = false;
		k->methods = 0;
	}
	for (size_t i = 0; (cap = track_offered(t->track, i)) != NULL; i++)
		pop3_track_cap(k, cap, strlen(cap));
	dialog_released(t);
	box_go_on(t);
	return NULL;
}

static const struct dialog_ops pop3_ops = {
	.begin = pop3_begin,
	.event = box_event,
	.quit = pop3_quit,
	.free = pop3_free,
	.resume = pop3_resume,
	.next = pop3_peek,
	.last = box_last,
	.proto = TRACK_POP3,
	.lax_gap = NSEC_PER_SEC,
};

struct talk *
pop3_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct pop3_talk *s = xcalloc(1, sizeof(*s));

	s->box.ops = &box_ops;
	pop3_reply_init(&s->reply);
	return dialog_new(params, hooks, &pop3_ops, s);
}
