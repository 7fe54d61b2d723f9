/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue with an IMAP server: both handshakes, capabilities before and
 * after, and by consent a login and a look for our own messages.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/box.h"
#include "talk/imap_track.h"

struct imap_talk {
	struct box		 box;
	struct imap_reply	 reply;
	enum imap_verb		 verb;		/* it is the reply to */
	unsigned long		 uids[BOX_MARKS];	/* found by SEARCH */
	unsigned		 nuids;
};

static const struct imap_track *
track(const struct talk *t)
{
	return imap_track_of(t->track);
}

static const char *
imap_pending(const struct talk *t)
{
	return imap_track_verb(track(t)->pending);
}

static unsigned
imap_methods(const struct talk *t)
{
	return track(t)->methods;
}

static char *
login_line(const struct talk_params *p, const char *tag, size_t *shown)
{
	char *login = auth_quoted(p->login);
	char *password = auth_quoted(p->password);
	char *line = xasprintf("%s LOGIN %s %s", tag, login, password);

	*shown = strlen(line) - strlen(password);
	free(login);
	auth_free(password);
	return line;
}

static char *
imap_text(struct talk *t, const struct script_row *r, size_t *shown)
{
	struct imap_talk *s = t->state;
	struct box *b = &s->box;
	char room[16];
	const char *tag = track_tag(t->track, room);

	switch (r->say) {
	case SAY_METHOD:
		return xasprintf("%s %s%s", tag, r->text,
		    auth_word(b->visit.login.method));
	case SAY_ANSWER:
		*shown = 0;
		return login_answer(t, &b->visit.login);
	case SAY_LOGIN:
		return login_line(&t->params, tag, shown);
	case SAY_TOKEN:
		return xasprintf("%s %s\"%s\"", tag, r->text,
		    t->params.token);
	case SAY_LOOK:
		return xasprintf("%s %s%lu (BODY.PEEK[HEADER])", tag, r->text,
		    s->uids[b->visit.run.look - 1]);
	case SAY_DROP:
		return xasprintf("%s %s%lu +FLAGS.SILENT (\\Deleted)", tag,
		    r->text, b->marks[b->visit.run.drop - 1]);
	case SAY_PURGE:
		return xasprintf("%s %s%lu", tag, r->text,
		    b->marks[b->visit.run.purge - 1]);
	default:
		return xasprintf("%s %s", tag, r->text);
	}
}

/* The tag is that of the command just said, also behind an answer. */
static void
imap_ready(struct talk *t)
{
	struct imap_talk *s = t->state;

	imap_reply_free(&s->reply);
	imap_reply_init(&s->reply, track(t)->tag);
}

static json_t *
cap_list(const char *s, size_t n)
{
	json_t *list = json_array();

	for (size_t at = 0; at < n;) {
		size_t len = 0;
		char *cap;

		while (at + len < n && s[at + len] != ' ')
			len++;
		cap = text_escaped(s + at, len);
		if (len > 0 && json_array_size(list) < LIMIT_REPLY_LINES)
			json_array_append_new(list, json_string(cap));
		free(cap);
		at += len + 1;
	}
	return list;
}

static bool
after(const char *s, size_t n, const char *word, size_t *at)
{
	*at = strlen(word);
	return n >= *at && text_ncasecmp(s, word, *at) == 0;
}

static void
take_uids(struct imap_talk *s, const char *p, size_t n)
{
	char *copy = xstrndup(p, n), *at = copy, *end;

	for (;;) {
		unsigned long uid = strtoul(at, &end, 10);

		if (end == at)
			break;
		if (s->nuids == BOX_MARKS)	/* the newest ones */
			memmove(s->uids, s->uids + 1, sizeof(s->uids) -
			    sizeof(s->uids[0]));
		else
			s->nuids++;
		s->uids[s->nuids - 1] = uid;
		at = end;
	}
	free(copy);
}

static void
untagged(struct talk *t, struct imap_talk *s, const char *p, size_t n)
{
	size_t at;

	if (s->verb == IMAP_CAPABILITY && after(p, n, "* CAPABILITY ", &at))
		visit_caps_fact(t, cap_list(p + at, n - at));
	else if (s->verb == IMAP_SEARCH && after(p, n, "* SEARCH", &at))
		take_uids(s, p + at, n - at);
}

static int
imap_line(struct talk *t, const struct conn_event *ev,
    const struct conn_event *raw)
{
	struct imap_talk *s = t->state;
	const char *line = (const char *)ev->data;
	size_t skip = raw->len > 1 ? 2 : raw->len;
	int rc;

	s->verb = track(t)->pending;
	rc = imap_reply_parse(&s->reply, line, ev->len, raw->full,
	    raw->bare_lf ? 1 : 2);
	if (rc == 0 && s->reply.kind == IMAP_UNTAGGED)
		untagged(t, s, line, ev->len);
	else if (rc == 0 && s->reply.kind == IMAP_LITERAL &&
	    s->verb == IMAP_FETCH)
		box_header_line(&s->box.header, line, ev->len);
	if (rc > 0 && s->reply.status == IMAP_MORE)
		login_challenge(&s->box.visit.login, raw->data + skip,
		    raw->len - skip);
	return rc;
}

static void
imap_bad(const struct talk *t, struct visit_bad *bad)
{
	const struct imap_reply *r = &((struct imap_talk *)t->state)->reply;

	*bad = (struct visit_bad){ r->bad, r->limited, r->bytes, r->lines };
}

static void
consequences(struct talk *t, struct imap_talk *s)
{
	const struct imap_reply *r = &s->reply;
	struct box *b = &s->box;
	bool ok = r->status == IMAP_OK;

	switch (s->verb) {
	case IMAP_AUTHENTICATE:
	case IMAP_LOGIN:
		if (r->status != IMAP_MORE)
			login_fact(t, &b->visit.login, ok, r->code, r->text);
		break;
	case IMAP_SEARCH:
		if (ok) {
			box_searched(t, s->nuids);
			b->visit.run.look = s->nuids;
		}
		break;
	case IMAP_FETCH:
		if (b->visit.run.look > 0)
			box_looked(t, s->uids[--b->visit.run.look]);
		break;
	case IMAP_STORE:
		box_dropped(t, ok);
		if (ok)
			b->visit.run.purge = b->nmarks;
		break;
	case IMAP_EXPUNGE:
		b->visit.run.purge -= b->visit.run.purge > 0;
		break;
	default:
		break;
	}
}

static void
imap_reply(struct talk *t, int64_t at)
{
	struct imap_talk *s = t->state;
	const struct imap_reply *r = &s->reply;

	box_reply_fact(t, imap_status_word(r->status), r->code, r->text,
	    r->lines, at);
	consequences(t, s);
	if (s->verb == IMAP_LOGOUT)
		dialog_over(t, "ok");
	else if (track(t)->state == IMAP_GONE)
		box_bye(t, r->bye ? r->bye_text : r->text, r->code);
	else if (track(t)->state == IMAP_TLS)
		dialog_start_tls(t);
	else
		visit_go_on(t);
}

/* A server may tell what changed at any time (RFC 9051 7), but not between
   the OK to STARTTLS and the handshake; a goodbye is more than news. */
static bool
imap_news(const struct talk *t, const struct conn_event *ev)
{
	const char *line = (const char *)ev->data;
	size_t at;

	return after(line, ev->len, "* ", &at) &&
	    !after(line, ev->len, "* BYE", &at) &&
	    track(t)->state != IMAP_TLS;
}

/* BYE may come at any time (RFC 9051 7.1.5). */
static bool
imap_bye(struct talk *t, const struct conn_event *ev)
{
	struct imap_reply *r = &((struct imap_talk *)t->state)->reply;

	if (!track_gone(t->track))
		return false;
	imap_reply_free(r);
	imap_reply_init(r, NULL);
	imap_reply_parse(r, ev->data, ev->len, ev->full, 2);
	box_bye(t, r->text, r->code);
	return true;
}

static void
imap_forget(struct talk *t)
{
	struct imap_talk *s = t->state;

	s->nuids = 0;
	box_forget(&s->box);
}

static void
imap_free(struct talk *t)
{
	struct imap_talk *s = t->state;

	box_clear(&s->box);
	imap_reply_free(&s->reply);
	free(s);
}

static const struct visit_ops visit_ops = {
	.script = &imap_script,
	.pending = imap_pending,
	.methods = imap_methods,
	.text = imap_text,
	.ready = imap_ready,
	.line = imap_line,
	.bad = imap_bad,
	.reply = imap_reply,
	.news = imap_news,
	.bye = imap_bye,
	.forget = imap_forget,
	.mute = IMAP_CONNECTED | IMAP_GONE | IMAP_TLS | IMAP_SECRET,
};

static const struct dialog_ops imap_ops = {
	VISIT_OPS,
	.quit = visit_quit,
	.free = imap_free,
	.proto = TRACK_IMAP,
};

struct talk *
imap_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct imap_talk *s = xcalloc(1, sizeof(*s));

	s->box.visit.ops = &visit_ops;
	return dialog_new(params, hooks, &imap_ops, s);
}
