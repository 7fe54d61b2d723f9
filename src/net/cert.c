/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates as facts. What is in one was written by whoever made it, so
 * every string is escaped before it goes anywhere.
 */
#include "net/cert.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

#define NAMES_MAX	200	/* kept of one certificate */
#define CHAIN_MAX	20	/* certificates kept of one chain */
#define NAMES_BYTES	(16u * 1024) /* of all of them together */
#define TEXT_MAX	1024	/* bytes kept of one name */
#define SERIAL_MAX	64	/* bytes; RFC 5280 4.1.2.2 allows 20 */
#define NAME_FLAGS	(XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)

/* Escaped once: the backslashes of RFC 2253 are not doubled. */
static json_t *
escaped(const void *data, size_t n)
{
	char *s = text_escaped(data, n > TEXT_MAX ? TEXT_MAX : n);
	char *from = s, *to = s;
	json_t *v;

	while (*from != '\0') {
		if (from[0] == '\\' && from[1] == '\\')
			from++;
		*to++ = *from++;
	}
	*to = '\0';
	v = json_string(s);
	free(s);
	return v;
}

static json_t *
name_text(const X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *data = NULL;
	json_t *v;
	long n;

	if (out == NULL)
		return json_string("");
	X509_NAME_print_ex(out, name, 0, NAME_FLAGS);
	n = BIO_get_mem_data(out, &data);
	v = n > 0 ? escaped(data, (size_t)n) : json_string("");
	BIO_free(out);
	return v;
}

static int64_t
epoch(const ASN1_TIME *t)
{
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;

	if (ASN1_TIME_diff(&days, &seconds, zero, t) != 1)
		days = seconds = 0;
	ASN1_TIME_free(zero);
	return (int64_t)days * 86400 + seconds;
}

static json_t *
string_text(const ASN1_STRING *s)
{
	return escaped(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

static void
add_general_name(json_t *names, const GENERAL_NAME *g)
{
	char text[ADDR_STRLEN];
	struct addr a;

	if (g->type == GEN_DNS)
		json_array_append_new(names, string_text(g->d.dNSName));
	else if (g->type == GEN_IPADD && addr_from_bytes(&a,
	    ASN1_STRING_get0_data(g->d.iPAddress),
	    (size_t)ASN1_STRING_length(g->d.iPAddress)) == 0)
		json_array_append_new(names,
		    json_string(addr_print(&a, text)));
}

static void
add_common_name(json_t *names, X509 *x)
{
	const X509_NAME *subject = X509_get_subject_name(x);
	unsigned char *utf8 = NULL;
	int i, n;

	i = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (i < 0)
		return;
	n = ASN1_STRING_to_UTF8(&utf8,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i)));
	if (n >= 0) {
		json_array_append_new(names, escaped(utf8, (size_t)n));
		OPENSSL_free(utf8);
	}
}

static json_t *
names_of(X509 *x)
{
	GENERAL_NAMES *alt = X509_get_ext_d2i(x, NID_subject_alt_name, NULL,
	    NULL);
	json_t *names = json_array();
	size_t bytes = 0, n;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(alt) && i < NAMES_MAX &&
	    bytes < NAMES_BYTES; i++) {
		add_general_name(names, sk_GENERAL_NAME_value(alt, i));
		n = json_array_size(names);
		bytes += n == 0 ? 0 : json_string_length(json_array_get(
		    names, n - 1));
	}
	GENERAL_NAMES_free(alt);
	if (json_array_size(names) == 0)
		add_common_name(names, x);
	return names;
}

/* Does it say where to fetch its issuer (RFC 5280 4.2.2.1)? */
static bool
has_ca_issuers(X509 *x)
{
	AUTHORITY_INFO_ACCESS *info = X509_get_ext_d2i(x, NID_info_access,
	    NULL, NULL);
	bool found = false;
	int i;

	for (i = 0; i < sk_ACCESS_DESCRIPTION_num(info); i++) {
		const ACCESS_DESCRIPTION *d =
		    sk_ACCESS_DESCRIPTION_value(info, i);

		if (OBJ_obj2nid(d->method) == NID_ad_ca_issuers &&
		    d->location->type == GEN_URI)
			found = true;
	}
	AUTHORITY_INFO_ACCESS_free(info);
	return found;
}

static void
put_hex(json_t *o, const char *key, const unsigned char *data, size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < n; i++)
		buf_printf(&b, "%02x", (unsigned)data[i]);
	json_put_str(o, key, buf_str(&b));
	buf_free(&b);
}

static void
put_digests(json_t *o, X509 *x)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	size_t len = (size_t)ASN1_STRING_length(serial);
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	put_hex(o, "serial", ASN1_STRING_get0_data(serial),
	    len > SERIAL_MAX ? SERIAL_MAX : len);
	if (X509_digest(x, EVP_sha256(), md, &n) == 1)
		put_hex(o, "sha256", md, n);
}

static void
put_key(json_t *o, X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	const char *type;
	struct buf b;

	if (key == NULL)
		return;
	type = EVP_PKEY_get0_type_name(key);
	buf_init(&b, 0);
	buf_printf(&b, "%s %d", type == NULL ? "?" : type,
	    EVP_PKEY_get_bits(key));
	json_put_str(o, "key", buf_str(&b));
	buf_free(&b);
}

json_t *
cert_fact(X509 *x)
{
	json_t *o = json_object();

	json_put(o, "subject", name_text(X509_get_subject_name(x)));
	json_put(o, "issuer", name_text(X509_get_issuer_name(x)));
	json_put(o, "names", names_of(x));
	json_put_int(o, "not_before", epoch(X509_get0_notBefore(x)));
	json_put_int(o, "not_after", epoch(X509_get0_notAfter(x)));
	put_digests(o, x);
	json_put_flag(o, "self",
	    (X509_get_extension_flags(x) & EXFLAG_SS) != 0);
	json_put_flag(o, "ca", X509_check_ca(x) > 0);
	json_put_flag(o, "aia", has_ca_issuers(x));
	put_key(o, x);
	ERR_clear_error();
	return o;
}

json_t *
cert_chain_fact(STACK_OF(X509) *chain)
{
	json_t *a;
	int i, n = chain == NULL ? 0 : sk_X509_num(chain);

	if (n <= 0)
		return NULL;
	a = json_array();
	for (i = 0; i < n && i < CHAIN_MAX; i++)
		json_array_append_new(a, cert_fact(sk_X509_value(chain, i)));
	return a;
}

int
cert_store_add(X509_STORE *store, const char *pem)
{
	BIO *in = BIO_new_mem_buf(pem, -1);
	X509 *x;
	int n = 0;

	if (in == NULL)
		return -1;
	while ((x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	BIO_free(in);
	ERR_clear_error();
	return n == 0 ? -1 : n;
}
