/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses and prefixes as bytes: strict reading, RFC 5952 writing, order,
 * PTR names. No resolver, no zone ids, no locale.
 */
#include "base/addr.h"

#include <stdio.h>
#include <string.h>

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four decimal numbers without leading zeros, to the end of s. */
static int
parse4(unsigned char b[4], const char *s)
{
	int i;

	for (i = 0; i < 4; i++) {
		unsigned n = 0, digits = 0;

		for (; *s >= '0' && *s <= '9'; s++) {
			if (digits > 0 && n == 0)
				return -1;
			n = n * 10 + (unsigned)(*s - '0');
			if (++digits > 3 || n > 255)
				return -1;
		}
		if (digits == 0 || *s++ != (i < 3 ? '.' : '\0'))
			return -1;
		b[i] = (unsigned char)n;
	}
	return 0;
}

/* One group of hexadecimal digits: characters read, 0 if none fits. */
static size_t
group(unsigned char b[2], const char *s)
{
	unsigned n = 0;
	size_t len;

	for (len = 0; len < 4 && hex(s[len]) >= 0; len++)
		n = n << 4 | (unsigned)hex(s[len]);
	if (len == 0 || hex(s[len]) >= 0)
		return 0;
	b[0] = (unsigned char)(n >> 8);
	b[1] = (unsigned char)n;
	return len;
}

/* Move what stood after "::" to the end; there must be a gap. */
static int
spread(unsigned char b[16], int used, int gap)
{
	if (gap < 0)
		return used == 16 ? 0 : -1;
	if (used > 14)
		return -1;
	memmove(b + 16 - (used - gap), b + gap, (size_t)(used - gap));
	memset(b + gap, 0, (size_t)(16 - used));
	return 0;
}

static int
parse6(unsigned char b[16], const char *s)
{
	int used = 0, gap = -1;
	size_t len;

	if (s[0] == ':' && s[1] != ':')
		return -1;
	for (;;) {
		if (s[0] == ':' && s[1] == ':') {
			if (gap >= 0)
				return -1;
			gap = used;
			s += 2;
			if (*s == '\0')
				break;
		} else if (used > 0 && *s++ != ':')
			return -1;
		if (used <= 12 && strspn(s, "0123456789") <= 3 &&
		    s[strspn(s, "0123456789")] == '.') {
			if (parse4(b + used, s) != 0)
				return -1;
			used += 4;
			break;
		}
		if (used >= 16 || (len = group(b + used, s)) == 0)
			return -1;
		used += 2;
		s += len;
		if (*s == '\0')
			break;
	}
	return spread(b, used, gap);
}

int
addr_parse(struct addr *a, const char *s)
{
	struct addr out;
	int rc;

	memset(&out, 0, sizeof out);
	out.family = strchr(s, ':') != NULL ? 6 : 4;
	rc = out.family == 6 ? parse6(out.b, s) : parse4(out.b, s);
	if (rc == 0)
		*a = out;
	return rc;
}

/* First and length of the longest run of at least two zero groups. */
static int
longest_zeros(const unsigned char *b, int *first)
{
	int best = 0, run = 0, i;

	for (i = 0; i < 8; i++) {
		run = b[2 * i] == 0 && b[2 * i + 1] == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*first = i - run + 1;
		}
	}
	return best < 2 ? 0 : best;
}

static void
print6(const unsigned char *b, char *out)
{
	static const unsigned char mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
	};
	int first = -1, zeros, i;

	if (memcmp(b, mapped, 12) == 0) {
		snprintf(out, ADDR_STRLEN, "::ffff:%u.%u.%u.%u",
		    b[12], b[13], b[14], b[15]);
		return;
	}
	zeros = longest_zeros(b, &first);
	for (i = 0; i < 8; i++) {
		if (zeros > 0 && i == first) {
			out += sprintf(out, "::");
			i += zeros - 1;
			continue;
		}
		out += sprintf(out, "%s%x",
		    i > 0 && !(zeros > 0 && i == first + zeros) ? ":" : "",
		    (unsigned)(b[2 * i] << 8 | b[2 * i + 1]));
	}
}

const char *
addr_print(const struct addr *a, char out[ADDR_STRLEN])
{
	out[0] = '\0';
	if (a->family == 4)
		snprintf(out, ADDR_STRLEN, "%u.%u.%u.%u",
		    a->b[0], a->b[1], a->b[2], a->b[3]);
	else if (a->family == 6)
		print6(a->b, out);
	return out;
}

static size_t
bytes_of(const struct addr *a)
{
	return a->family == 6 ? 16 : a->family == 4 ? 4 : 0;
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, bytes_of(a));
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_cmp(a, b) == 0;
}

bool
addr_in(const struct addr *list, size_t n, const struct addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (addr_equal(&list[i], a))
			return true;
	return false;
}

int
addr_from_bytes(struct addr *a, const void *data, size_t len)
{
	memset(a, 0, sizeof *a);
	if (len != 4 && len != 16)
		return -1;
	a->family = len == 4 ? 4 : 6;
	memcpy(a->b, data, len);
	return 0;
}

void
addr_reverse(const struct addr *a, char *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char name[80], *p = name;
	int i;

	name[0] = '\0';
	if (a->family == 4)
		snprintf(name, sizeof name, "%u.%u.%u.%u.in-addr.arpa",
		    a->b[3], a->b[2], a->b[1], a->b[0]);
	for (i = 15; a->family == 6 && i >= 0; i--) {
		*p++ = digits[a->b[i] & 15];
		*p++ = '.';
		*p++ = digits[a->b[i] >> 4];
		*p++ = '.';
		memcpy(p, "ip6.arpa", sizeof "ip6.arpa");
	}
	snprintf(out, size, "%s", name);
}

/* Are all bits of the address after the first len zero? */
static bool
no_host_bits(const struct addr *a, int len)
{
	int i, bits = (int)bytes_of(a) * 8;

	for (i = len; i < bits; i++) {
		if ((a->b[i / 8] & (0x80 >> (i % 8))) != 0)
			return false;
	}
	return true;
}

int
prefix_parse(struct prefix *p, const char *s)
{
	char text[ADDR_STRLEN];
	const char *slash = strchr(s, '/');
	struct addr a;
	unsigned char len;
	unsigned char b[4];

	if (slash == NULL || (size_t)(slash - s) >= sizeof text)
		return -1;
	memcpy(text, s, (size_t)(slash - s));
	text[slash - s] = '\0';
	if (addr_parse(&a, text) != 0 || strlen(slash + 1) > 3)
		return -1;
	snprintf(text, sizeof text, "%s.0.0.0", slash + 1);
	if (parse4(b, text) != 0)
		return -1;
	len = b[0];
	if (len > bytes_of(&a) * 8 || !no_host_bits(&a, len))
		return -1;
	p->addr = a;
	p->len = len;
	return 0;
}

bool
prefix_match(const struct prefix *p, const struct addr *a)
{
	size_t whole = (size_t)p->len / 8;
	int rest = p->len % 8;

	if (a->family != p->addr.family)
		return false;
	if (memcmp(a->b, p->addr.b, whole) != 0)
		return false;
	return rest == 0 ||
	    ((a->b[whole] ^ p->addr.b[whole]) & (0xff00 >> rest) & 0xff) == 0;
}
