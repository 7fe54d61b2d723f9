/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_CERT_H
#define NET_CERT_H

#include <jansson.h>
#include <openssl/x509.h>

/* One certificate as a member of "chain" in the tls fact; every string of the
   peer is escaped. A new reference. */
json_t	*cert_fact(X509 *);
/* The whole chain as sent, an array; NULL if there is none. */
json_t	*cert_chain_fact(STACK_OF(X509) *);
/* Roots in PEM put into a store: their number, -1 if it is not PEM. */
int	 cert_store_add(X509_STORE *, const char *pem);

#endif
