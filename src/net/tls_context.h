/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of TLS: shared by tls.c and tls_context.c only. */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "net/tls.h"

struct tls {
	struct world	*world;
	int		 handle;
	SSL		*ssl;
	char		*name;
	bool		 lax, ok, failed, closed, named, name_bad, chain_bad;
	bool		 old, not_tls, eof, read_any;
	int		 err;		/* of the transport */
	int		 alert;		/* received, -1 = none */
	char		*reason;
	json_t		*errors;
};

/* The context for this CA store (NULL: the system's); kept until tls_cleanup;
   NULL if OpenSSL has none. */
SSL_CTX	*tls_context(const char *ca_pem, bool lax);
/* The transport: a BIO over the world's handle. */
BIO	*tls_context_bio(struct tls *);
/* Callbacks of every context (tls.c). */
int	 tls_on_verify(int ok, X509_STORE_CTX *);
void	 tls_on_info(const SSL *, int where, int value);

#endif
