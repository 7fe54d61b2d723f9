/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pasted command lines: put right, taken apart as a shell would, and the
 * programs' own rules about what each word means. dig has its own file.
 */
#include "ui/paste.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/talk.h"
#include "ui/paste_words.h"

static unsigned
decode(const unsigned char *s, size_t *len)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	unsigned c = s[0];

	if (n > 1)
		c &= 0xffu >> (n + 1);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3fu);
	*len = n;
	return c;
}

/* One character as ASCII: 0 to keep it, -1 to drop it. */
static int
plain_char(unsigned c, unsigned *bits)
{
	if (c >= 0xff01 && c <= 0xff5e) {
		*bits |= PASTE_WIDE;
		return (int)(c - 0xfee0);
	}
	if (c == 0x3002 || c == 0xff61) {
		*bits |= PASTE_WIDE;
		return '.';
	}
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc) {
		*bits |= PASTE_DASH;
		return '-';
	}
	if ((c >= 0x201c && c <= 0x201f) || c == 0xab || c == 0xbb ||
	    c == 0x300c || c == 0x300d) {
		*bits |= PASTE_QUOTES;
		return '"';
	}
	if (c >= 0x2018 && c <= 0x201b) {
		*bits |= PASTE_QUOTES;
		return '\'';
	}
	if (c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) ||
	    c == 0x202f) {
		*bits |= PASTE_SPACE;
		return ' ';
	}
	if (c == 0x200b || c == 0xfeff || c == 0xad || c == 0x2060 ||
	    (c >= 0x200c && c <= 0x200f)) {
		*bits |= PASTE_SPACE;
		return -1;
	}
	return 0;
}

/* A long vowel mark inside Japanese text is no dash. */
static bool
vowel_mark(const char *from, const char *at, unsigned c)
{
	return c == 0x30fc && at > from && (unsigned char)at[-1] >= 0x80;
}

char *
paste_repair(const char *s, unsigned *repairs)
{
	const char *from = s;
	struct buf b;

	buf_init(&b, 0);
	if (!text_utf8_valid(s, strlen(s)))
		return xstrdup(s);
	while (*s != '\0') {
		size_t n;
		unsigned bits = 0, c = decode((const unsigned char *)s, &n);
		int plain = vowel_mark(from, s, c) ? 0 : plain_char(c, &bits);

		*repairs |= bits;
		if (plain == 0)
			buf_add(&b, s, n);
		else if (plain > 0)
			buf_addc(&b, (char)plain);
		s += n;
	}
	return b.data == NULL ? xstrdup("") : buf_steal(&b);
}

int
paste_bad(struct paste *p, const char *why, const char *part)
{
	p->kind = PASTE_BAD;
	p->why = why;
	free(p->part);
	p->part = xstrdup(part == NULL ? "" : part);
	return -1;
}

/* One word as a shell reads it, from *at on; NULL: no more. */
static char *
shell_word(const char **at)
{
	const char *s = *at;
	char quote = '\0';
	struct buf b;

	s += strspn(s, " \t");
	if (*s == '\0' || *s == '#')
		return NULL;
	buf_init(&b, 0);
	for (; *s != '\0' && (quote != '\0' || strchr(" \t", *s) == NULL);
	    s++) {
		if (quote != '\0' && *s == quote)
			quote = '\0';
		else if (quote == '\0' && (*s == '"' || *s == '\''))
			quote = *s;
		else if (*s == '\\' && quote != '\'' && s[1] != '\0')
			buf_addc(&b, *++s);
		else
			buf_addc(&b, *s);
	}
	*at = s;
	return b.data == NULL ? xstrdup("") : buf_steal(&b);
}

static void
split(struct paste_words *w, const char *line)
{
	char *word;

	memset(w, 0, sizeof(*w));
	while (w->n < PASTE_WORDS && (word = shell_word(&line)) != NULL)
		w->list[w->n++] = word;
}

static void
words_free(struct paste_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->list[i]);
}

const char *
paste_value(struct paste *p, struct paste_words *w, size_t *i)
{
	if (*i + 1 >= w->n) {
		paste_bad(p, "value", w->list[*i]);
		return NULL;
	}
	return w->list[++*i];
}

/* host, port: telnet, nc, and what openssl connects to. */
static int
open_at(struct paste *p, const char *host, const char *port, bool implicit)
{
	uint16_t n = hand_port(port);
	const char *why;
	char *bare = xstrdup(host);
	size_t len = strlen(bare);
	int rc;

	if (len > 2 && bare[0] == '[' && bare[len - 1] == ']') {
		bare[len - 1] = '\0';
		memmove(bare, bare + 1, len - 1);
	}
	if (n == 0)
		rc = paste_bad(p, "port", port);
	else if ((rc = hand_url_make(&p->url, bare, n, implicit, &why)) != 0)
		rc = paste_bad(p, "host", host);
	else
		p->kind = PASTE_OPEN;
	free(bare);
	return rc;
}

/* telnet [-4|-6] HOST [PORT], nc [-options] HOST PORT */
static void
telnet(struct paste *p, struct paste_words *w)
{
	const char *host = NULL, *port = NULL;
	bool nc = strcmp(w->list[0], "telnet") != 0;

	for (size_t i = 1; i < w->n; i++) {
		const char *s = w->list[i];

		if (*s == '-' && s[1] != '\0') {
			if ((nc && strpbrk(s, "wpqsiX") != NULL) ||
			    (!nc && strpbrk(s, "leSbn") != NULL))
				i++;	/* takes a value */
		} else if (host == NULL)
			host = s;
		else if (port == NULL)
			port = s;
	}
	if (host == NULL)
		paste_bad(p, "no-host", w->list[0]);
	else if (port == NULL && nc)
		paste_bad(p, "no-port", w->list[0]);
	else
		open_at(p, host, port == NULL ? "23" : port, false);
}

/* "host:port", "[addr]:port", "addr:port": the last colon parts them. */
static void
connect_to(struct paste *p, const char *at, bool implicit)
{
	const char *colon = strrchr(at, ':');
	char *host;

	if (*at == '[' && (colon == NULL || colon < strchr(at, ']')))
		colon = NULL;
	if (colon == NULL) {
		open_at(p, at, "443", implicit);
		return;
	}
	host = xstrndup(at, (size_t)(colon - at));
	open_at(p, host, colon + 1, implicit);
	free(host);
}

static bool
takes_value(const char *s)
{
	static const char *const words[] = { "CAfile", "CApath", "CAstore",
		"cert", "key", "verify", "cipher", "ciphersuites", "alpn",
		"name", "sigalgs", "groups", "curves", "verify_hostname",
		"verify_ip", "purpose", "timeout", "bind", "proxy",
		"nextprotoneg", "keylogfile", "msgfile", "sess_out",
		"sess_in", "verify_return_error", "min_protocol",
		"max_protocol", "xmpphost", "verify_depth" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], s) == 0)
			return strcmp(s, "verify_return_error") != 0;
	return false;
}

static void
set_name(struct paste *p, const char *name)
{
	const char *why;
	struct hand_url u;

	if (hand_url_make(&u, name, 443, true, &why) != 0) {
		paste_bad(p, "host", name);
		return;
	}
	free(p->url.host);
	p->url.host = u.host;
	u.host = NULL;
	hand_url_free(&u);
}

static void
start_tls(struct paste *p, const char *word)
{
	static const char *const known[] = { "smtp", "pop3", "imap" };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(known[i], word) == 0) {
			if (strncmp(p->url.proto, "sub", 3) != 0)
				strcpy(p->url.proto, word);
			p->url.tls = TALK_STARTTLS;
			p->url.start_tls = true;
			return;
		}
	paste_bad(p, "starttls", word);
}

/* openssl s_client -connect "[addr]:443" -servername N -starttls smtp */
static void
s_client(struct paste *p, struct paste_words *w)
{
	const char *at = NULL, *starttls = NULL, *name = NULL, *v;
	bool plain;

	if (w->n < 2 || strcmp(w->list[1], "s_client") != 0) {
		paste_bad(p, "openssl", w->n < 2 ? "" : w->list[1]);
		return;
	}
	for (size_t i = 2; i < w->n; i++) {
		const char *s = w->list[i] + strspn(w->list[i], "-");

		if (*w->list[i] != '-') {
			at = w->list[i];
			continue;
		}
		v = strcmp(s, "connect") == 0 || strcmp(s, "starttls") == 0 ||
		    strcmp(s, "servername") == 0 || strcmp(s, "host") == 0 ||
		    takes_value(s) ? paste_value(p, w, &i) : "";
		if (v == NULL)
			return;
		if (strcmp(s, "connect") == 0 || strcmp(s, "host") == 0)
			at = v;
		else if (strcmp(s, "starttls") == 0)
			starttls = v;
		else if (strcmp(s, "servername") == 0)
			name = v;
	}
	if (at == NULL) {
		paste_bad(p, "no-host", "openssl s_client");
		return;
	}
	plain = starttls != NULL;
	connect_to(p, at, !plain);
	if (p->kind == PASTE_OPEN && name != NULL)
		set_name(p, name);
	if (p->kind == PASTE_OPEN && plain)
		start_tls(p, starttls);
}

static const struct {
	const char	*word;
	void		(*take)(struct paste *, struct paste_words *);
} programs[] = {
	{ "dig", paste_dig }, { "kdig", paste_dig }, { "drill", paste_dig },
	{ "nslookup", paste_nslookup }, { "host", paste_host },
	{ "telnet", telnet }, { "nc", telnet }, { "ncat", telnet },
	{ "netcat", telnet }, { "openssl", s_client },
};

/* "$ dig ...", "# dig", "% dig", "user@host:~$ dig": the command only. */
static char *
without_prompt(struct paste *p, char *line)
{
	static const char ends[] = "$#%>";
	char *s = line + strspn(line, " \t"), *at;

	at = strchr(ends, *s) != NULL && *s != '\0' ? s : strstr(s, "$ ");
	if (at == NULL)
		at = strstr(s, "# ");
	if (at != NULL && at[1] == ' ' && (at == s || strchr(s, '@') < at)) {
		for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]);
		    i++) {
			size_t n = strlen(programs[i].word);

			if (text_ncasecmp(at + 2, programs[i].word, n) == 0 &&
			    strchr(" \t", at[2 + n]) != NULL) {
				p->repairs |= PASTE_PROMPT;
				s = at + 2;
				break;
			}
		}
	}
	at = xstrdup(s);
	free(line);
	return at;
}

void
paste_parse(struct paste *p, const char *line, bool bare)
{
	struct paste_words w;

	memset(p, 0, sizeof(*p));
	p->line = without_prompt(p, paste_repair(line, &p->repairs));
	split(&w, p->line);
	for (size_t i = 0; w.n > 0 &&
	    i < sizeof(programs) / sizeof(programs[0]); i++)
		if (text_casecmp(w.list[0], programs[i].word) == 0 &&
		    (w.n > 1 || bare)) {
			strcpy(w.list[0], programs[i].word);
			programs[i].take(p, &w);
			words_free(&w);
			return;
		}
	if (bare && w.n > 0 && w.n < PASTE_WORDS) {
		memmove(w.list + 1, w.list, w.n * sizeof(w.list[0]));
		w.list[0] = xstrdup("dig");
		w.n++;
		paste_dig(p, &w);
	}
	words_free(&w);
}

void
paste_free(struct paste *p)
{
	free(p->line);
	free(p->part);
	free(p->dig.name);
	free(p->dig.server);
	hand_url_free(&p->url);
	memset(p, 0, sizeof(*p));
}
