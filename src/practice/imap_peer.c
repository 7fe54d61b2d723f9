/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice IMAP server (RFC 9051, RFC 4315): one mailbox, INBOX.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/box_peer.h"

static void
greet(struct box_session *s)
{
	if (s->site->banner != NULL)
		box_say(s, "banner", s->site->banner);
	else
		box_say_free(s, "banner", xasprintf("* OK %s ready",
		    s->site->name));
}

/* What the command under way is answered with. */
static void
tagged(struct box_session *s, const char *verb, const char *untagged,
    const char *result)
{
	box_say_free(s, verb, xasprintf("%s%s %s", untagged, s->tag, result));
}

static void
on_capability(struct box_session *s, char *arg)
{
	const char	*m;
	struct buf	 b;
	size_t		 n;

	(void)arg;
	buf_init(&b, 0);
	buf_adds(&b, "* CAPABILITY IMAP4rev1");
	if (!s->tls && !s->site->no_starttls)
		buf_adds(&b, " STARTTLS");
	if (!box_may_login(s))
		buf_adds(&b, " LOGINDISABLED");
	m = s->site->auth != NULL && box_may_login(s) ? s->site->auth : "";
	for (; *m != '\0'; m += n + (m[n] == ' ')) {
		n = strcspn(m, " ");
		buf_printf(&b, " AUTH=%.*s", (int)n, m);
	}
	if (s->account != NULL && !s->site->no_uidplus)
		buf_adds(&b, " UIDPLUS");
	if (s->site->extensions != NULL)
		buf_printf(&b, " %s", s->site->extensions);
	buf_adds(&b, "\r\n");
	tagged(s, s->tls ? "capability-tls" : "capability", buf_str(&b),
	    "OK done");
	buf_free(&b);
}

static void
on_starttls(struct box_session *s, char *arg)
{
	char	*ready = xasprintf("%s OK begin", s->tag);
	char	*refused = xasprintf("%s BAD no TLS here", s->tag);

	(void)arg;
	box_starttls(s, "starttls", ready, refused);
	free(ready);
	free(refused);
}

static void
result(struct box_session *s, const char *verb, struct account *who,
    const char *typed)
{
	char	*echo = box_echo(s, typed), *text;

	s->account = who;
	text = xasprintf("%s%s", who != NULL ? "OK logged in" :
	    "NO [AUTHENTICATIONFAILED] wrong", echo);
	tagged(s, verb, "", text);
	free(text);
	free(echo);
}

/* The next word, or quoted string without its quotes; NULL: none. */
static char *
next_word(char **p)
{
	char	*from = *p + strspn(*p, " "), *to, *out;

	if (*from == '\0')
		return (NULL);
	if (*from != '"') {
		to = from + strcspn(from, " ");
		*p = to;
		return (xstrndup(from, (size_t)(to - from)));
	}
	out = to = xstrdup(from);
	for (from++; *from != '\0' && *from != '"'; from++) {
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*to = '\0';
	*p = from + (*from == '"');
	return (out);
}

static void
on_login(struct box_session *s, char *arg)
{
	char	*name, *password;

	if (!box_may_login(s)) {
		tagged(s, "login", "", "NO [PRIVACYREQUIRED] TLS first");
		return;
	}
	name = next_word(&arg);
	password = next_word(&arg);
	result(s, "login", mail_store_login(&s->bind->all->store,
	    name == NULL ? "" : name, password == NULL ? "" : password),
	    password == NULL ? "" : password);
	free(name);
	free(password);
}

static void
on_authenticate(struct box_session *s, char *arg)
{
	if (!box_may_login(s) || s->site->auth == NULL ||
	    text_casefind(s->site->auth, strlen(s->site->auth), arg) == NULL ||
	    !mail_login_begin(&s->login, arg, strlen(arg)))
		tagged(s, "authenticate", "", "NO no such mechanism");
	else
		box_say_free(s, "authenticate", xasprintf("+ %s",
		    s->login.challenge));
}

static void
open_box(struct box_session *s, bool writable)
{
	char	*text;

	if (s->account == NULL) {
		tagged(s, "select", "", "BAD log in first");
		return;
	}
	s->selected = true;
	s->writable = writable;
	text = xasprintf("* %u EXISTS\r\n* FLAGS (\\Deleted \\Seen)\r\n",
	    (unsigned)mail_store_count(s->account, box_now(s)));
	tagged(s, "select", text, writable ? "OK [READ-WRITE] done" :
	    "OK [READ-ONLY] done");
	free(text);
}

static void
on_select(struct box_session *s, char *arg)
{
	(void)arg;
	open_box(s, true);
}

static void
on_examine(struct box_session *s, char *arg)
{
	(void)arg;
	open_box(s, false);
}

static void
on_search(struct box_session *s, char *arg)
{
	char		*name, *field, *value;
	struct mail	*m;
	struct buf	 b;
	size_t		 i;

	name = next_word(&arg);		/* HEADER */
	field = next_word(&arg);
	value = next_word(&arg);
	buf_init(&b, 0);
	buf_adds(&b, "* SEARCH");
	for (i = 0; value != NULL && (m = mail_store_at(s->account, i,
	    box_now(s))) != NULL; i++)
		if (strstr(m->header, field) != NULL &&
		    strstr(m->header, value) != NULL)
			buf_printf(&b, " %u", m->uid);
	buf_adds(&b, "\r\n");
	tagged(s, "search", buf_str(&b), "OK done");
	buf_free(&b);
	free(name);
	free(field);
	free(value);
}

static struct mail *
by_uid(struct box_session *s, const char *arg)
{
	char		*number = xstrndup(arg, strcspn(arg, " "));
	struct mail	*m = NULL;
	long		 n;
	size_t		 i;

	if (text_number(number, 1, 100000, &n) == 0)
		for (i = 0; (m = mail_store_at(s->account, i, box_now(s))) !=
		    NULL && m->uid != (unsigned)n; i++)
			continue;
	free(number);
	return (m);
}

static void
on_fetch(struct box_session *s, char *arg)
{
	struct mail	*m = by_uid(s, arg);
	char		*text;

	if (m == NULL) {
		tagged(s, "fetch", "", "OK done");
		return;
	}
	text = xasprintf("* 1 FETCH (UID %u BODY[HEADER] {%u}\r\n"
	    "%s\r\n\r\n)\r\n", m->uid, (unsigned)strlen(m->header) + 4,
	    m->header);
	tagged(s, "fetch", text, "OK done");
	free(text);
}

static void
on_store(struct box_session *s, char *arg)
{
	struct mail	*m = by_uid(s, arg);

	if (m != NULL && s->writable)
		m->marked = true;
	tagged(s, "store", "", s->writable ? "OK done" : "NO read-only");
}

static void
on_expunge(struct box_session *s, char *arg)
{
	struct mail	*m = by_uid(s, arg);

	if (m != NULL && m->marked && s->writable)
		m->gone = true;
	tagged(s, "expunge", "", "OK done");
}

static void
on_logout(struct box_session *s, char *arg)
{
	(void)arg;
	tagged(s, "logout", "* BYE see you\r\n", "OK done");
	box_close(s);
}

static const struct {
	const char	*verb;
	void		(*run)(struct box_session *, char *);
	bool		 selected;
} verbs[] = {
	{ "CAPABILITY", on_capability, false },
	{ "STARTTLS", on_starttls, false }, { "LOGIN", on_login, false },
	{ "AUTHENTICATE", on_authenticate, false },
	{ "SELECT", on_select, false }, { "EXAMINE", on_examine, false },
	{ "SEARCH", on_search, true }, { "FETCH", on_fetch, true },
	{ "STORE", on_store, true }, { "EXPUNGE", on_expunge, true },
	{ "LOGOUT", on_logout, false }
};

static bool
answered(struct box_session *s, const char *text)
{
	struct account	*who;

	if (s->login.method == 0)
		return (false);
	if (mail_login_answer(&s->login, &s->bind->all->store, text, &who) ==
	    0) {
		box_say_free(s, "authenticate", xasprintf("+ %s",
		    s->login.challenge));
		return (true);
	}
	mail_login_free(&s->login);
	result(s, "authenticate", who, text);
	return (true);
}

static void
line(struct box_session *s, char *text)
{
	size_t	i, n = strcspn(text, " ");

	if (answered(s, text))
		return;
	if (n == 0 || n >= sizeof s->tag || text[n] == '\0') {
		box_say(s, "other", "* BAD what?");
		return;
	}
	memcpy(s->tag, text, n);
	s->tag[n] = '\0';
	text += n + 1;
	if (text_ncasecmp(text, "UID ", 4) == 0)
		text += 4;
	n = strcspn(text, " ");
	for (i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (n == strlen(verbs[i].verb) && text_ncasecmp(text,
		    verbs[i].verb, n) == 0 && (!verbs[i].selected ||
		    s->selected)) {
			verbs[i].run(s, text + n + (text[n] == ' '));
			return;
		}
	tagged(s, "other", "", "BAD what?");
}

const struct box_server	imap_server = { greet, line };
