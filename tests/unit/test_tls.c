/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handshakes over the memory world with certificates right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/loop.h"
#include "base/text.h"
#include "net/cert.h"
#include "net/conn.h"
#include "practice/link_peer.h"

#define CLOCK	INT64_C(1767225600)
#define DAY	86400

static struct world *world;
static struct loop *loop;
static struct sockname server;
static struct cert_want want;
static const struct tls_params *params;
static json_t *fact;
static SSL_CTX *own;		/* instead of a practice certificate */

static SSL_CTX *
context(void *ctx, struct link *l, const char *sni)
{
	(void)ctx;
	(void)l;
	(void)sni;
	return own != NULL ? own : cert_peer_context(&want);
}

static void *
on_accept(void *ctx, struct link *l)
{
	(void)ctx;
	return l;
}

static void
on_data(void *session, struct link *l, const void *data, size_t n)
{
	(void)session;
	(void)l;
	(void)data;
	(void)n;
}

static void
on_closed(void *session)
{
	(void)session;
}

static struct link_service service = {.accept = on_accept, .data = on_data,
	.closed = on_closed, .context = context, .tls = true};

static int
begin(void **state)
{
	(void)state;
	world = memory_new(1, CLOCK);
	world->ca_pem = cert_peer_root();
	addr_parse(&server.addr, "2001:db8::1");
	server.port = 443;
	link_peer_listen(world, &server, &service);
	loop = loop_new(world);
	want = (struct cert_want){.name = "www.example", .clock = CLOCK};
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	loop_free(loop);
	world_free(world);
	tls_cleanup();
	cert_peer_cleanup();
	SSL_CTX_free(own);
	own = NULL;
	return 0;
}

static void
on_event(void *ctx, struct conn *c, const struct conn_event *e)
{
	(void)ctx;
	if (e->ev == CONN_CONNECTED)
		conn_starttls(c, params, 8 * NSEC_PER_SEC);
	else {
		fact = json_incref(e->tls);
		conn_free(c);
	}
}

/* A handshake; the fact is the caller's. */
static json_t *
shake(const char *name, const char *alpn, bool lax)
{
	struct tls_params p = {name, alpn, lax};

	params = &p;
	fact = NULL;
	conn_connect(conn_new(loop, &server, on_event, NULL), NSEC_PER_SEC);
	loop_run(loop);
	assert_non_null(fact);
	return fact;
}

static const json_t *
leaf(const json_t *f)
{
	return json_array_get(json_object_get(f, "chain"), 0);
}

static bool
has_error(const json_t *f, int code)
{
	const json_t *a = json_object_get(f, "errors");
	size_t i;

	for (i = 0; i < json_array_size(a); i++) {
		if (json_int(json_array_get(a, i), "code", 0) == code)
			return true;
	}
	return false;
}

static void
sound(void **state)
{
	json_t *f = shake("www.example", "http/1.1", false);
	const json_t *names = json_object_get(leaf(f), "names");

	(void)state;
	assert_true(json_flag(f, "ok"));
	assert_true(json_flag(f, "verified"));
	assert_true(json_flag(f, "name_ok"));
	assert_false(json_flag(f, "lax"));
	assert_string_equal(json_str(f, "version"), "TLSv1.3");
	assert_true(json_str(f, "cipher")[0] != '\0');
	assert_true(json_str(f, "group")[0] != '\0');
	assert_string_equal(json_str(f, "peername"), "www.example");
	assert_int_equal(json_array_size(json_object_get(f, "errors")), 0);
	assert_true(json_int(f, "built", 0) >= 2);
	assert_string_equal(json_string_value(json_array_get(names, 0)),
	    "www.example");
	assert_true(json_int(leaf(f), "not_before", 0) <= CLOCK);
	assert_true(json_int(leaf(f), "not_after", 0) > CLOCK);
	assert_int_equal(strlen(json_str(leaf(f), "sha256")), 64);
	assert_true(json_str(leaf(f), "serial")[0] != '\0');
	assert_false(json_flag(leaf(f), "ca"));
	assert_false(json_flag(leaf(f), "self"));
	json_decref(f);
}

static void
other_name(void **state)
{
	json_t *f = shake("other.example.", NULL, false);

	(void)state;
	assert_true(json_flag(f, "ok"));
	assert_true(json_flag(f, "verified"));
	assert_false(json_flag(f, "name_ok"));
	assert_true(has_error(f, X509_V_ERR_HOSTNAME_MISMATCH));
	json_decref(f);
	f = shake(NULL, NULL, false);
	assert_true(json_flag(f, "verified"));
	assert_null(json_object_get(f, "name_ok"));
	json_decref(f);
}

static void
address_names(void **state)
{
	json_t *f;

	(void)state;
	want.name = "2001:db8::1";
	f = shake("2001:db8::1", NULL, false);
	assert_true(json_flag(f, "name_ok"));
	assert_string_equal(json_string_value(json_array_get(
	    json_object_get(leaf(f), "names"), 0)), "2001:db8::1");
	json_decref(f);
	f = shake("2001:db8::2", NULL, false);
	assert_false(json_flag(f, "name_ok"));
	assert_true(has_error(f, X509_V_ERR_IP_ADDRESS_MISMATCH));
	json_decref(f);
}

static void
bad_certificates(void **state)
{
	static const struct {
		enum cert_kind kind;
		int code;
	} rows[] = {
		{CERT_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED},
		{CERT_NOT_YET, X509_V_ERR_CERT_NOT_YET_VALID},
		{CERT_SELF_SIGNED, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
		{CERT_INCOMPLETE,
		    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *f;

		want.kind = rows[i].kind;
		f = shake("www.example", NULL, false);
		assert_true(json_flag(f, "ok"));
		assert_false(json_flag(f, "verified"));
		assert_true(json_flag(f, "name_ok"));
		assert_true(has_error(f, rows[i].code));
		assert_int_equal(json_flag(leaf(f), "self"),
		    rows[i].kind == CERT_SELF_SIGNED);
		json_decref(f);
	}
	want.kind = CERT_UNTRUSTED;
	fact = shake("www.example", NULL, false);
	assert_false(json_flag(fact, "verified"));
	json_decref(fact);
}

/* The clock is the world's: what was sound then is expired a year later. */
static void
clock_of_world(void **state)
{
	json_t *f = shake("www.example", NULL, false);
	int64_t end = json_int(leaf(f), "not_after", 0);

	(void)state;
	json_decref(f);
	finish(NULL);
	begin(NULL);
	loop_free(loop);
	world_free(world);
	world = memory_new(1, end + DAY);
	world->ca_pem = cert_peer_root();
	link_peer_listen(world, &server, &service);
	loop = loop_new(world);
	f = shake("www.example", NULL, false);
	assert_true(has_error(f, X509_V_ERR_CERT_HAS_EXPIRED));
	json_decref(f);
}

/*
 * The first flight of a practice server does not fit into a segment of an
 * IPv6 path of 1280 octets, whatever lengths the signatures of this run have
 * and however short the name is: "lost-over 1220" loses every handshake.
 */
static void
chain_is_longer_than_a_segment(void **state)
{
	STACK_OF(X509) *chain;
	SSL_CTX *ctx;
	int len;

	(void)state;
	want.name = "a.jp";
	assert_non_null(ctx = cert_peer_context(&want));
	assert_int_equal(SSL_CTX_get0_chain_certs(ctx, &chain), 1);
	assert_int_equal(sk_X509_num(chain), 1);
	len = i2d_X509(SSL_CTX_get0_certificate(ctx), NULL);
	assert_true(len > 0);
	len += i2d_X509(sk_X509_value(chain, 0), NULL);
	if (len < 1220)
		fail_msg("the chain has %d octets", len);
}

static void
old_server(void **state)
{
	json_t *f;

	(void)state;
	want.kind = CERT_OLD_TLS;
	f = shake("www.example", NULL, false);
	assert_false(json_flag(f, "ok"));
	assert_true(json_flag(f, "old"));
	assert_true(json_str(f, "error")[0] != '\0');
	assert_null(json_object_get(f, "not_tls"));
	json_decref(f);
	f = shake("www.example", NULL, true);
	assert_true(json_flag(f, "ok"));
	assert_true(json_flag(f, "lax"));
	assert_non_null(strstr(json_str(f, "version"), "TLSv1"));
	json_decref(f);
}

static void
alert(void **state)
{
	json_t *f;

	(void)state;
	want.kind = CERT_FAIL;
	f = shake("www.example", NULL, false);
	assert_false(json_flag(f, "ok"));
	assert_true(json_int(f, "alert", -1) > 0);
	json_decref(f);
}

/* A certificate whose strings want to act on a terminal. */
static SSL_CTX *
hostile_context(void)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);
	X509_EXTENSION *e;
	X509V3_CTX v3;

	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned
	    char *)"a\x1b[2J\xe2\x80\xae, \\b", -1, -1, 0);
	X509_set_issuer_name(x, n);
	X509_set_version(x, 2);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)CLOCK);
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)CLOCK + DAY);
	X509_set_pubkey(x, key);
	X509V3_set_ctx(&v3, x, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &v3, NID_info_access,
	    "caIssuers;URI:http://ca.example/");
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	X509_sign(x, key, EVP_sha256());
	SSL_CTX_use_certificate(c, x);
	SSL_CTX_use_PrivateKey(c, key);
	X509_free(x);
	EVP_PKEY_free(key);
	return c;
}

static void
hostile_strings(void **state)
{
	const char *subject, *cn;
	json_t *f;

	(void)state;
	own = hostile_context();
	f = shake("www.example", NULL, false);
	assert_true(json_flag(f, "ok"));
	subject = json_str(leaf(f), "subject");
	assert_null(strchr(subject, '\x1b'));
	assert_null(strstr(subject, "\xe2\x80\xae"));
	assert_non_null(strstr(subject, "\\1B[2J\\u202e\\, "));
	cn = json_string_value(json_array_get(json_object_get(leaf(f),
	    "names"), 0));
	assert_string_equal(cn, "a\\x1b[2J\\u202e, \\b");
	assert_true(json_flag(leaf(f), "self"));
	assert_true(json_flag(leaf(f), "aia"));
	assert_string_equal(json_str(leaf(f), "key"), "EC 256");
	assert_int_equal(json_int(leaf(f), "not_after", 0), CLOCK + DAY);
	json_decref(f);
}

/* A certificate as large as a handshake lets it be: its fact is not. */
static void
large_certificate(void **state)
{
	X509 *x = X509_new();
	BIGNUM *big = BN_new();
	ASN1_INTEGER *serial;
	X509_EXTENSION *e;
	struct buf names;
	json_t *f;
	char *text;

	(void)state;
	BN_set_bit(big, 8 * 30000);
	serial = BN_to_ASN1_INTEGER(big, NULL);
	X509_set_serialNumber(x, serial);
	buf_init(&names, 0);
	for (int i = 0; i < 150; i++)
		buf_printf(&names, "%sDNS:n%0200d.test", i == 0 ? "" : ",", i);
	e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
	    buf_str(&names));
	assert_non_null(e);
	X509_add_ext(x, e, -1);
	f = cert_fact(x);
	assert_int_equal(strlen(json_str(f, "serial")), 2 * 64);
	assert_true(json_array_size(json_object_get(f, "names")) > 50);
	text = json_dumps(f, 0);
	assert_true(strlen(text) < 20000);
	free(text);
	json_decref(f);
	buf_free(&names);
	X509_EXTENSION_free(e);
	ASN1_INTEGER_free(serial);
	BN_free(big);
	X509_free(x);
}

static void
stores(void **state)
{
	X509_STORE *s = X509_STORE_new();

	(void)state;
	assert_int_equal(cert_store_add(s, "nonsense"), -1);
	assert_int_equal(cert_store_add(s, world->ca_pem), 1);
	X509_STORE_free(s);
	assert_null(cert_chain_fact(NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sound),
		TEST(other_name),
		TEST(address_names),
		TEST(bad_certificates),
		TEST(clock_of_world),
		TEST(chain_is_longer_than_a_segment),
		TEST(old_server),
		TEST(alert),
		TEST(hostile_strings),
		TEST(large_certificate),
		TEST(stores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
