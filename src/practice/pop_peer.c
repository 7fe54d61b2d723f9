/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice POP3 server (RFC 1939, RFC 2449, RFC 2595, RFC 5034).
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
		box_say_free(s, "banner", xasprintf("+OK %s ready",
		    s->site->name));
	if (s->site->banner != NULL && s->site->banner[0] == '-')
		box_close(s);
}

static void
on_capa(struct box_session *s, char *arg)
{
	struct buf	b;

	(void)arg;
	buf_init(&b, 0);
	buf_adds(&b, "+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\n");
	if (!s->tls && !s->site->no_starttls)
		buf_adds(&b, "STLS\r\n");
	if (box_may_login(s)) {
		buf_adds(&b, "USER\r\n");
		if (s->site->auth != NULL)
			buf_printf(&b, "SASL %s\r\n", s->site->auth);
	}
	if (s->site->extensions != NULL)
		buf_printf(&b, "%s\r\n", s->site->extensions);
	buf_addc(&b, '.');
	box_say(s, s->tls ? "capa-tls" : "capa", buf_str(&b));
	buf_free(&b);
}

static void
on_stls(struct box_session *s, char *arg)
{
	(void)arg;
	box_starttls(s, "stls", "+OK begin", "-ERR no TLS here");
}

static void
result(struct box_session *s, const char *verb, struct account *who,
    const char *typed)
{
	char	*echo = box_echo(s, typed);

	s->account = who;
	box_say_free(s, verb, xasprintf("%s%s", who != NULL ? "+OK welcome" :
	    "-ERR [AUTH] wrong", echo));
	free(echo);
}

static void
on_user(struct box_session *s, char *arg)
{
	if (!box_may_login(s)) {
		box_say(s, "user", "-ERR TLS first");
		return;
	}
	free(s->name);
	s->name = xstrdup(arg);
	box_say(s, "user", "+OK");
}

static void
on_pass(struct box_session *s, char *arg)
{
	if (s->name == NULL)
		box_say(s, "pass", "-ERR USER first");
	else
		result(s, "pass", mail_store_login(&s->bind->all->store,
		    s->name, arg), arg);
}

static void
on_auth(struct box_session *s, char *arg)
{
	if (!box_may_login(s) || s->site->auth == NULL ||
	    text_casefind(s->site->auth, strlen(s->site->auth), arg) == NULL ||
	    !mail_login_begin(&s->login, arg, strlen(arg)))
		box_say(s, "auth", "-ERR no such mechanism");
	else
		box_say_free(s, "auth", xasprintf("+ %s",
		    s->login.challenge));
}

static void
on_stat(struct box_session *s, char *arg)
{
	(void)arg;
	if (s->account == NULL)
		box_say(s, "stat", "-ERR log in first");
	else
		box_say_free(s, "stat", xasprintf("+OK %u 1234",
		    (unsigned)mail_store_count(s->account, box_now(s))));
}

static struct mail *
message(struct box_session *s, const char *arg)
{
	char	*number = xstrndup(arg, strcspn(arg, " "));
	long	 n;
	int	 rc = text_number(number, 1, 100000, &n);

	free(number);
	if (rc == -1 || s->account == NULL)
		return (NULL);
	return (mail_store_at(s->account, (size_t)n - 1, box_now(s)));
}

static void
on_top(struct box_session *s, char *arg)
{
	struct mail	*m = message(s, arg);

	if (m == NULL)
		box_say(s, "top", "-ERR no such message");
	else
		box_say_free(s, "top", xasprintf("+OK\r\n%s\r\n\r\n.",
		    m->header));
}

static void
on_dele(struct box_session *s, char *arg)
{
	struct mail	*m = message(s, arg);

	if (m != NULL)
		m->marked = true;
	box_say(s, "dele", m != NULL ? "+OK" : "-ERR no such message");
}

static void
on_quit(struct box_session *s, char *arg)
{
	size_t	i;

	(void)arg;
	for (i = 0; s->account != NULL && i < s->account->nmails; i++)
		if (s->account->mails[i]->marked)
			s->account->mails[i]->gone = true;
	box_say(s, "quit", "+OK bye");
	box_close(s);
}

static const struct {
	const char	*verb;
	void		(*run)(struct box_session *, char *);
} verbs[] = {
	{ "CAPA", on_capa }, { "STLS", on_stls }, { "USER", on_user },
	{ "PASS", on_pass }, { "AUTH", on_auth }, { "STAT", on_stat },
	{ "TOP", on_top }, { "DELE", on_dele }, { "QUIT", on_quit }
};

static void
line(struct box_session *s, char *text)
{
	size_t		 i, n = strcspn(text, " ");
	struct account	*who;

	if (s->login.method != 0) {
		if (mail_login_answer(&s->login, &s->bind->all->store, text,
		    &who) == 0) {
			box_say_free(s, "auth", xasprintf("+ %s",
			    s->login.challenge));
			return;
		}
		mail_login_free(&s->login);
		result(s, "auth", who, text);
		return;
	}
	for (i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (n == strlen(verbs[i].verb) &&
		    text_ncasecmp(text, verbs[i].verb, n) == 0) {
			verbs[i].run(s, text + n + (text[n] == ' '));
			return;
		}
	box_say(s, "other", "-ERR what?");
}

const struct box_server	pop_server = { greet, line };
