/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of nslookup and host: dig's questions, said otherwise. */
#include <string.h>

#include "ui/paste_words.h"

static int
name_or_address(struct dig_state *s, const char *word)
{
	struct addr a;

	return addr_parse(&a, word) == 0 ? dig_set_reverse(s, word) :
	    dig_set_name(s, word);
}

/* nslookup [-type=AAAA] NAME [SERVER] */
void
paste_nslookup(struct paste *p, struct paste_words *w)
{
	struct dig_state s;
	int rc = 0;

	dig_begin(&s, p);
	s.d->edns = 0;
	for (size_t i = 1; i < w->n && rc == 0; i++) {
		const char *word = w->list[i], *eq = strchr(word, '=');

		if (*word != '-')
			rc = s.d->name == NULL ? name_or_address(&s, word) :
			    dig_server(&s, word);
		else if (eq != NULL && (strncmp(word, "-type", 5) == 0 ||
		    strncmp(word, "-q", 2) == 0))
			rc = dig_set_type(&s, eq + 1);
		else if (eq != NULL && strncmp(word, "-port", 5) == 0) {
			s.d->port = hand_port(eq + 1);
			rc = s.d->port != 0 ? 0 : paste_bad(p, "port", word);
		} else if (strcmp(word, "-vc") == 0)
			s.d->tcp = true;
		else if (strcmp(word, "-norecurse") == 0)
			s.d->rd = false;
		else if (strncmp(word, "-d", 2) != 0)
			rc = paste_bad(p, "option", word);
	}
	if (rc == 0 && s.d->name == NULL)
		paste_bad(p, "no-name", "nslookup");
}

/* host [-t TYPE] [-T] [-r] [-v] NAME [SERVER] */
void
paste_host(struct paste *p, struct paste_words *w)
{
	struct dig_state s;
	const char *v;
	int rc = 0;

	dig_begin(&s, p);
	s.d->edns = 0;
	for (size_t i = 1; i < w->n && rc == 0; i++) {
		const char *word = w->list[i];

		if (*word != '-')
			rc = s.d->name == NULL ? name_or_address(&s, word) :
			    dig_server(&s, word);
		else if (word[1] == 't')
			rc = (v = dig_dash_value(&s, w, &i)) == NULL ? -1 :
			    dig_set_type(&s, v);
		else if (strcmp(word, "-T") == 0)
			s.d->tcp = true;
		else if (strcmp(word, "-r") == 0)
			s.d->rd = false;
		else if (word[1] == '\0' || strchr("adv46w", word[1]) == NULL)
			rc = paste_bad(p, "option", word);
	}
	if (rc == 0 && s.d->name == NULL)
		paste_bad(p, "no-name", "host");
}
