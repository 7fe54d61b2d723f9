/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom to speak to by hand: repl URLs and their words. */
#ifndef UI_HAND_URL_H
#define UI_HAND_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct hand_url {
	char		 proto[16];	/* the word before the colon */
	char		*host;		/* A-label or address text; "" none */
	struct addr	 addr;		/* family 0: to be looked up */
	uint16_t	 port;
	int		 tls;		/* enum talk_tls */
	char		*path;		/* "/x" or NULL */
	bool		 start_tls;	/* ask for TLS when greeted */
};

/* "smtp://[2001:db8::25]:25/", "smtp:mx1.example.jp", "dns:192.0.2.53":
   0, or -1 and *why: scheme host port. Only dns may leave the host out. */
int	 hand_url_parse(struct hand_url *, const char *, const char **why);
/* From a host and port as telnet and openssl take them: tls is TALK_IMPLICIT
   if TLS comes first. 0, or -1 and *why. */
int	 hand_url_make(struct hand_url *, const char *host, uint16_t port,
	     bool implicit, const char **why);
void	 hand_url_free(struct hand_url *);
/* A port by number or by a word ("smtp", "https"); 0: none. */
uint16_t hand_port(const char *);
/* A name as it is asked for: lower case, A-labels, no final dot; malloc'd,
   NULL: it is none. */
char	*hand_host(const char *);

#endif
