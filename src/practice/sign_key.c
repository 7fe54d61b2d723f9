/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys of practice zones, from a hash of seed and name: Ed25519, or ECDSA on
 * P-256 where OpenSSL has no Ed25519 (a FIPS provider). Which of them it has
 * is tried once, with a whole signature.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/sign_inside.h"

#define SECRET_LEN	SHA256_DIGEST_LENGTH
#define HALF		32	/* octets of r, of s (RFC 6605 4) */
#define DER_MAX		80	/* of an ECDSA-Sig-Value on P-256 */

static unsigned	lacks, tried, has;	/* 1u << number */

/* The point of the secret as 4, X, Y (RFC 5480 2.2). */
static int
p256_public(const BIGNUM *secret, unsigned char out[1 + 2 * HALF])
{
	EC_GROUP	*group = EC_GROUP_new_by_curve_name(
			    NID_X9_62_prime256v1);
	EC_POINT	*point = group != NULL ? EC_POINT_new(group) : NULL;
	int		 rc = -1;

	if (point != NULL && EC_POINT_mul(group, point, secret, NULL, NULL,
	    NULL) == 1 && EC_POINT_point2oct(group, point,
	    POINT_CONVERSION_UNCOMPRESSED, out, 1 + 2 * HALF, NULL) ==
	    1 + 2 * HALF)
		rc = 0;
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return (rc);
}

static EVP_PKEY *
p256_from(OSSL_PARAM *params)
{
	EVP_PKEY_CTX	*ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY	*key = NULL;

	if (ctx != NULL && params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return (key);
}

/* A secret below 2^255 is below the order of the curve, too. */
static EVP_PKEY *
p256_make(unsigned char secret[SECRET_LEN], unsigned char public[2 * HALF])
{
	OSSL_PARAM_BLD	*b = OSSL_PARAM_BLD_new();
	unsigned char	 point[1 + 2 * HALF];
	EVP_PKEY	*key = NULL;
	BIGNUM		*n;

	secret[0] &= 0x7f;
	n = BN_bin2bn(secret, SECRET_LEN, NULL);
	if (b != NULL && n != NULL && p256_public(n, point) == 0 &&
	    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME,
	    "P-256", 0) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, n) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY,
	    point, sizeof point) == 1) {
		key = p256_from(OSSL_PARAM_BLD_to_param(b));
		memcpy(public, point + 1, 2 * HALF);
	}
	OSSL_PARAM_BLD_free(b);
	BN_free(n);
	return (key);
}

static EVP_PKEY *
ed25519_make(const unsigned char secret[SECRET_LEN], unsigned char *public)
{
	EVP_PKEY	*key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519,
			    NULL, secret, SECRET_LEN);
	size_t		 len = SECRET_LEN;

	if (key != NULL && EVP_PKEY_get_raw_public_key(key, public,
	    &len) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return (key);
}

static unsigned
key_tag(const unsigned char *rdata, size_t len)
{
	uint32_t	sum = 0;
	size_t		i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)rdata[i] << 8 : rdata[i];
	sum += sum >> 16;
	return (sum & 0xffff);
}

/* A key of that algorithm: 0, or -1 if OpenSSL does not give one. */
static int
make(struct sign_key *k, int algorithm, const unsigned char *zone,
    uint64_t seed)
{
	unsigned char	secret[SECRET_LEN];
	struct buf	b;

	buf_init(&b, 0);
	buf_add(&b, &seed, sizeof seed);
	buf_add(&b, zone, name_len(zone));
	SHA256(b.data, b.len, secret);
	buf_free(&b);
	memcpy(k->rdata, "\1\1\3", 3);
	k->rdata[3] = (unsigned char)algorithm;
	k->pkey = algorithm == SIGN_P256 ? p256_make(secret, k->rdata + 4) :
	    ed25519_make(secret, k->rdata + 4);
	k->len = algorithm == SIGN_P256 ? 4 + 2 * HALF : 4 + SECRET_LEN;
	k->tag = k->pkey != NULL ? key_tag(k->rdata, k->len) : 0;
	return (k->pkey != NULL ? 0 : -1);
}

/* The two numbers of the DER form side by side. */
static int
add_numbers(struct buf *out, const unsigned char *der, size_t len)
{
	ECDSA_SIG	*s = d2i_ECDSA_SIG(NULL, &der, (long)len);
	unsigned char	 both[2 * HALF];
	int		 rc = -1;

	if (s != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(s), both, HALF) == HALF &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), both + HALF, HALF) == HALF)
		rc = buf_add(out, both, sizeof both);
	ECDSA_SIG_free(s);
	return (rc);
}

static int
use(const struct sign_key *k, const struct buf *data, struct buf *out)
{
	bool		 ecdsa = k->rdata[3] == SIGN_P256;
	EVP_MD_CTX	*ctx = EVP_MD_CTX_new();
	unsigned char	 signature[DER_MAX];
	size_t		 len = sizeof signature;
	int		 rc = -1;

	if (ctx != NULL && EVP_DigestSignInit(ctx, NULL, ecdsa ?
	    EVP_sha256() : NULL, NULL, k->pkey) == 1 &&
	    EVP_DigestSign(ctx, signature, &len, data->data, data->len) == 1)
		rc = ecdsa ? add_numbers(out, signature, len) :
		    buf_add(out, signature, len);
	EVP_MD_CTX_free(ctx);
	return (rc);
}

/* Can it be made and used? */
static bool
works(int algorithm)
{
	static const unsigned char	root[1] = { 0 };
	struct sign_key			k;
	struct buf			data, out;
	bool				good;

	if (((tried | lacks) & 1u << algorithm) != 0)
		return ((has & ~lacks & 1u << algorithm) != 0);
	buf_init(&data, 0);
	buf_init(&out, 0);
	buf_addc(&data, 'x');
	good = make(&k, algorithm, root, 0) == 0 && use(&k, &data, &out) == 0;
	sign_key_free(&k);
	buf_free(&data);
	buf_free(&out);
	ERR_clear_error();
	tried |= 1u << algorithm;
	has |= good ? 1u << algorithm : 0;
	return (good);
}

bool
sign_possible(void)
{
	return (works(SIGN_ED25519) || works(SIGN_P256));
}

void
sign_lacks(unsigned algorithms)
{
	lacks = algorithms;
}

void
sign_key_make(struct sign_key *k, const unsigned char *zone, uint64_t seed)
{
	if (make(k, works(SIGN_ED25519) ? SIGN_ED25519 : SIGN_P256, zone,
	    seed) == -1)
		xalloc_give_up();
}

void
sign_key_use(const struct sign_key *k, const struct buf *data,
    struct buf *rdata)
{
	if (use(k, data, rdata) == -1)
		xalloc_give_up();
}

void
sign_key_free(struct sign_key *k)
{
	EVP_PKEY_free(k->pkey);
	k->pkey = NULL;
}
