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
#include "talk/pop3_track.h"

#define LOOK_MAX 10	/* the newest messages looked at */

struct pop3_talk {
	struct box		 box;
	struct pop3_reply	 reply;
	enum pop3_verb		 verb;		/* it is the reply to */
	json_t			*caps;
	unsigned long		 at;		/* message looked at */
};

static const struct pop3_track *
track(const struct talk *t)
{
	return pop3_track_of(t->track);
}

static const char *
pop3_pending(const struct talk *t)
{
	return pop3_track_verb(track(t)->pending);
}

static unsigned
pop3_methods(const struct talk *t)
{
	return track(t)->methods;
}

static char *
pop3_text(struct talk *t, const struct script_row *r, size_t *shown)
{
	struct pop3_talk *s = t->state;
	struct box *b = &s->box;

	switch (r->say) {
	case SAY_METHOD:
		return xasprintf("%s%s", r->text,
		    auth_word(b->visit.login.method));
	case SAY_ANSWER:
		*shown = 0;
		return login_answer(t, &b->visit.login);
	case SAY_LOGIN:
		return xasprintf("%s%s", r->text, t->params.login);
	case SAY_PASSWORD:
		*shown = strlen(r->text);
		return xasprintf("%s%s", r->text, t->params.password);
	case SAY_LOOK:
		return xasprintf("%s%lu 0", r->text, s->at);
	case SAY_DROP:
		return xasprintf("%s%lu", r->text,
		    b->marks[b->visit.run.drop - 1]);
	default:
		return xstrdup(r->text);
	}
}

static void
pop3_ready(struct talk *t)
{
	struct pop3_talk *s = t->state;

	pop3_reply_free(&s->reply);
	json_decref(s->caps);
	s->caps = json_array();
}

static void
content(struct pop3_talk *s, const struct conn_event *ev)
{
	const char *line = (const char *)ev->data;
	size_t n = ev->len;
	char *cap;

	if (n > 0 && line[0] == '.') {
		line++;
		n--;
	}
	if (s->verb == POP3_TOP)
		box_header_line(&s->box.header, line, n);
	if (s->verb != POP3_CAPA || n == 0)
		return;
	cap = text_escaped(line, n);
	json_array_append_new(s->caps, json_string(cap));
	free(cap);
}

static int
pop3_line(struct talk *t, const struct conn_event *ev,
    const struct conn_event *raw)
{
	struct pop3_talk *s = t->state;
	size_t before = s->reply.lines;
	int rc = pop3_reply_parse(&s->reply, ev->data, ev->len,
	    track(t)->multi);

	s->verb = track(t)->pending;
	if (rc == 0 && before > 0)
		content(s, ev);
	if (rc > 0 && s->reply.more) {
		size_t skip = raw->len > 1 ? 2 : raw->len;

		login_challenge(&s->box.visit.login, raw->data + skip,
		    raw->len - skip);
	}
	return rc;
}

static void
pop3_bad(const struct talk *t, struct visit_bad *bad)
{
	const struct pop3_reply *r = &((struct pop3_talk *)t->state)->reply;

	*bad = (struct visit_bad){ r->bad, r->limited, r->bytes, r->lines };
}

static void
count_messages(struct talk *t, struct pop3_talk *s)
{
	unsigned n = 0;

	if (s->reply.text == NULL || sscanf(s->reply.text, "%9u", &n) != 1)
		n = 0;
	box_searched(t, n);
	s->at = n;
	s->box.visit.run.look = t->params.token == NULL ? 0 :
	    n > LOOK_MAX ? LOOK_MAX : n;
}

static void
consequences(struct talk *t, struct pop3_talk *s)
{
	const struct pop3_reply *r = &s->reply;
	struct login *l = &s->box.visit.login;

	switch (s->verb) {
	case POP3_CAPA:
		if (r->ok) {
			visit_caps_fact(t, s->caps);
			s->caps = NULL;
		}
		break;
	case POP3_USER:
		if (!r->ok)
			login_fact(t, l, false, r->code, r->text);
		break;
	case POP3_PASS:
	case POP3_AUTH:
		if (!r->more)
			login_fact(t, l, r->ok, r->code, r->text);
		break;
	case POP3_STAT:
		if (r->ok)
			count_messages(t, s);
		break;
	case POP3_TOP:
		if (s->box.visit.run.look == 0)
			break;
		s->box.visit.run.look--;
		box_looked(t, s->at--);
		break;
	case POP3_DELE:
		box_dropped(t, r->ok);
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

	box_reply_fact(t, r->ok ? "OK" : r->more ? "+" : "ERR", r->code,
	    r->text, r->lines, at);
	consequences(t, s);
	if (s->verb == POP3_QUIT)
		dialog_over(t, "ok");
	else if (s->verb == POP3_BANNER && !r->ok)
		box_bye(t, r->text, r->code);
	else if (track(t)->state == POP3_TLS)
		dialog_start_tls(t);
	else
		visit_go_on(t);
}

/* Never where it would delete. */
static bool
pop3_quit(struct talk *t)
{
	const struct box *b = t->state;

	return b->nmarks == 0 && visit_quit(t);
}

static void
pop3_forget(struct talk *t)
{
	struct pop3_talk *s = t->state;

	s->at = 0;
	box_forget(&s->box);
}

static void
pop3_free(struct talk *t)
{
	struct pop3_talk *s = t->state;

	box_clear(&s->box);
	pop3_reply_free(&s->reply);
	json_decref(s->caps);
	free(s);
}

static const struct visit_ops visit_ops = {
	.script = &pop3_script,
	.pending = pop3_pending,
	.methods = pop3_methods,
	.text = pop3_text,
	.ready = pop3_ready,
	.line = pop3_line,
	.bad = pop3_bad,
	.reply = pop3_reply,
	.forget = pop3_forget,
	.mute = POP3_CONNECTED | POP3_GONE | POP3_TLS | POP3_SECRET,
};

static const struct dialog_ops pop3_ops = {
	VISIT_OPS,
	.quit = pop3_quit,
	.free = pop3_free,
	.proto = TRACK_POP3,
};

struct talk *
pop3_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct pop3_talk *s = xcalloc(1, sizeof(*s));

	s->box.visit.ops = &visit_ops;
	return dialog_new(params, hooks, &pop3_ops, s);
}
