/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates of every kind of wrong: a private root and an intermediate CA,
 * a second pair nobody trusts, and leaves with the wanted names and dates.
 * Keys (EC P-256) and contexts are kept, for making them costs more than a
 * whole diagnosis.
 */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/xalloc.h"
#include "practice/cert_peer.h"

#define DAY 86400
#define CA_FROM INT64_C(946684800)	/* 2000 */
#define CA_UNTIL INT64_C(4102444800)	/* 2100 */
/* 2.23.140.1.2.1 (domain validated); by name it would ask for a config file */
#define POLICIES "DER:30:0A:30:08:06:06:67:81:0C:01:02:01"

struct authority {
	EVP_PKEY	*key, *middle_key;
	X509		*root, *middle;
};

struct context {
	struct context	*next;
	enum cert_kind	 kind;
	char		*name;
	long		 days;
	int64_t		 clock;
	SSL_CTX		*ctx;
};

static struct authority	 trusted, foreign;
static EVP_PKEY		*leaf_key;
static struct context	*contexts;
static SSL_CTX		*base;
static long		 serial = 1000;

static void
add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX	 ctx;
	X509_EXTENSION	*e;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	if ((e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value)) == NULL)
		return;
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

/* A certificate without extensions, not yet signed. */
static X509 *
blank(const char *cn, EVP_PKEY *key, X509 *issuer, int64_t from, int64_t until)
{
	X509		*x = X509_new();
	X509_NAME	*name;

	if (x == NULL)
		return (NULL);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from);
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)until);
	name = X509_get_subject_name(x);
	if (strlen(cn) <= 64)
		X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(x, issuer != NULL ?
	    X509_get_subject_name(issuer) : name);
	X509_set_pubkey(x, key);
	return (x);
}

/*
 * Where a public CA says what becomes of its certificates (RFC 5280 4.2). A
 * chain with all of it is longer than a segment of the narrowest IPv6 path,
 * like those of real servers: a scenario that loses long segments may count on
 * losing it, however long the signatures of this run are.
 */
static void
publish(X509 *x, X509 *issuer, const char *of)
{
	char	*access, *crl;

	access = xasprintf("OCSP;URI:http://ocsp.practice.invalid/%s,"
	    "caIssuers;URI:http://ca.practice.invalid/%s.der", of, of);
	crl = xasprintf("URI:http://crl1.practice.invalid/%s.crl,"
	    "URI:http://crl2.practice.invalid/%s.crl", of, of);
	add_extension(x, issuer, NID_authority_key_identifier, "keyid");
	add_extension(x, issuer, NID_info_access, access);
	add_extension(x, issuer, NID_crl_distribution_points, crl);
	add_extension(x, issuer, NID_certificate_policies, POLICIES);
	free(access);
	free(crl);
}

static X509 *
ca(const char *cn, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509	*x = blank(cn, key, issuer, CA_FROM, CA_UNTIL);

	if (x == NULL)
		return (NULL);
	add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
	add_extension(x, x, NID_subject_key_identifier, "hash");
	if (issuer != NULL)
		publish(x, issuer, "practice-root");
	X509_sign(x, issuer_key, EVP_sha256());
	return (x);
}

static int
authority(struct authority *a, const char *root, const char *middle)
{
	if (a->middle != NULL)
		return (0);
	a->key = EVP_EC_gen("P-256");
	a->middle_key = EVP_EC_gen("P-256");
	if (a->key == NULL || a->middle_key == NULL)
		return (-1);
	a->root = ca(root, a->key, NULL, a->key);
	a->middle = ca(middle, a->middle_key, a->root, a->key);
	return (a->root != NULL && a->middle != NULL ? 0 : -1);
}

static int
prepare(void)
{
	if (leaf_key == NULL && (leaf_key = EVP_EC_gen("P-256")) == NULL)
		return (-1);
	if (authority(&trusted, "Practice Root", "Practice CA 1") == -1)
		return (-1);
	return (authority(&foreign, "Foreign Root", "Foreign CA"));
}

static void
dates(const struct cert_want *w, int64_t *from, int64_t *until)
{
	*from = w->clock - 30 * DAY;
	*until = w->clock + 60 * DAY;
	if (w->kind == CERT_EXPIRED) {
		*from -= 70 * DAY;
		*until -= 70 * DAY;
	} else if (w->kind == CERT_NOT_YET) {
		*from += 40 * DAY;
		*until += 40 * DAY;
	} else if (w->kind == CERT_SOON) {
		*until = w->clock + w->days * DAY + DAY / 2;
		*from = *until - 90 * DAY;
	}
}

static X509 *
leaf(const struct cert_want *w, const struct authority *a)
{
	bool		 own = w->kind == CERT_SELF_SIGNED;
	struct addr	 addr;
	int64_t		 from, until;
	char		*san;
	X509		*x;

	dates(w, &from, &until);
	x = blank(w->name, leaf_key, own ? NULL : a->middle, from, until);
	if (x == NULL)
		return (NULL);
	san = xasprintf("%s:%s", addr_parse(&addr, w->name) == 0 ? "IP" :
	    "DNS", w->name);
	add_extension(x, x, NID_subject_alt_name, san);
	free(san);
	add_extension(x, x, NID_basic_constraints, "CA:FALSE");
	add_extension(x, x, NID_subject_key_identifier, "hash");
	add_extension(x, x, NID_key_usage, "critical,digitalSignature");
	add_extension(x, x, NID_ext_key_usage, "serverAuth");
	if (!own)
		publish(x, a->middle, "practice-ca-1");
	X509_sign(x, own ? leaf_key : a->middle_key, EVP_sha256());
	return (x);
}

static int
choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned inlen, void *arg)
{
	static const unsigned char	http[] = "\x08http/1.1";
	unsigned char			*chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, outlen, http, 9, in, inlen) !=
	    OPENSSL_NPN_NEGOTIATED)
		return (SSL_TLSEXT_ERR_NOACK);
	*out = chosen;
	return (SSL_TLSEXT_ERR_OK);
}

static void
protocol(SSL_CTX *ctx, enum cert_kind kind)
{
	SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
	if (kind == CERT_OLD_TLS) {
		SSL_CTX_set_security_level(ctx, 0);
		SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
		SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0");
	}
}

static SSL_CTX *
make(const struct cert_want *w)
{
	const struct authority	*a = w->kind == CERT_UNTRUSTED ? &foreign :
				    &trusted;
	SSL_CTX			*ctx;
	X509			*x;

	if (w->kind == CERT_FAIL || prepare() == -1 ||
	    (x = leaf(w, a)) == NULL)
		return (NULL);
	if ((ctx = SSL_CTX_new(TLS_server_method())) != NULL) {
		protocol(ctx, w->kind);
		SSL_CTX_use_certificate(ctx, x);
		SSL_CTX_use_PrivateKey(ctx, leaf_key);
		if (w->kind != CERT_SELF_SIGNED && w->kind != CERT_INCOMPLETE)
			SSL_CTX_add1_chain_cert(ctx, a->middle);
		SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	}
	X509_free(x);
	return (ctx);
}

SSL_CTX *
cert_peer_context(const struct cert_want *w)
{
	struct context	*c;

	for (c = contexts; c != NULL; c = c->next)
		if (c->kind == w->kind && c->days == w->days &&
		    c->clock == w->clock && strcmp(c->name, w->name) == 0)
			return (c->ctx);
	c = xcalloc(1, sizeof *c);
	c->kind = w->kind;
	c->days = w->days;
	c->clock = w->clock;
	c->name = xstrdup(w->name);
	c->ctx = make(w);
	c->next = contexts;
	contexts = c;
	return (c->ctx);
}

SSL_CTX *
cert_peer_base(SSL_client_hello_cb_fn hello)
{
	if (base == NULL && (base = SSL_CTX_new(TLS_server_method())) != NULL) {
		protocol(base, CERT_OK);
		SSL_CTX_set_session_cache_mode(base, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_client_hello_cb(base, hello, NULL);
	}
	return (base);
}

char *
cert_peer_root(void)
{
	BIO	*b;
	char	*data, *pem = NULL;
	long	 n;

	if (prepare() == -1 || (b = BIO_new(BIO_s_mem())) == NULL)
		return (NULL);
	if (PEM_write_bio_X509(b, trusted.root) == 1) {
		n = BIO_get_mem_data(b, &data);
		pem = xstrndup(data, (size_t)n);
	}
	BIO_free(b);
	return (pem);
}

static void
authority_free(struct authority *a)
{
	X509_free(a->root);
	X509_free(a->middle);
	EVP_PKEY_free(a->key);
	EVP_PKEY_free(a->middle_key);
	memset(a, 0, sizeof *a);
}

void
cert_peer_cleanup(void)
{
	struct context	*c;

	while ((c = contexts) != NULL) {
		contexts = c->next;
		SSL_CTX_free(c->ctx);
		free(c->name);
		free(c);
	}
	authority_free(&trusted);
	authority_free(&foreign);
	EVP_PKEY_free(leaf_key);
	leaf_key = NULL;
	SSL_CTX_free(base);
	base = NULL;
}
