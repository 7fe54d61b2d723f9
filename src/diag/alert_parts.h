/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of alert.c: only alert*.c include this. */
#ifndef DIAG_ALERT_PARTS_H
#define DIAG_ALERT_PARTS_H

#include "diag/alert.h"

/* The text as plain UTF-8 lines: JSON flattened to "key: value", a mail's
   encodings undone, full-width letters made ASCII; the caller frees. */
char	*alert_plain(const char *, size_t n);

/* A mail with headers as text, or NULL if it does not begin like one. */
char	*alert_mail(const char *);
/* Bytes of a character set as UTF-8, NULL if one does not fit it. */
char	*alert_recoded(const char *, size_t n, const char *charset);

enum item_kind { ITEM_ADDR, ITEM_NAME, ITEM_URL, ITEM_MAIL };

/* A name or address that stands in the text. */
struct item {
	enum item_kind	 kind;
	size_t		 at, end;
	int		 weight;	/* how surely it is what is meant */
	struct addr	 addr;
	unsigned	 port;		/* 0: none given */
	char		*name;		/* host as written; NULL for ADDR */
	char		*full;		/* URL, mail address; else NULL */
};

#define ALERT_ITEMS 256

struct items {
	struct item	 list[ALERT_ITEMS];
	size_t		 n;
};

/* Find all items of the text, in its order, each once a place. */
void	 alert_items(struct items *, const char *text);
int	 alert_weigh(const char *text, const struct item *);
void	 alert_items_free(struct items *);

/* The line of a summary that tells of trouble ("\_[CRITICAL] ..."), NULL if
   there is none; the caller frees. */
char	*alert_sub_line(const char *text);
/* "-p 8443" of a plugin's command, or 0. */
unsigned alert_command_port(const char *text);
/* 4 or 6 if words say so, else 0. */
int	 alert_family(const char *text);
/* The first time, in the forms of logs and mails; NULL = none. */
char	*alert_when(const char *text);
/* A host without a dot, where monitoring systems name one; NULL = none. */
char	*alert_short_host(const char *text);

#define BY_PROTOCOL STEP_COUNT

struct alert_rule {
	enum alert_class class;
	enum step_id	 step;		/* or BY_PROTOCOL */
	const char	*proto;		/* "" = as the text tells */
	const char	*needle[3];	/* all of them; NULL = none */
};

/* The first rule that fits, or NULL; *at where its last needle stands. */
const struct alert_rule *alert_rule(const char *text, size_t *at);
/* Who wrote it: a word. */
const char *alert_source(const char *text);
/* The protocol that the words name, or "". */
const char *alert_proto(const char *text, const char *source);
/* By port, 0 = none; "" for one not known. */
const char *alert_port_proto(unsigned port);
unsigned alert_proto_port(const char *proto);

#endif
