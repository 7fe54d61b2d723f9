/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail servers of a few lines. Letter 1 of INBOX bears our token; all others
 * are of people who would miss them.
 */
#include "harm_kit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static const struct letter letters[] = {
	{ "INBOX", "X-Tadoru-Token: " HARM_TOKEN "-1", 1, false, false, false },
	{ "Archive", "Subject: a letter of the customer", 1, false, false,
	    false },
	{ "Archive", "Subject: another one", 2, false, false, false },
	{ "INBOX", "Subject: not ours", 2, false, false, false },
};

static struct letter *
letter(struct server *s, int number)
{
	for (int i = 0; i < NLETTERS; i++) {
		struct letter *l = &s->letters[i];

		if (s->box != NULL && strcmp(l->box, s->box) == 0 &&
		    l->number == number && !l->gone)
			return l;
	}
	return NULL;
}

static void
sayf(struct link *l, char *text)
{
	link_puts(l, text, 0);
	free(text);
}

static bool
starts(const char *line, const char *with)
{
	return text_ncasecmp(line, with, strlen(with)) == 0;
}

static void
search(struct server *s, struct link *l)
{
	struct letter *at = letter(s, 1);

	link_puts(l, at != NULL && strstr(at->header, HARM_TOKEN) != NULL ?
	    "* SEARCH 1\r\n" : "* SEARCH\r\n", 0);
}

static void
imap_line(struct server *s, struct link *l, char *line)
{
	char *verb = strchr(line, ' ');
	struct letter *at;

	if (verb == NULL)
		return;
	*verb++ = '\0';
	at = letter(s, 1);
	s->in = s->in || starts(verb, "LOGIN ");
	if (starts(verb, "CAPABILITY"))
		link_puts(l, "* CAPABILITY IMAP4rev1 UIDPLUS\r\n", 0);
	else if (!s->in) {
		sayf(l, xasprintf("%s BAD log in first\r\n", line));
		return;
	} else if (starts(verb, "CLOSE"))
		s->box = NULL;
	else if (starts(verb, "SELECT ") || starts(verb, "EXAMINE "))
		s->box = strstr(verb, "Archive") != NULL ? "Archive" :
		    "INBOX";
	else if (starts(verb, "UID SEARCH"))
		search(s, l);
	else if (starts(verb, "UID FETCH") && at != NULL) {
		at->read = true;
		sayf(l, xasprintf("* 1 FETCH (UID 1 BODY[HEADER] {%zu}\r\n"
		    "%s\r\n\r\n)\r\n", strlen(at->header) + 4, at->header));
	} else if (starts(verb, "UID STORE") && at != NULL)
		at->marked = true;
	else if (starts(verb, "UID EXPUNGE") && at != NULL)
		at->gone = at->marked;
	sayf(l, xasprintf("%s OK done\r\n", line));
	if (starts(verb, "LOGOUT"))
		link_close(l, 0);
}

static int
count(struct server *s)
{
	int n = 0;

	for (int i = 1; i < 3; i++)
		n += letter(s, i) != NULL && !letter(s, i)->marked;
	return n;
}

static void
pop_top(struct link *l, struct letter *at)
{
	if (at == NULL) {
		link_puts(l, "-ERR none\r\n", 0);
		return;
	}
	at->read = true;
	sayf(l, xasprintf("+OK\r\n%s\r\n\r\n.\r\n", at->header));
}

static void
pop_quit(struct server *s, struct link *l)
{
	for (int i = 0; i < NLETTERS; i++)
		s->letters[i].gone |= s->letters[i].marked;
	link_puts(l, "+OK\r\n", 0);
	link_close(l, 0);
}

/* Whose PASS it is: taro has INBOX, all others Archive. */
static void
pop_line(struct server *s, struct link *l, char *line)
{
	struct letter *at = strchr(line, ' ') == NULL ? NULL :
	    letter(s, atoi(strchr(line, ' ')));

	if (starts(line, "STAT"))
		sayf(l, xasprintf("+OK %d 99\r\n", count(s)));
	else if (starts(line, "TOP"))
		pop_top(l, at);
	else if (starts(line, "QUIT"))
		pop_quit(s, l);
	else if (starts(line, "CAPA"))
		link_puts(l, "+OK\r\nUSER\r\n.\r\n", 0);
	else if (starts(line, "PASS") && s->box != NULL)
		link_puts(l, "-ERR you are in\r\n", 0);
	else if (starts(line, "RSET") && s->no_reset)
		link_puts(l, "-ERR no\r\n", 0);
	else {
		if (starts(line, "USER"))
			strncpy(s->name, line + 5, sizeof(s->name) - 1);
		else if (starts(line, "PASS"))
			s->box = strcmp(s->name, "taro") == 0 ? "INBOX" :
			    "Archive";
		else if (starts(line, "DELE") && at != NULL)
			at->marked = true;
		for (int i = 0; i < NLETTERS && starts(line, "RSET"); i++)
			s->letters[i].marked = false;
		link_puts(l, "+OK\r\n", 0);
	}
}

/* As lenient as some are: blanks and tabs wherever. */
static void
smtp_line(struct server *s, struct link *l, char *line)
{
	line += strspn(line, " \t");
	if (s->data && strcmp(line, ".") != 0)
		return;
	if (starts(line, "DATA")) {
		s->data = true;
		link_puts(l, "354 go on\r\n", 0);
		return;
	}
	s->data = false;
	link_puts(l, starts(line, "QUIT") ? "221 bye\r\n" : "250 ok\r\n", 0);
	if (starts(line, "QUIT"))
		link_close(l, 0);
}

static void *
on_accept(void *ctx, struct link *l)
{
	struct server *s = ctx;

	link_puts(l, s->greeting, 0);
	return s;
}

static void
on_data(void *session, struct link *l, const void *data, size_t n)
{
	struct server *s = session;
	char *lf;

	buf_add(&s->got, data, n);
	while (s->got.len > 0 &&
	    (lf = memchr(s->got.data, '\n', s->got.len)) != NULL) {
		*lf = '\0';
		if (lf > (char *)s->got.data && lf[-1] == '\r')
			lf[-1] = '\0';
		buf_printf(&s->seen, "%s\n", (char *)s->got.data);
		s->line(s, l, (char *)s->got.data);
		buf_drop(&s->got, (size_t)(lf + 1 - (char *)s->got.data));
	}
}

static void
on_closed(void *session)
{
	(void)session;
}

static SSL_CTX *
context(void *ctx, struct link *l, const char *sni)
{
	struct cert_want want = { .kind = CERT_OK, .clock = HARM_CLOCK,
		.name = "mail.example.jp" };

	(void)ctx;
	(void)l;
	(void)sni;
	return cert_peer_context(&want);
}

void
harm_serve(struct server *s, struct world *w, enum track_proto proto,
    const struct sockname *to)
{
	memcpy(s->letters, letters, sizeof(letters));
	s->greeting = proto == TRACK_IMAP ? "* OK hi\r\n" : proto ==
	    TRACK_POP3 ? "+OK hi\r\n" : "220 mx\r\n";
	s->line = proto == TRACK_IMAP ? imap_line : proto == TRACK_POP3 ?
	    pop_line : smtp_line;
	s->link = (struct link_service){ s, on_accept, on_data, on_closed,
		context, proto != TRACK_SMTP };
	buf_init(&s->got, 0);
	buf_init(&s->seen, 0);
	link_peer_listen(w, to, &s->link);
}

void
harm_free(struct server *s)
{
	buf_free(&s->got);
	buf_free(&s->seen);
}
