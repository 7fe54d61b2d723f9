/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates of the practice Internet, right and wrong, made on the spot. */
#ifndef PRACTICE_CERT_PEER_H
#define PRACTICE_CERT_PEER_H

#include <openssl/ssl.h>
#include <stdint.h>

enum cert_kind { CERT_OK, CERT_EXPIRED, CERT_NOT_YET, CERT_SELF_SIGNED,
	CERT_UNTRUSTED, CERT_INCOMPLETE, CERT_NAME, CERT_SOON, CERT_OLD_TLS,
	CERT_FAIL };

struct cert_want {
	enum cert_kind	 kind;
	const char	*name;	/* subject alternative name: DNS or address */
	long		 days;	/* SOON: left */
	int64_t		 clock;	/* UTC seconds the dates are reckoned from */
};

/* A server context with key and chain; kept for the next who wants the same,
   never freed by the caller. NULL for CERT_FAIL. */
SSL_CTX	*cert_peer_context(const struct cert_want *);
/* The context a connection begins with, until its name is known; not freed
   by the caller. */
SSL_CTX	*cert_peer_base(SSL_client_hello_cb_fn);
/* The private root in PEM; the caller frees. */
char	*cert_peer_root(void);
/* Forget keys, certificates and contexts. */
void	 cert_peer_cleanup(void);

#endif
