/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why nothing came: errno and ICMP messages put into one set of causes, once,
 * for DNS and for every service alike.
 */
#include "base/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const causes[] = {
	[NET_OK] = "ok",
	[NET_NO_FAMILY] = "no-family",
	[NET_TIMEOUT] = "timeout",
	[NET_REFUSED] = "refused",
	[NET_UNREACHABLE] = "unreachable",
	[NET_PROHIBITED] = "prohibited",
	[NET_CLOSED] = "closed",
	[NET_STALLED] = "stalled",
	[NET_LOCAL] = "local",
	[NET_INTERRUPTED] = "interrupted",
};

static const struct errno_row {
	int		 err;
	const char	*word;
	enum net_cause	 cause;
	bool		 soft;
} errnos[] = {
	{ECONNREFUSED, "ECONNREFUSED", NET_REFUSED, true},
	{ETIMEDOUT, "ETIMEDOUT", NET_TIMEOUT, false},
	{EHOSTUNREACH, "EHOSTUNREACH", NET_UNREACHABLE, true},
	{ENETUNREACH, "ENETUNREACH", NET_UNREACHABLE, true},
#ifdef EHOSTDOWN
	{EHOSTDOWN, "EHOSTDOWN", NET_UNREACHABLE, true},
#endif
#ifdef ENONET
	{ENONET, "ENONET", NET_UNREACHABLE, true},
#endif
	{EPROTO, "EPROTO", NET_UNREACHABLE, true},
	{ENOPROTOOPT, "ENOPROTOOPT", NET_UNREACHABLE, true},
	{EMSGSIZE, "EMSGSIZE", NET_UNREACHABLE, true},
	{EACCES, "EACCES", NET_PROHIBITED, true},
	{ECONNRESET, "ECONNRESET", NET_CLOSED, false},
	{ECONNABORTED, "ECONNABORTED", NET_CLOSED, false},
	{EPIPE, "EPIPE", NET_CLOSED, false},
	{ENOTCONN, "ENOTCONN", NET_CLOSED, false},
	{EAFNOSUPPORT, "EAFNOSUPPORT", NET_NO_FAMILY, false},
	{EPROTONOSUPPORT, "EPROTONOSUPPORT", NET_NO_FAMILY, false},
	{ECANCELED, "ECANCELED", NET_INTERRUPTED, false},
	{EINTR, "EINTR", NET_INTERRUPTED, false},
	{EADDRNOTAVAIL, "EADDRNOTAVAIL", NET_LOCAL, false},
	{EADDRINUSE, "EADDRINUSE", NET_LOCAL, false},
	{EPERM, "EPERM", NET_LOCAL, false},
	{EMFILE, "EMFILE", NET_LOCAL, false},
	{ENFILE, "ENFILE", NET_LOCAL, false},
	{ENOBUFS, "ENOBUFS", NET_LOCAL, false},
	{ENOMEM, "ENOMEM", NET_LOCAL, false},
	{ENETDOWN, "ENETDOWN", NET_LOCAL, false},
	{EINVAL, "EINVAL", NET_LOCAL, false},
	{EBADF, "EBADF", NET_LOCAL, false},
};

/* RFC 792, 1812 5.2.7; RFC 4443, 8883: "x" stands for any code. */
static const struct icmp_row {
	int		 family, type, code;
	enum net_cause	 cause;
	const char	*word;
} icmps[] = {
	{4, 3, 0, NET_UNREACHABLE, "ICMP 3/0 net unreachable"},
	{4, 3, 1, NET_UNREACHABLE, "ICMP 3/1 host unreachable"},
	{4, 3, 2, NET_UNREACHABLE, "ICMP 3/2 protocol unreachable"},
	{4, 3, 3, NET_REFUSED, "ICMP 3/3 port unreachable"},
	{4, 3, 4, NET_UNREACHABLE, "ICMP 3/4 fragmentation needed"},
	{4, 3, 5, NET_UNREACHABLE, "ICMP 3/5 source route failed"},
	{4, 3, 6, NET_UNREACHABLE, "ICMP 3/6 net unknown"},
	{4, 3, 7, NET_UNREACHABLE, "ICMP 3/7 host unknown"},
	{4, 3, 9, NET_PROHIBITED, "ICMP 3/9 net prohibited"},
	{4, 3, 10, NET_PROHIBITED, "ICMP 3/10 host prohibited"},
	{4, 3, 11, NET_UNREACHABLE, "ICMP 3/11 net unreachable for TOS"},
	{4, 3, 12, NET_UNREACHABLE, "ICMP 3/12 host unreachable for TOS"},
	{4, 3, 13, NET_PROHIBITED, "ICMP 3/13 admin prohibited"},
	{4, 3, 14, NET_PROHIBITED, "ICMP 3/14 host precedence violation"},
	{4, 3, 15, NET_PROHIBITED, "ICMP 3/15 precedence cutoff"},
	{4, 11, 0, NET_UNREACHABLE, "ICMP 11/0 time exceeded in transit"},
	{4, 12, 0, NET_UNREACHABLE, "ICMP 12/0 parameter problem"},
	{6, 1, 0, NET_UNREACHABLE, "ICMPv6 1/0 no route"},
	{6, 1, 1, NET_PROHIBITED, "ICMPv6 1/1 admin prohibited"},
	{6, 1, 2, NET_UNREACHABLE, "ICMPv6 1/2 beyond scope of source"},
	{6, 1, 3, NET_UNREACHABLE, "ICMPv6 1/3 address unreachable"},
	{6, 1, 4, NET_REFUSED, "ICMPv6 1/4 port unreachable"},
	{6, 1, 5, NET_PROHIBITED, "ICMPv6 1/5 source address policy"},
	{6, 1, 6, NET_PROHIBITED, "ICMPv6 1/6 reject route"},
	{6, 1, 7, NET_UNREACHABLE, "ICMPv6 1/7 source routing header"},
	{6, 1, 8, NET_UNREACHABLE, "ICMPv6 1/8 headers too long"},
	{6, 2, 0, NET_UNREACHABLE, "ICMPv6 2/0 packet too big"},
	{6, 3, 0, NET_UNREACHABLE, "ICMPv6 3/0 hop limit exceeded"},
	{6, 4, 0, NET_UNREACHABLE, "ICMPv6 4/0 parameter problem"},
	{6, 4, 1, NET_UNREACHABLE, "ICMPv6 4/1 unrecognized next header"},
	{6, 4, 2, NET_UNREACHABLE, "ICMPv6 4/2 unrecognized option"},
};

static const struct errno_row *
errno_row(int err)
{
	size_t i;

	for (i = 0; i < COUNT(errnos); i++) {
		if (errnos[i].err == err)
			return &errnos[i];
	}
	return NULL;
}

static const struct icmp_row *
icmp_row(int family, int type, int code)
{
	size_t i;

	for (i = 0; i < COUNT(icmps); i++) {
		if (icmps[i].family == family && icmps[i].type == type &&
		    icmps[i].code == code)
			return &icmps[i];
	}
	return NULL;
}

void
net_error_init(struct net_error *e, enum net_cause cause)
{
	memset(e, 0, sizeof *e);
	e->cause = cause;
	e->icmp_type = e->icmp_code = -1;
}

void
net_error_errno(struct net_error *e, int err)
{
	const struct errno_row *row = errno_row(err);

	net_error_init(e, row == NULL ? NET_LOCAL : row->cause);
	e->err = err;
	if (err == 0)
		e->cause = NET_OK;
}

void
net_error_icmp(struct net_error *e, int family, int type, int code,
    const struct addr *sender, int err)
{
	const struct icmp_row *row = icmp_row(family, type, code);

	net_error_init(e, row == NULL ? NET_UNREACHABLE : row->cause);
	e->err = err;
	e->icmp_type = type;
	e->icmp_code = code;
	if (sender != NULL)
		e->sender = *sender;
}

const char *
net_cause_word(enum net_cause cause)
{
	return causes[cause];
}

int
net_cause_parse(const char *word, enum net_cause *cause)
{
	size_t i;

	for (i = 0; i < COUNT(causes); i++) {
		if (strcmp(word, causes[i]) == 0) {
			*cause = (enum net_cause)i;
			return 0;
		}
	}
	return -1;
}

const char *
net_errno_word(int err)
{
	static char other[16];
	const struct errno_row *row = errno_row(err);

	if (row != NULL)
		return row->word;
	if (err == 0)
		return "";
	snprintf(other, sizeof other, "E%d", err);
	return other;
}

int
net_errno_parse(const char *word)
{
	size_t i;

	for (i = 0; i < COUNT(errnos); i++) {
		if (strcmp(word, errnos[i].word) == 0)
			return errnos[i].err;
	}
	return word[0] == 'E' ? (int)strtol(word + 1, NULL, 10) : 0;
}

bool
net_errno_soft(int err)
{
	const struct errno_row *row = errno_row(err);

	return row != NULL && row->soft;
}

const char *
net_icmp_word(int family, int type, int code)
{
	const struct icmp_row *row = icmp_row(family, type, code);

	return row == NULL ? "" : row->word;
}
