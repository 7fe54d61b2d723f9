/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP over the practice link (RFC 792, RFC 4443): echo is answered by the
 * hosts that exist, and a declared error becomes the message it stands for.
 */
#include <string.h>

#include "base/xalloc.h"
#include "practice/wire_inside.h"

static bool
is_echo(const struct wire_packet *p)
{
	return (p->len >= 8 && p->len <= WIRE_ECHO_MAX && p->data[1] == 0 &&
	    p->data[0] == (p->from.family == 4 ? 8 : 128));
}

void
wire_icmp_input(struct wire *wi, const struct wire_packet *p)
{
	struct sockname		 client = { p->from, 0 }, server = { p->to, 0 };
	struct net_error	 e;
	struct wire_echo	*echo;
	int64_t			 delay;
	int			 rc;

	if (!is_echo(p) || wi->nechoes == WIRE_ECHOES ||
	    (rc = memory_echo(wi->w, &p->to, &e, &delay)) == 0)
		return;
	if (rc == -1) {
		wire_icmp_error(wi, &e, &client, &server, p->proto, p->data);
		return;
	}
	if (wi->echoes == NULL)
		wi->echoes = xcalloc(WIRE_ECHOES, sizeof *wi->echoes);
	echo = &wi->echoes[wi->nechoes++];
	echo->at = wi->w->ops->now(wi->w) + delay;
	echo->client = p->from;
	echo->server = p->to;
	echo->len = p->len;
	memcpy(echo->data, p->data, p->len);
}

void
wire_icmp_turn(struct wire *wi, int64_t now)
{
	struct wire_echo	*e;
	size_t			 i;

	for (i = 0; i < wi->nechoes;) {
		e = &wi->echoes[i];
		if (e->at > now) {
			i++;
			continue;
		}
		e->data[0] = e->client.family == 4 ? 0 : 129;
		wire_send(wi, &e->server, &e->client, e->client.family == 4 ?
		    WIRE_ICMP : WIRE_ICMP6, e->data, e->len, 2);
		*e = wi->echoes[--wi->nechoes];
	}
}

int64_t
wire_icmp_next(const struct wire *wi)
{
	int64_t	next = WORLD_NEVER;
	size_t	i;

	for (i = 0; i < wi->nechoes; i++)
		if (wi->echoes[i].at < next)
			next = wi->echoes[i].at;
	return (next);
}

static unsigned
mtu_of(int family, int type, int code)
{
	if (family == 6)
		return (type == 2 ? 1280 : 0);
	return (type == 3 && code == 4 ? 1280 : 0);
}

void
wire_icmp_error(struct wire *wi, const struct net_error *e,
    const struct sockname *client, const struct sockname *server, int proto,
    const unsigned char first[8])
{
	int		 family = client->addr.family;
	unsigned char	 m[8 + 40 + 8] = { 0 };
	struct addr	 sender = e->sender;
	size_t		 n;

	if (e->icmp_type < 0)
		return;
	if (sender.family != family)
		sender = server->addr;
	m[0] = (unsigned char)e->icmp_type;
	m[1] = (unsigned char)e->icmp_code;
	wire_put16(m + 6, mtu_of(family, e->icmp_type, e->icmp_code));
	n = 8 + wire_header(m + 8, &client->addr, &server->addr, proto, 8, 0);
	memcpy(m + n, first, 8);
	wire_send(wi, &sender, &client->addr,
	    family == 4 ? WIRE_ICMP : WIRE_ICMP6, m, n + 8, 2);
}
