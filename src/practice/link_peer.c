/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection of a practice service. TLS is OpenSSL's server over two
 * memory BIOs. A stream is pulled in pieces and waits while the client is
 * behind, so that ten megabytes never lie in memory at once.
 */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/link_peer.h"

#define PIECE 16384
#define AHEAD 262144

struct link {
	struct link_service	*service;
	struct mem_conn		*conn;
	void			*session;
	bool			 accepted, failed;
	SSL			*ssl;
	BIO			*in, *out;
	size_t			(*pull)(void *, uint64_t, char *, size_t);
	void			*arg;
	uint64_t		 offset;
	int64_t			 interval;
	bool			 close_after;
};

struct mem_conn *
link_conn(struct link *l)
{
	return (l->conn);
}

const struct sockname *
link_to(struct link *l)
{
	return (mem_conn_to(l->conn));
}

unsigned
link_number(struct link *l)
{
	return (mem_conn_number(l->conn));
}

bool
link_is_tls(const struct link *l)
{
	return (l->ssl != NULL);
}

static void
flush(struct link *l, int64_t delay)
{
	char	*data;
	long	 n = BIO_get_mem_data(l->out, &data);

	if (n > 0)
		mem_conn_send(l->conn, data, (size_t)n, delay);
	(void)BIO_reset(l->out);
}

void
link_send(struct link *l, const void *data, size_t len, int64_t delay)
{
	if (len == 0 || l->failed)
		return;
	if (l->ssl == NULL) {
		mem_conn_send(l->conn, data, len, delay);
		return;
	}
	SSL_write(l->ssl, data, (int)len);
	flush(l, delay);
}

void
link_puts(struct link *l, const char *s, int64_t delay)
{
	link_send(l, s, strlen(s), delay);
}

void
link_close(struct link *l, int64_t delay)
{
	if (l->ssl != NULL && SSL_is_init_finished(l->ssl)) {
		SSL_shutdown(l->ssl);
		flush(l, delay);
	}
	mem_conn_close(l->conn, delay);
}

void
link_reset(struct link *l, int64_t delay)
{
	mem_conn_reset(l->conn, delay);
}

static const char *
hello_name(SSL *ssl, char out[256])
{
	const unsigned char	*p;
	size_t			 len, n;

	if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &p,
	    &len) != 1 || len < 6 || p[2] != 0)
		return (NULL);
	n = (size_t)p[3] << 8 | p[4];
	if (n > 255 || n + 5 > len)
		return (NULL);
	memcpy(out, p + 5, n);
	out[n] = '\0';
	return (out);
}

/* Key, versions and ciphers of the name asked for, before any is decided. */
static int
on_hello(SSL *ssl, int *alert, void *arg)
{
	struct link	*l = SSL_get_app_data(ssl);
	char		 name[256];
	SSL_CTX		*ctx;

	(void)arg;
	ctx = l->service->context(l->service->ctx, l, hello_name(ssl, name));
	ERR_clear_error();	/* of its making, not of this handshake */
	if (ctx == NULL) {
		*alert = SSL_AD_HANDSHAKE_FAILURE;
		return (SSL_CLIENT_HELLO_ERROR);
	}
	SSL_set_SSL_CTX(ssl, ctx);
	SSL_set_min_proto_version(ssl,
	    (int)SSL_CTX_get_min_proto_version(ctx));
	SSL_set_max_proto_version(ssl,
	    (int)SSL_CTX_get_max_proto_version(ctx));
	if (SSL_CTX_get_security_level(ctx) == 0)
		SSL_set_cipher_list(ssl, "ALL:@SECLEVEL=0");
	return (SSL_CLIENT_HELLO_SUCCESS);
}

void
link_starttls(struct link *l)
{
	SSL_CTX	*base = cert_peer_base(on_hello);

	if (l->ssl != NULL || base == NULL ||
	    (l->ssl = SSL_new(base)) == NULL)
		return;
	l->in = BIO_new(BIO_s_mem());
	l->out = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(l->in, -1);
	SSL_set_bio(l->ssl, l->in, l->out);
	SSL_set_app_data(l->ssl, l);
	SSL_set_accept_state(l->ssl);
}

static void
accepted(struct link *l)
{
	if (l->accepted)
		return;
	l->accepted = true;
	l->session = l->service->accept(l->service->ctx, l);
}

static void *
on_accept(void *ctx, struct mem_conn *c)
{
	struct link	*l = xcalloc(1, sizeof *l);

	l->service = ctx;
	l->conn = c;
	if (l->service->tls)
		link_starttls(l);
	else
		accepted(l);
	return (l);
}

static void
fail(struct link *l)
{
	flush(l, 0);
	ERR_clear_error();
	l->failed = true;
	mem_conn_close(l->conn, 0);
}

static void
tls_data(struct link *l, const void *data, size_t len)
{
	char	plain[4096];
	int	n;

	BIO_write(l->in, data, (int)len);
	if (!SSL_is_init_finished(l->ssl)) {
		n = SSL_do_handshake(l->ssl);
		if (n != 1 && SSL_get_error(l->ssl, n) != SSL_ERROR_WANT_READ) {
			fail(l);
			return;
		}
		flush(l, 0);
		if (n != 1)
			return;
		accepted(l);
	}
	while (!l->failed && (n = SSL_read(l->ssl, plain, sizeof plain)) > 0)
		l->service->data(l->session, l, plain, (size_t)n);
	ERR_clear_error();
	flush(l, 0);
}

static void
on_data(void *ctx, struct mem_conn *c, const void *data, size_t len)
{
	struct link	*l = ctx;

	(void)c;
	if (l->failed)
		return;
	if (l->ssl != NULL)
		tls_data(l, data, len);
	else
		l->service->data(l->session, l, data, len);
}

static void
on_closed(void *ctx, struct mem_conn *c)
{
	struct link	*l = ctx;

	(void)c;
	if (l->accepted && l->service->closed != NULL)
		l->service->closed(l->session);
	SSL_free(l->ssl);
	free(l);
}

static void
pump(void *ctx)
{
	struct link	*l = ctx;
	char		 piece[PIECE];
	size_t		 n;

	int64_t		 pause = 10 * NSEC_PER_MSEC;

	if (mem_conn_pending(l->conn) < AHEAD) {
		pause = NSEC_PER_MSEC;
		n = l->pull(l->arg, l->offset, piece, sizeof piece);
		if (n == 0) {
			if (l->close_after)
				link_close(l, 0);
			return;
		}
		link_send(l, piece, n, 0);
		l->offset += n;
	}
	mem_conn_after(l->conn, l->interval > 0 ? l->interval : pause, pump);
}

void
link_stream(struct link *l, size_t (*pull)(void *, uint64_t, char *, size_t),
    void *arg, int64_t interval, bool close)
{
	if (l->pull != NULL)
		return;
	l->pull = pull;
	l->arg = arg;
	l->interval = interval;
	l->close_after = close;
	pump(l);
}

void
link_peer_listen(struct world *w, const struct sockname *at,
    struct link_service *service)
{
	struct mem_peer	peer = { .ctx = service, .accept = on_accept,
		.data = on_data, .closed = on_closed };

	memory_listen(w, at, true, &peer);
}
