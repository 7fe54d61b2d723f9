/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TLS client over a world's handle. It never gives up for a certificate:
 * it takes down everything that is wrong with one, and the handshake goes on.
 * Two kinds of contexts exist: the normal one judges, the lax one shows why
 * an old server failed.
 */
#include "net/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "net/cert.h"

#define ERRORS_MAX 50

static void
note_error(struct tls *t, int depth, int code)
{
	size_t i, n = json_array_size(t->errors);
	json_t *row;

	if (code == X509_V_ERR_HOSTNAME_MISMATCH ||
	    code == X509_V_ERR_IP_ADDRESS_MISMATCH)
		t->name_bad = true;
	else
		t->chain_bad = true;
	for (i = 0; i < n; i++) {
		row = json_array_get(t->errors, i);
		if (json_int(row, "depth", -1) == depth &&
		    json_int(row, "code", -1) == code)
			return;
	}
	if (n >= ERRORS_MAX)
		return;
	row = json_object();
	json_put_int(row, "depth", depth);
	json_put_int(row, "code", code);
	json_put_str(row, "error", X509_verify_cert_error_string(code));
	json_array_append_new(t->errors, row);
}

int
tls_on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store,
	    SSL_get_ex_data_X509_STORE_CTX_idx());

	if (!ok)
		note_error(SSL_get_app_data(ssl),
		    X509_STORE_CTX_get_error_depth(store),
		    X509_STORE_CTX_get_error(store));
	return 1;
}

void
tls_on_info(const SSL *ssl, int where, int value)
{
	struct tls *t = SSL_get_app_data(ssl);

	if (where == SSL_CB_READ_ALERT && (value & 0xff) != 0)
		t->alert = value & 0xff;
}

static void
set_name(struct tls *t, const char *name)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(t->ssl);
	struct addr a;
	size_t n = strlen(name);

	t->name = xstrndup(name, n > 0 && name[n - 1] == '.' ? n - 1 : n);
	t->named = true;
	if (addr_parse(&a, t->name) == 0) {
		X509_VERIFY_PARAM_set1_ip(param, a.b, a.family == 6 ? 16 : 4);
		return;
	}
	SSL_set_tlsext_host_name(t->ssl, t->name);
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	X509_VERIFY_PARAM_set1_host(param, t->name, 0);
}

static void
set_alpn(struct tls *t, const char *alpn)
{
	unsigned char list[64];
	size_t n = strlen(alpn);

	if (n == 0 || n >= sizeof list)
		return;
	list[0] = (unsigned char)n;
	memcpy(list + 1, alpn, n);
	SSL_set_alpn_protos(t->ssl, list, (unsigned)n + 1);
}

struct tls *
tls_new(struct world *w, int handle, const struct tls_params *p)
{
	struct tls *t = xcalloc(1, sizeof *t);
	SSL_CTX *ctx = tls_context(w->ca_pem, p->lax);
	BIO *b;

	t->world = w;
	t->handle = handle;
	t->lax = p->lax;
	t->alert = -1;
	t->errors = json_array();
	ERR_clear_error();
	if (ctx == NULL || (t->ssl = SSL_new(ctx)) == NULL)
		return t;
	SSL_set_app_data(t->ssl, t);
	b = tls_context_bio(t);
	SSL_set_bio(t->ssl, b, b);
	SSL_set_connect_state(t->ssl);
	X509_VERIFY_PARAM_set_time(SSL_get0_param(t->ssl),
	    (time_t)(w->ops->wall(w) / NSEC_PER_SEC));
	if (p->name != NULL)
		set_name(t, p->name);
	if (p->alpn != NULL)
		set_alpn(t, p->alpn);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	ERR_clear_error();
	json_decref(t->errors);
	free(t->name);
	free(t->reason);
	free(t);
}

/* Is a retry with the lax context worth it after this reason? */
static bool
is_old(int reason)
{
	switch (reason) {
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_NO_PROTOCOLS_AVAILABLE:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_UNKNOWN_PROTOCOL:
	case SSL_R_UNKNOWN_SSL_VERSION:
	case SSL_R_DH_KEY_TOO_SMALL:
	case SSL_R_EE_KEY_TOO_SMALL:
	case SSL_R_CA_KEY_TOO_SMALL:
	case SSL_R_CA_MD_TOO_WEAK:
	case SSL_R_WRONG_SIGNATURE_TYPE:
	case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
	case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
	case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
	case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
		return true;
	default:
		return false;
	}
}

static void
note_failure(struct tls *t)
{
	unsigned long code = ERR_get_error();
	int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ?
	    ERR_GET_REASON(code) : 0;
	const char *words = ERR_reason_error_string(code);

	t->failed = true;
	t->closed = t->err != 0 || t->eof;
	if (t->closed && !t->not_tls && t->alert < 0)
		words = t->err != 0 ? net_errno_word(t->err) : "closed";
	if (reason == SSL_R_WRONG_VERSION_NUMBER ||
	    reason == SSL_R_HTTP_REQUEST)
		t->not_tls = true;
	t->old = !t->lax && !t->not_tls && is_old(reason);
	free(t->reason);
	t->reason = xstrdup(words == NULL ? "" : words);
	ERR_clear_error();
}

enum tls_want
tls_handshake(struct tls *t)
{
	int rc;

	if (t->failed || t->ssl == NULL)
		return t->closed ? TLS_CLOSED : TLS_ERROR;
	ERR_clear_error();
	rc = SSL_do_handshake(t->ssl);
	if (rc == 1) {
		t->ok = true;
		t->not_tls = false;
		return TLS_DONE;
	}
	switch (SSL_get_error(t->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return TLS_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WRITE;
	default:
		note_failure(t);
		return t->closed && t->alert < 0 && !t->not_tls ?
		    TLS_CLOSED : TLS_ERROR;
	}
}

/* What SSL_read or SSL_write said when it moved nothing. */
static enum tls_want
result(struct tls *t, int rc)
{
	switch (SSL_get_error(t->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return TLS_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		ERR_clear_error();
		return t->eof || t->err != 0 ? TLS_CLOSED : TLS_ERROR;
	}
}

ssize_t
tls_read(struct tls *t, void *out, size_t n, enum tls_want *want)
{
	size_t got = 0;
	int rc;

	ERR_clear_error();
	rc = SSL_read_ex(t->ssl, out, n, &got);
	if (rc == 1) {
		*want = TLS_DONE;
		return (ssize_t)got;
	}
	*want = result(t, rc);
	return *want == TLS_CLOSED && t->err == 0 ? 0 : -1;
}

ssize_t
tls_write(struct tls *t, const void *data, size_t n, enum tls_want *want)
{
	size_t sent = 0;
	int rc;

	ERR_clear_error();
	rc = SSL_write_ex(t->ssl, data, n, &sent);
	if (rc == 1) {
		*want = TLS_DONE;
		return (ssize_t)sent;
	}
	*want = result(t, rc);
	return -1;
}

void
tls_shutdown(struct tls *t)
{
	if (!t->ok || t->err != 0)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

int
tls_errno(const struct tls *t)
{
	return t->err;
}

static void
put_if(json_t *o, const char *key, const char *s)
{
	if (s != NULL && *s != '\0')
		json_put_str(o, key, s);
}

static void
put_session(struct tls *t, json_t *o)
{
	const unsigned char *alpn = NULL;
	unsigned n = 0;

	put_if(o, "version", SSL_get_version(t->ssl));
	put_if(o, "cipher", SSL_get_cipher_name(t->ssl));
	if (SSL_get_negotiated_group(t->ssl) != 0)
		put_if(o, "group", SSL_group_to_name(t->ssl,
		    (int)SSL_get_negotiated_group(t->ssl)));
	SSL_get0_alpn_selected(t->ssl, &alpn, &n);
	if (n > 0)
		json_put_bytes(o, "alpn", alpn, n);
}

static void
put_failure(struct tls *t, json_t *o)
{
	json_put_str(o, "error", t->reason == NULL ? "timeout" : t->reason);
	if (t->old)
		json_put_flag(o, "old", true);
	if (t->not_tls)
		json_put_flag(o, "not_tls", true);
}

static void
put_certificates(struct tls *t, json_t *o)
{
	json_t *chain = cert_chain_fact(SSL_get_peer_cert_chain(t->ssl));
	const char *peer = SSL_get0_peername(t->ssl);

	if (chain == NULL)
		return;
	if (t->named)
		json_put_flag(o, "name_ok", !t->name_bad);
	if (peer != NULL) {
		char *s = text_escaped(peer, strlen(peer));

		json_put_str(o, "peername", s);
		free(s);
	}
	json_put_flag(o, "verified", !t->chain_bad);
	json_object_set(o, "errors", t->errors);
	json_put(o, "chain", chain);
	json_put_int(o, "built",
	    sk_X509_num(SSL_get0_verified_chain(t->ssl)) > 0 ?
	    sk_X509_num(SSL_get0_verified_chain(t->ssl)) : 0);
}

json_t *
tls_fact(struct tls *t)
{
	json_t *o = json_object();

	json_put_flag(o, "ok", t->ok);
	json_put_flag(o, "lax", t->lax);
	if (t->alert >= 0)
		json_put_int(o, "alert", t->alert);
	if (t->ssl == NULL) {
		json_put_str(o, "error", "internal");
		return o;
	}
	if (t->ok)
		put_session(t, o);
	else
		put_failure(t, o);
	put_certificates(t, o);
	ERR_clear_error();
	return o;
}
