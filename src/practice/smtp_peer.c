/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice mail server (RFC 5321, RFC 3207): a small state machine whose
 * replies can be set for each command, with greylisting and slow greetings.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/service_peer.h"

struct smtp_session {
	struct service_bind	*bind;
	struct site		*site;
	struct buf		 in;
	bool			 greeted, mail, rcpt, data, tls_done, over;
	bool			 known;		/* logged in */
	struct mail_login	 login;
	char			*to;
	struct buf		 header;
	bool			 body;
};

static void say(struct smtp_session *, struct link *, const char *verb,
    const char *reply);

static void
greet(struct smtp_session *s, struct link *l)
{
	char	*banner;

	if (s->site->banner != NULL)
		banner = xstrdup(s->site->banner);
	else
		banner = xasprintf("220 %s ESMTP", s->site->name);
	say(s, l, "banner", banner);
	if (banner[0] == '5' || strncmp(banner, "421", 3) == 0) {
		link_close(l, s->site->delay);
		s->over = true;
	}
	free(banner);
}

static void *
on_accept(void *ctx, struct link *l)
{
	struct smtp_session	*s = xcalloc(1, sizeof *s);

	s->bind = ctx;
	s->site = s->bind->sites[0];
	s->tls_done = link_is_tls(l);
	buf_init(&s->in, 65536);
	buf_init(&s->header, 65536);
	greet(s, l);
	return (s);
}

static void
on_closed(void *session)
{
	struct smtp_session	*s = session;

	buf_free(&s->in);
	buf_free(&s->header);
	mail_login_free(&s->login);
	free(s->to);
	free(s);
}

static int64_t
delay_of(const struct smtp_session *s, const char *verb,
    const struct talk_fault *f)
{
	int64_t	delay = strcmp(verb, "banner") == 0 ? s->site->delay : 0;

	if (f != NULL && f->action == TALK_WAIT)
		delay += f->number * NSEC_PER_MSEC;
	return (delay);
}

static void
send_reply(struct link *l, const char *reply, const char *end, int64_t delay)
{
	struct buf	b;

	buf_init(&b, 0);
	buf_printf(&b, "%s%s", reply, end);
	link_send(l, b.data, b.len, delay);
	buf_free(&b);
}

/* A reply, unless a fault of this verb says otherwise. */
static void
say(struct smtp_session *s, struct link *l, const char *verb,
    const char *reply)
{
	const struct services	*all = s->bind->all;
	const struct talk_fault	*f = service_fault(all->smtp_faults,
	    all->nsmtp_faults, l, verb);
	int64_t			 delay = delay_of(s, verb, f);

	if (s->over || (f != NULL && service_misbehave(f, l)))
		return;
	if (f != NULL && f->action == TALK_REPLY) {
		send_reply(l, f->text, "\r\n", delay);
		if (strncmp(f->text, "421", 3) == 0) {
			link_close(l, delay);
			s->over = true;
		}
	} else
		send_reply(l, reply, f != NULL && f->action == TALK_BARE_LF ?
		    "\n" : "\r\n", delay);
}

static void
say_free(struct smtp_session *s, struct link *l, const char *verb,
    char *reply)
{
	say(s, l, verb, reply);
	free(reply);
}

static bool
may_login(const struct smtp_session *s)
{
	return (s->tls_done || s->site->auth_early || s->site->no_starttls);
}

static void
on_ehlo(struct smtp_session *s, struct link *l, const char *arg)
{
	bool	offer = !s->site->no_starttls && !s->tls_done;
	bool	auth = s->site->auth != NULL && may_login(s);

	(void)arg;
	s->greeted = true;
	s->mail = s->rcpt = false;
	say_free(s, l, s->tls_done ? "ehlo-tls" : "ehlo", xasprintf(
	    "250-%s\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n%s%s%s%s%s%s%s"
	    "250-ENHANCEDSTATUSCODES\r\n250 8BITMIME", s->site->name,
	    offer ? "250-STARTTLS\r\n" : "", auth ? "250-AUTH " : "",
	    auth ? s->site->auth : "", auth ? "\r\n" : "",
	    s->site->extensions != NULL ? "250-" : "",
	    s->site->extensions != NULL ? s->site->extensions : "",
	    s->site->extensions != NULL ? "\r\n" : ""));
}

static void
on_helo(struct smtp_session *s, struct link *l, const char *arg)
{
	(void)arg;
	s->greeted = true;
	say_free(s, l, "helo", xasprintf("250 %s", s->site->name));
}

static void
on_starttls(struct smtp_session *s, struct link *l, const char *arg)
{
	const struct services	*all = s->bind->all;
	const struct talk_fault	*f = service_fault(all->smtp_faults,
	    all->nsmtp_faults, l, "starttls");

	(void)arg;
	if (s->site->no_starttls || s->tls_done) {
		say(s, l, "starttls", "502 5.5.1 Not implemented");
		return;
	}
	if (f != NULL && f->action == TALK_INJECT) {
		link_puts(l, "220 2.0.0 Ready\r\n250 2.0.0 injected\r\n", 0);
	} else if (f != NULL) {
		say(s, l, "starttls", "220 2.0.0 Ready");
		if (f->action != TALK_WAIT && f->action != TALK_BARE_LF)
			return;
	} else
		say(s, l, "starttls", "220 2.0.0 Ready");
	s->tls_done = true;
	s->greeted = s->mail = s->rcpt = false;
	s->in.len = 0;
	link_starttls(l);
}

static void
on_mail(struct smtp_session *s, struct link *l, const char *arg)
{
	const char	*reply = "250 2.1.0 Ok";

	if (!s->greeted)
		reply = "503 5.5.1 EHLO first";
	else if (s->site->kind == SITE_SUBMISSION && !s->known)
		reply = "530 5.7.0 Log in first";
	else if (text_ncasecmp(arg, "from:", 5) != 0)
		reply = "501 5.5.4 Syntax: MAIL FROM:<address>";
	else if (s->site->mail != NULL)
		reply = s->site->mail;
	s->mail = reply[0] == '2';
	say(s, l, "mail", reply);
}

static bool
greylists(struct smtp_session *s, struct link *l)
{
	struct world	*w = mem_conn_world(link_conn(l));
	int64_t		 now = w->ops->now(w);

	if (s->site->greylist == 0)
		return (false);
	if (s->site->greylist_until == 0)
		s->site->greylist_until = now + s->site->greylist;
	return (now < s->site->greylist_until);
}

static void
on_rcpt(struct smtp_session *s, struct link *l, const char *arg)
{
	const char	*reply = "250 2.1.5 Ok";

	if (!s->mail)
		reply = "503 5.5.1 MAIL first";
	else if (text_ncasecmp(arg, "to:", 3) != 0)
		reply = "501 5.5.4 Syntax: RCPT TO:<address>";
	else if (greylists(s, l))
		reply = "450 4.2.0 Greylisted, please try again later";
	else if (s->site->rcpt != NULL)
		reply = s->site->rcpt;
	s->rcpt = s->rcpt || reply[0] == '2';
	if (reply[0] == '2') {
		free(s->to);
		s->to = xstrdup(arg + 3);
	}
	say(s, l, "rcpt", reply);
}

static void
on_data_verb(struct smtp_session *s, struct link *l, const char *arg)
{
	(void)arg;
	s->data = s->rcpt;
	say(s, l, "data", s->rcpt ? "354 End data with <CR><LF>.<CR><LF>" :
	    "503 5.5.1 RCPT first");
}

static void
on_rset(struct smtp_session *s, struct link *l, const char *arg)
{
	(void)arg;
	s->mail = s->rcpt = false;
	say(s, l, "rset", "250 2.0.0 Ok");
}

static void
on_noop(struct smtp_session *s, struct link *l, const char *arg)
{
	(void)arg;
	say(s, l, "noop", "250 2.0.0 Ok");
}

static void
on_quit(struct smtp_session *s, struct link *l, const char *arg)
{
	(void)arg;
	say(s, l, "quit", "221 2.0.0 Bye");
	link_close(l, 0);
	s->over = true;
}

static void
logged_in(struct smtp_session *s, struct link *l, const char *typed,
    bool good)
{
	char	*plain = NULL;
	size_t	 n = 0, i;

	s->known = good;
	if (s->site->echo)
		plain = (char *)text_unbase64(typed, &n);
	for (i = 0; i < n; i++)
		if (plain[i] == '\0')
			plain[i] = ' ';
	say_free(s, l, "auth", xasprintf("%s %s %.*s", good ?
	    "235 2.7.0 Welcome" : "535 5.7.8 Wrong", s->site->echo ? typed :
	    "", (int)n, plain == NULL ? "" : plain));
	free(plain);
}

static void
on_auth(struct smtp_session *s, struct link *l, const char *arg)
{
	size_t	n = strcspn(arg, " ");
	char	*word = xstrndup(arg, n);

	if (s->site->auth == NULL || !may_login(s))
		say(s, l, "auth", "503 5.5.1 Not offered");
	else if (text_casefind(s->site->auth, strlen(s->site->auth), word) ==
	    NULL || !mail_login_begin(&s->login, word, n))
		say(s, l, "auth", "504 5.5.4 No such mechanism");
	else
		say_free(s, l, "auth", xasprintf("334 %s",
		    s->login.challenge));
	free(word);
}

/* The answer to a challenge: true if one was awaited. */
static bool
answered(struct smtp_session *s, struct link *l, const char *text)
{
	struct account	*who;

	if (s->login.method == 0)
		return (false);
	if (mail_login_answer(&s->login, &s->bind->all->store, text, &who) ==
	    0) {
		say_free(s, l, "auth", xasprintf("334 %s",
		    s->login.challenge));
		return (true);
	}
	mail_login_free(&s->login);
	logged_in(s, l, text, who != NULL);
	return (true);
}

/* The header is kept; the body is not needed. */
static void
content(struct smtp_session *s, const char *text)
{
	s->body = s->body || *text == '\0';
	if (s->body)
		return;
	if (s->header.len > 0)
		buf_adds(&s->header, "\r\n");
	buf_adds(&s->header, text);
}

static void
deliver(struct smtp_session *s, struct link *l)
{
	struct world	*w = mem_conn_world(link_conn(l));
	const char	*from = s->to == NULL ? NULL : strchr(s->to, '<');
	char		*to, *all;

	if (from != NULL && !s->site->lost) {
		to = xstrndup(from + 1, strcspn(from + 1, ">"));
		all = xasprintf("Received: from client by %s with "
		    "ESMTP%s;\r\n\tby practice\r\n%s", s->site->name,
		    s->tls_done ? "S" : "", buf_str(&s->header));
		mail_store_deliver(&s->bind->all->store, to, all,
		    w->ops->now(w) + s->site->deliver);
		free(all);
		free(to);
	}
	s->header.len = 0;
	s->body = false;
}

static const struct {
	const char	*verb;
	void		(*run)(struct smtp_session *, struct link *,
			    const char *);
} verbs[] = {
	{ "EHLO", on_ehlo }, { "HELO", on_helo }, { "STARTTLS", on_starttls },
	{ "AUTH", on_auth }, { "MAIL", on_mail }, { "RCPT", on_rcpt }, { "DATA", on_data_verb },
	{ "RSET", on_rset }, { "NOOP", on_noop }, { "QUIT", on_quit }
};

static void
line(struct smtp_session *s, struct link *l, const char *text)
{
	size_t	i, n;

	if (s->data) {
		if (strcmp(text, ".") != 0) {
			content(s, text);
			return;
		}
		deliver(s, l);
		s->data = s->mail = s->rcpt = false;
		say(s, l, "message", "250 2.0.0 Ok: queued as PRACTICE1");
		return;
	}
	if (answered(s, l, text))
		return;
	n = strcspn(text, " ");
	for (i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (n == strlen(verbs[i].verb) &&
		    text_ncasecmp(text, verbs[i].verb, n) == 0) {
			verbs[i].run(s, l, text + n + (text[n] == ' '));
			return;
		}
	say(s, l, "other", "502 5.5.2 Command not recognized");
}

static void
on_data(void *session, struct link *l, const void *data, size_t len)
{
	struct smtp_session	*s = session;
	char			*end, *text;
	size_t			 n;

	buf_add(&s->in, data, len);
	while (!s->over && s->in.len > 0 &&
	    (end = memchr(s->in.data, '\n', s->in.len)) != NULL) {
		n = (size_t)(end - (char *)s->in.data);
		text = xstrndup((char *)s->in.data, n > 0 &&
		    end[-1] == '\r' ? n - 1 : n);
		buf_drop(&s->in, n + 1);
		line(s, l, text);
		free(text);
	}
}

static void
serve(struct services *all, struct site *s, const struct addr *a)
{
	struct service_bind	*b = service_bind(all, a,
	    s->port != 0 ? s->port : 25, s);

	b->link.ctx = b;
	b->link.accept = on_accept;
	b->link.data = on_data;
	b->link.closed = on_closed;
	b->link.context = service_context;
	b->link.tls = s->implicit;
}

void
smtp_peer_listen(struct services *all, struct world *w)
{
	size_t	i, k, first = all->nbinds;

	for (i = 0; i < all->nmails; i++)
		for (k = 0; k < all->mails[i].naddrs; k++)
			serve(all, &all->mails[i], &all->mails[i].addrs[k]);
	for (i = first; i < all->nbinds; i++)
		link_peer_listen(w, &all->binds[i]->at, &all->binds[i]->link);
}
