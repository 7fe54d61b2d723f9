/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue with an IMAP server: both handshakes, capabilities before and
 * after, and by consent a login and a look for our own messages.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/box.h"
#include "talk/imap_script.h"

struct imap_talk {
	struct box		 box;
	struct imap_track	 track;
	struct imap_reply	 reply;
	struct imap_script	 script;
	unsigned		 tag;
	struct box_header	 header;
	unsigned long		 uids[BOX_MARKS];	/* found by SEARCH */
	unsigned		 nuids;
	unsigned long		 marks[BOX_MARKS];	/* ours */
	char			 tokens[BOX_MARKS][BOX_TOKEN];
	unsigned		 nmarks;
};

static void
imap_begin(struct talk *t)
{
	struct imap_talk *s = t->state;

	imap_track_init(&s->track);
	memset(&s->script, 0, sizeof(s->script));
	imap_reply_free(&s->reply);
	box_begin(t);
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
text_of(struct talk *t, struct imap_talk *s, const struct script_row *r,
    const char *tag, size_t *shown)
{
	switch (r->say) {
	case IMAP_SAY_METHOD:
		return xasprintf("%s %s%s", tag, r->text,
		    auth_word(s->box.login.method));
	case IMAP_SAY_ANSWER:
		*shown = 0;
		return login_answer(t, &s->box.login);
	case IMAP_SAY_LOGIN:
		return login_line(&t->params, tag, shown);
	case IMAP_SAY_TOKEN:
		return xasprintf("%s %s\"%s\"", tag, r->text,
		    t->params.token);
	case IMAP_SAY_FETCH:
		return xasprintf("%s %s%lu (BODY.PEEK[HEADER])", tag, r->text,
		    s->uids[s->script.look - 1]);
	case IMAP_SAY_STORE:
		return xasprintf("%s %s%lu +FLAGS.SILENT (\\Deleted)", tag,
		    r->text, s->marks[s->script.drop - 1]);
	case IMAP_SAY_EXPUNGE:
		return xasprintf("%s %s%lu", tag, r->text,
		    s->marks[s->script.purge - 1]);
	default:
		return xasprintf("%s %s", tag, r->text);
	}
}

static void
choose(struct talk *t, struct imap_talk *s)
{
	login_choose(t, &s->box.login, s->track.methods);
	s->script.method = s->box.login.method;
	s->script.stop = s->box.login.refused;
	s->script.in = s->box.login.in;
}

/* The next line, to be edited: nothing of it is a secret. */
static char *
imap_peek(struct talk *t, bool spent)
{
	struct imap_talk *s = t->state;
	struct imap_script peek;
	const struct script_row *r;
	size_t shown = SIZE_MAX;
	char tag[16];

	choose(t, s);
	peek = s->script;
	r = imap_script_next(&peek, &s->track, &t->params);
	if (r == NULL || r->again || r->say == IMAP_SAY_LOGIN)
		return NULL;
	if (spent)
		s->script = peek;
	snprintf(tag, sizeof(tag), "a%u", s->tag + 1);
	return text_of(t, s, r, tag, &shown);
}

static char *
imap_next(struct talk *t, size_t *shown)
{
	struct imap_talk *s = t->state;
	const struct script_row *r;
	char *line, tag[16];

	choose(t, s);
	r = imap_script_next(&s->script, &s->track, &t->params);
	if (r == NULL)
		return NULL;
	if (r->last)
		login_left(t, &s->box.login, s->track.methods);
	if (r->say != IMAP_SAY_ANSWER)
		s->tag++;
	snprintf(tag, sizeof(tag), "a%u", s->tag);
	line = text_of(t, s, r, tag, shown);
	s->box.leaving = r->last;
	imap_track_sent(&s->track, line, strlen(line));
	imap_reply_free(&s->reply);
	imap_reply_init(&s->reply, tag);
	return line;
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

	if (s->track.pending == IMAP_CAPABILITY &&
	    after(p, n, "* CAPABILITY ", &at)) {
		imap_track_caps(&s->track, p + at, n - at);
		box_caps_fact(t, cap_list(p + at, n - at));
	} else if (s->track.pending == IMAP_SEARCH &&
	    after(p, n, "* SEARCH", &at))
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

	rc = imap_reply_parse(&s->reply, line, ev->len, raw->full,
	    raw->bare_lf ? 1 : 2);
	if (rc == 0 && s->reply.kind == IMAP_UNTAGGED)
		untagged(t, s, line, ev->len);
	else if (rc == 0 && s->reply.kind == IMAP_LITERAL &&
	    s->track.pending == IMAP_FETCH)
		box_header_line(&s->header, line, ev->len);
	if (rc > 0 && s->reply.status == IMAP_MORE) {
		login_challenge(&s->box.login, raw->data + skip,
		    raw->len - skip);
	}
	return rc;
}

static const char *
imap_bad(struct talk *t, const char **limit, size_t *at)
{
	const struct imap_reply *r = &((struct imap_talk *)t->state)->reply;

	if (r->limited) {
		*limit = r->bytes > LIMIT_REPLY_BYTES ? "reply" : "lines";
		*at = r->bytes > LIMIT_REPLY_BYTES ? r->bytes : r->lines;
	}
	return r->bad;
}

static void
searched(struct talk *t, struct imap_talk *s)
{
	json_t *fact = json_object();

	json_put_int(fact, "messages", (int64_t)s->nuids);
	dialog_fact(t, "searched", fact);
	s->script.look = s->nuids;
}

static void
looked(struct talk *t, struct imap_talk *s)
{
	unsigned i = s->nmarks;

	s->script.look--;
	if (!box_header_end(t, &s->header, s->tokens[i]))
		return;
	s->marks[i] = s->uids[s->script.look];
	s->nmarks++;
	s->script.drop += t->params.clean;
}

static void
dropped(struct talk *t, struct imap_talk *s)
{
	json_t *fact;

	s->script.drop--;
	if (s->reply.status != IMAP_OK)
		return;
	s->script.purge = s->nmarks;
	fact = json_object();
	json_put_str(fact, "token", s->tokens[s->script.drop]);
	dialog_fact(t, "deleted", fact);
}

static void
consequences(struct talk *t, struct imap_talk *s, enum imap_verb verb)
{
	const struct imap_reply *r = &s->reply;

	switch (verb) {
	case IMAP_AUTHENTICATE:
	case IMAP_LOGIN:
		if (r->status != IMAP_MORE)
			login_fact(t, &s->box.login, r->status == IMAP_OK, r->code,
			    r->text);
		break;
	case IMAP_SEARCH:
		if (r->status == IMAP_OK)
			searched(t, s);
		break;
	case IMAP_FETCH:
		looked(t, s);
		break;
	case IMAP_STORE:
		dropped(t, s);
		break;
	case IMAP_EXPUNGE:
		s->script.purge--;
		break;
	default:
		break;
	}
}

static void
bye(struct talk *t, const char *text, const char *code)
{
	json_t *fact = json_object();

	json_put_str(fact, "text", text == NULL ? "" : text);
	json_put_str(fact, "code", code);
	dialog_fact(t, "bye", fact);
}

static void
imap_reply(struct talk *t, int64_t at)
{
	struct imap_talk *s = t->state;
	const struct imap_reply *r = &s->reply;
	enum imap_verb verb = s->track.pending;

	box_reply_fact(t, imap_status_word(r->status), r->code, r->text,
	    r->lines, at);
	imap_track_reply(&s->track, r->status, r->bye);
	if (r->caps != NULL)
		imap_track_caps(&s->track, r->caps, strlen(r->caps));
	consequences(t, s, verb);
	if (verb == IMAP_LOGOUT)
		dialog_over(t, "ok");
	else if (s->track.state == IMAP_GONE) {
		bye(t, r->bye ? r->bye_text : r->text, r->code);
		dialog_over(t, "closed");
	} else if (s->track.state == IMAP_TLS)
		dialog_start_tls(t);
	else
		box_go_on(t);
}

static const char *
imap_pending(const struct talk *t)
{
	const struct imap_talk *s = t->state;

	return imap_track_verb(s->track.pending);
}

static void
imap_tls(struct talk *t)
{
	struct imap_talk *s = t->state;

	imap_track_tls(&s->track);
	imap_reply_free(&s->reply);
}

static bool
imap_quit(struct talk *t)
{
	struct imap_talk *s = t->state;
	char line[32];

	if (s->track.state == IMAP_CONNECTED || s->track.state == IMAP_GONE ||
	    s->track.state == IMAP_TLS || s->track.state == IMAP_SECRET)
		return false;
	snprintf(line, sizeof(line), "a%u", s->tag + 1);
	imap_reply_free(&s->reply);
	imap_reply_init(&s->reply, line);
	snprintf(line, sizeof(line), "a%u LOGOUT", s->tag + 1);
	return box_quit(t, line);
}

static void
imap_free(struct talk *t)
{
	struct imap_talk *s = t->state;

	box_clear(&s->box);
	imap_reply_free(&s->reply);
	json_decref(s->header.route);
	free(s);
}

static const struct box_ops box_ops = {
	.line = imap_line,
	.bad = imap_bad,
	.reply = imap_reply,
	.next = imap_next,
	.pending = imap_pending,
	.tls = imap_tls,
};

/* A hand spoke meanwhile: take over where it left the session. */
static const char *
imap_resume(struct talk *t)
{
	struct imap_talk *s = t->state;
	struct imap_track *k = &s->track;
	const char *state = track_state(t->track), *cap;
	char tag[16];
	struct buf b;

	k->tls = track_in_tls(t->track);
	k->pending = IMAP_NOTHING;
	k->state = strcmp(state, "selected") == 0 ? IMAP_SELECTED :
	    strcmp(state, "authenticated") == 0 ? IMAP_AUTH : IMAP_NOT_AUTH;
	s->tag = (unsigned)strtoul(track_tag(t->track, tag) + 1, NULL, 10) -
	    1;
	buf_init(&b, 0);
	for (size_t i = 0; (cap = track_offered(t->track, i)) != NULL; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", cap);
	if (b.len > 0)
		imap_track_caps(k, buf_str(&b), b.len);
	buf_free(&b);
	dialog_released(t);
	box_go_on(t);
	return NULL;
}

static const struct dialog_ops imap_ops = {
	.begin = imap_begin,
	.event = box_event,
	.quit = imap_quit,
	.free = imap_free,
	.resume = imap_resume,
	.next = imap_peek,
	.last = box_last,
	.proto = TRACK_IMAP,
	.lax_gap = NSEC_PER_SEC,
};

struct talk *
imap_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct imap_talk *s = xcalloc(1, sizeof(*s));

	s->box.ops = &box_ops;
	imap_reply_init(&s->reply, NULL);
	return dialog_new(params, hooks, &imap_ops, s);
}
