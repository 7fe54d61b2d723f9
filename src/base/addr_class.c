/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kinds of addresses: the IANA special-purpose registries and the addresses
 * that have no place in a public zone. The longest matching prefix decides.
 */
#include "base/addr.h"

#include <stdlib.h>

const struct addr_class addr_global = {"", "global", "", 0};

static const struct addr_class classes[] = {
	{"0.0.0.0/8", "this-network", "RFC 1122", 2},
	{"10.0.0.0/8", "private", "RFC 1918", 2},
	{"172.16.0.0/12", "private", "RFC 1918", 2},
	{"192.168.0.0/16", "private", "RFC 1918", 2},
	{"100.64.0.0/10", "shared", "RFC 6598", 2},
	{"127.0.0.0/8", "loopback", "RFC 1122", 2},
	{"169.254.0.0/16", "link-local", "RFC 3927", 2},
	{"192.0.0.0/24", "ietf-protocol", "RFC 6890", 2},
	{"192.0.0.0/29", "ipv4-continuity", "RFC 7335", 2},
	{"192.0.0.8/32", "ipv4-dummy", "RFC 7600", 2},
	{"192.0.0.9/32", "pcp-anycast", "RFC 7723", 1},
	{"192.0.0.10/32", "turn-anycast", "RFC 8155", 1},
	{"192.0.0.170/32", "nat64-discovery", "RFC 8880", 2},
	{"192.0.0.171/32", "nat64-discovery", "RFC 8880", 2},
	{"192.0.2.0/24", "documentation", "RFC 5737", 2},
	{"198.51.100.0/24", "documentation", "RFC 5737", 2},
	{"203.0.113.0/24", "documentation", "RFC 5737", 2},
	{"198.18.0.0/15", "benchmarking", "RFC 2544", 2},
	{"192.31.196.0/24", "as112", "RFC 7535", 1},
	{"192.52.193.0/24", "amt", "RFC 7450", 1},
	{"192.175.48.0/24", "as112", "RFC 7534", 1},
	{"192.88.99.0/24", "6to4-relay", "RFC 7526", 1},
	{"192.88.99.2/32", "6a44-relay", "RFC 6751", 1},
	{"224.0.0.0/4", "multicast", "RFC 5771", 2},
	{"240.0.0.0/4", "reserved", "RFC 1112", 2},
	{"255.255.255.255/32", "broadcast", "RFC 8190", 2},
	{"::/0", "outside-2000", "RFC 4291", 2},
	{"2000::/3", "global", "", 0},
	{"::/128", "unspecified", "RFC 4291", 2},
	{"::1/128", "loopback", "RFC 4291", 2},
	{"::/96", "v4-compatible", "RFC 4291", 2},
	{"::ffff:0.0.0.0/96", "v4-mapped", "RFC 4291", 2},
	{"::ffff:0:0:0/96", "v4-translated", "RFC 2765", 2},
	{"64:ff9b::/96", "nat64", "RFC 6052", 2},
	{"64:ff9b:1::/48", "nat64-local", "RFC 8215", 2},
	{"100::/64", "discard", "RFC 6666", 2},
	{"100:0:0:1::/64", "dummy-prefix", "RFC 9780", 2},
	{"200::/7", "nsap", "RFC 4048", 2},
	{"2001::/23", "ietf-protocol", "RFC 2928", 2},
	{"2001::/32", "teredo", "RFC 4380", 2},
	{"2001:1::1/128", "pcp-anycast", "RFC 7723", 1},
	{"2001:1::2/128", "turn-anycast", "RFC 8155", 1},
	{"2001:1::3/128", "dns-sd-anycast", "RFC 9665", 1},
	{"2001:2::/48", "benchmarking", "RFC 5180", 2},
	{"2001:3::/32", "amt", "RFC 7450", 1},
	{"2001:4:112::/48", "as112", "RFC 7535", 1},
	{"2001:10::/28", "orchid", "RFC 4843", 2},
	{"2001:20::/28", "orchid2", "RFC 7343", 1},
	{"2001:30::/28", "drone-id", "RFC 9374", 1},
	{"2001:db8::/32", "documentation", "RFC 3849", 2},
	{"3fff::/20", "documentation", "RFC 9637", 2},
	{"2002::/16", "6to4", "RFC 3056", 1},
	{"2620:4f:8000::/48", "as112", "RFC 7534", 1},
	{"3ffe::/16", "6bone", "RFC 3701", 2},
	{"5f00::/16", "srv6", "RFC 9602", 2},
	{"fc00::/7", "ula", "RFC 4193", 2},
	{"fe80::/10", "link-local", "RFC 4291", 2},
	{"fec0::/10", "site-local", "RFC 3879", 2},
	{"ff00::/8", "multicast", "RFC 4291", 2},
};

#define NCLASSES (sizeof classes / sizeof classes[0])

const struct addr_class *
addr_classify(const struct addr *a)
{
	static struct prefix prefixes[NCLASSES];
	const struct addr_class *best = &addr_global;
	int longest = -1;
	size_t i;

	for (i = 0; prefixes[NCLASSES - 1].len == 0 && i < NCLASSES; i++) {
		if (prefix_parse(&prefixes[i], classes[i].prefix) != 0)
			abort();
	}
	for (i = 0; i < NCLASSES; i++) {
		if (prefixes[i].len > longest &&
		    prefix_match(&prefixes[i], a)) {
			longest = prefixes[i].len;
			best = &classes[i];
		}
	}
	return best->level == 0 ? &addr_global : best;
}
