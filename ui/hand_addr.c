/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * :addr, all forms of an address: as RFC 5952 writes it, in a URL, its name
 * in the reverse tree, what class it is of, its forms behind NAT64/DNS64.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/hand_url.h"
#include "ui/strings.h"

/* Brackets, a prefix length, a zone index, "[addr]:port": the address. */
static char *
inside(const char *text)
{
	unsigned bits = 0;
	char *s = paste_repair(text, &bits), *end;

	s[strcspn(s, "/%")] = '\0';
	if (*s == '[') {
		memmove(s, s + 1, strlen(s));
		s[strcspn(s, "]")] = '\0';
	}
	end = s + strlen(s);
	while (end > s && end[-1] == ' ')
		*--end = '\0';
	memmove(s, s + strspn(s, " "), strlen(s + strspn(s, " ")) + 1);
	return s;
}

static void
whole(const struct addr *a, char out[64])
{
	size_t at = 0;

	for (int i = 0; i < 16; i += 2)
		at += (size_t)snprintf(out + at, 64 - at, "%s%02x%02x",
		    i == 0 ? "" : ":", a->b[i], a->b[i + 1]);
}

static void
row(struct hand *h, const char *key, const char *value)
{
	hand_say(h, key, "text", value, NULL);
}

static void
class_row(struct hand *h, const struct addr *a)
{
	const struct addr_class *c = world_classify(loop_world(h->loop), a);
	char *key = xasprintf("class.%s", c->id), *text;
	const char *name = strings_try(key);

	text = xasprintf("%s%s%s%s%s", name == NULL ? c->id : name,
	    c->prefix == NULL ? "" : "  ", c->prefix == NULL ? "" : c->prefix,
	    c->rfc == NULL ? "" : "  ", c->rfc == NULL ? "" : c->rfc);
	row(h, "addr.class", text);
	free(text);
	free(key);
}

static void
v4_rows(struct hand *h, const struct addr *a)
{
	static const unsigned char wkp[12] = { 0, 0x64, 0xff, 0x9b };
	struct addr x = { .family = 6 };
	char text[ADDR_STRLEN], line[192];

	const struct addr_class *c = addr_classify(a);

	memcpy(x.b, wkp, sizeof(wkp));
	memcpy(x.b + 12, a->b, 4);
	if (strcmp(c->id, "private") == 0 || strcmp(c->id, "shared") == 0)
		row(h, "addr.dns64-none", c->prefix);
	else
		row(h, "addr.dns64", addr_print(&x, text));
	memset(x.b, 0, 12);
	x.b[10] = x.b[11] = 0xff;
	row(h, "addr.mapped", addr_print(&x, text));
	addr_print(a, text);
	snprintf(line, sizeof(line), "http://%s.dns64/  http://%s.host/",
	    text, text);
	row(h, "addr.literal", line);
}

static void
v6_rows(struct hand *h, const struct addr *a)
{
	static const unsigned char wkp[12] = { 0, 0x64, 0xff, 0x9b };
	char text[ADDR_STRLEN], full[64], line[192];
	struct addr v4 = { .family = 4 };

	whole(a, full);
	row(h, "addr.full", full);
	if (memcmp(a->b, wkp, sizeof(wkp)) == 0) {
		memcpy(v4.b, a->b + 12, 4);
		row(h, "addr.embedded", addr_print(&v4, text));
	}
	snprintf(line, sizeof(line), "%s.ipv6-literal.net",
	    addr_print(a, text));
	for (char *p = line; *p != '\0'; p++)
		if (*p == ':')
			*p = '-';
	row(h, "addr.unc", line);
}

void
hand_addr(struct hand *h, const char *text)
{
	char *s = inside(text), out[ADDR_STRLEN], name[80], *line;
	struct addr a;

	if (addr_parse(&a, s) != 0) {
		hand_bad(h, "hand.no-addr", "text", text, NULL);
		free(s);
		return;
	}
	free(s);
	row(h, "addr.plain", addr_print(&a, out));
	line = xasprintf(a.family == 6 ? "http://[%s]/" : "http://%s/", out);
	row(h, "addr.url", line);
	free(line);
	line = xasprintf(a.family == 6 ? "EHLO [IPv6:%s]" : "EHLO [%s]", out);
	row(h, "addr.smtp", line);
	free(line);
	addr_reverse(&a, name, sizeof(name));
	row(h, "addr.reverse", name);
	class_row(h, &a);
	if (a.family == 4)
		v4_rows(h, &a);
	else
		v6_rows(h, &a);
}
