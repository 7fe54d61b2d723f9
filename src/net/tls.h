/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/world.h"

/* What a TLS client handshake should do. */
struct tls_params {
	const char	*name;	/* SNI and name to verify; NULL: neither */
	const char	*alpn;	/* "http/1.1" or NULL */
	bool		 lax;	/* second context: TLS 1.0, level 0 */
};

/*
 * The `tls' fact, made when a handshake ended (well or not):
 * {"ok":bool,"lax":bool,"version":"TLSv1.3","cipher":..,"group":..,"alpn":..,
 *  "error":"reason string","alert":40,"old":true (failed for protocol version
 *  or legacy algorithms),"not_tls":true (peer does not speak TLS),
 *  "name_ok":bool,"peername":..,"verified":bool,
 *  "errors":[{"depth":0,"code":10,"error":"certificate has expired"}],
 *  "chain":[{"subject","issuer","names":[..],"not_before":epoch,
 *    "not_after":epoch,"serial":hex,"sha256":hex,"self":bool,"ca":bool,
 *    "aia":bool (names a caIssuers URL),"key":"EC 256"}],"built":n}
 * names holds the DNS and IP subject alternative names (or the CN if none).
 * Every verification error is listed, none aborts; the clock is the world's.
 * verified: nothing was found against the chain; the name is not part of it
 * (name_ok; name given only). group, alpn, alert, errors ... are left out
 * where they do not apply; chain is absent when no certificate came.
 */

struct tls;			/* one TLS client session over a handle */

/* Begin; the handle stays the caller's. ca_pem and clock are the world's. */
struct tls	*tls_new(struct world *, int handle,
		    const struct tls_params *);
void		 tls_free(struct tls *);

enum tls_want { TLS_DONE, TLS_READ, TLS_WRITE, TLS_CLOSED, TLS_ERROR };

enum tls_want	 tls_handshake(struct tls *);
/* -1 and *want when nothing could be read; 0 = close_notify or EOF. */
ssize_t		 tls_read(struct tls *, void *, size_t, enum tls_want *);
ssize_t		 tls_write(struct tls *, const void *, size_t,
		    enum tls_want *);
void		 tls_shutdown(struct tls *);
/* errno of the transport when the result was TLS_CLOSED, 0 = end of stream. */
int		 tls_errno(const struct tls *);
/* The fact described above; a new reference. */
json_t		*tls_fact(struct tls *);
/* Forget the contexts made so far (they are cached per world). */
void		 tls_cleanup(void);

#endif
