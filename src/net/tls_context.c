/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all TLS sessions share: the way over a world's handle, and the two
 * contexts, each made once for a CA store.
 */
#include "net/tls_context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "net/cert.h"

static struct context {
	struct context	*next;
	SSL_CTX		*ctx;
	char		*ca_pem;
	bool		 lax;
} *contexts;

static BIO_METHOD *method;

static bool
retry_later(int err)
{
	return err == EAGAIN || net_errno_soft(err);
}

static int
bio_read(BIO *b, char *out, int n)
{
	struct tls *t = BIO_get_data(b);
	ssize_t got;

	BIO_clear_retry_flags(b);
	if (n <= 0)
		return 0;
	got = t->world->ops->recv(t->world, t->handle, out, (size_t)n, NULL);
	if (got > 0) {
		unsigned char first = (unsigned char)out[0];

		if (!t->read_any && (first < 20 || first > 23))
			t->not_tls = true;
		t->read_any = true;
	} else if (got == 0)
		t->eof = true;
	else if (retry_later(errno))
		BIO_set_retry_read(b);
	else
		t->err = errno;
	return (int)got;
}

static int
bio_write(BIO *b, const char *data, int n)
{
	struct tls *t = BIO_get_data(b);
	ssize_t sent;

	BIO_clear_retry_flags(b);
	if (n <= 0)
		return 0;
	sent = t->world->ops->send(t->world, t->handle, data, (size_t)n, NULL);
	if (sent < 0) {
		if (retry_later(errno))
			BIO_set_retry_write(b);
		else
			t->err = errno;
	}
	return (int)sent;
}

static long
bio_ctrl(BIO *b, int command, long n, void *p)
{
	struct tls *t = BIO_get_data(b);

	(void)n;
	(void)p;
	if (command == BIO_CTRL_EOF)
		return t->eof;
	return command == BIO_CTRL_FLUSH;
}

BIO *
tls_context_bio(struct tls *t)
{
	BIO *b;

	if (method == NULL) {
		method = BIO_meth_new(BIO_get_new_index() |
		    BIO_TYPE_SOURCE_SINK, "world");
		BIO_meth_set_read(method, bio_read);
		BIO_meth_set_write(method, bio_write);
		BIO_meth_set_ctrl(method, bio_ctrl);
	}
	b = BIO_new(method);
	BIO_set_data(b, t);
	BIO_set_init(b, 1);
	return b;
}

static void
set_limits(SSL_CTX *c, bool lax)
{
	SSL_CTX_set_min_proto_version(c, lax ? TLS1_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(c, 0);
	SSL_CTX_set_cipher_list(c, lax ? "ALL:eNULL:!aNULL:@SECLEVEL=0" :
	    "DEFAULT:@SECLEVEL=2");
	SSL_CTX_set_security_level(c, lax ? 0 : 2);
	if (lax)
		SSL_CTX_set_options(c, SSL_OP_LEGACY_SERVER_CONNECT);
	else
		SSL_CTX_clear_options(c, SSL_OP_LEGACY_SERVER_CONNECT);
}

static SSL_CTX *
context_make(const char *ca_pem, bool lax)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());

	if (c == NULL)
		return NULL;
	set_limits(c, lax);
	SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(c, SSL_VERIFY_NONE, tls_on_verify);
	SSL_CTX_set_info_callback(c, tls_on_info);
	if (ca_pem == NULL)
		SSL_CTX_set_default_verify_paths(c);
	else
		cert_store_add(SSL_CTX_get_cert_store(c), ca_pem);
	return c;
}

SSL_CTX *
tls_context(const char *ca_pem, bool lax)
{
	struct context *c;

	for (c = contexts; c != NULL; c = c->next) {
		if (c->lax == lax && (ca_pem == NULL) == (c->ca_pem == NULL) &&
		    (ca_pem == NULL || strcmp(ca_pem, c->ca_pem) == 0))
			return c->ctx;
	}
	c = xcalloc(1, sizeof *c);
	c->ctx = context_make(ca_pem, lax);
	c->ca_pem = ca_pem == NULL ? NULL : xstrdup(ca_pem);
	c->lax = lax;
	c->next = contexts;
	contexts = c;
	return c->ctx;
}

void
tls_cleanup(void)
{
	while (contexts != NULL) {
		struct context *next = contexts->next;

		SSL_CTX_free(contexts->ctx);
		free(contexts->ca_pem);
		free(contexts);
		contexts = next;
	}
	BIO_meth_free(method);
	method = NULL;
}
