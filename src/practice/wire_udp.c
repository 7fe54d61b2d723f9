/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP over the practice link: each port of the client is one socket of the
 * memory world; what comes back, from wherever, goes to that port.
 */
#include <errno.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/wire_inside.h"

#define IDLE	(120 * NSEC_PER_SEC)

static struct wire_port *
find(struct wire *wi, const struct sockname *client)
{
	size_t	i;

	for (i = 0; i < wi->nports; i++)
		if (wi->ports[i].client.port == client->port &&
		    addr_equal(&wi->ports[i].client.addr, &client->addr))
			return (&wi->ports[i]);
	return (NULL);
}

static struct wire_port *
make(struct wire *wi, const struct sockname *client)
{
	struct wire_port	*p;
	int			 h;

	if (wi->nports == WIRE_FLOWS)
		return (NULL);
	h = wi->w->ops->open(wi->w, client->addr.family, false);
	if (h == -1)
		return (NULL);
	if (wi->w->ops->bind(wi->w, h, client) == -1) {
		wi->w->ops->close(wi->w, h);
		return (NULL);
	}
	wi->ports = xreallocarray(wi->ports, wi->nports + 1,
	    sizeof *wi->ports);
	p = &wi->ports[wi->nports++];
	p->client = *client;
	p->handle = h;
	return (p);
}

void
wire_udp_input(struct wire *wi, const struct wire_packet *p)
{
	struct sockname		 client = { p->from, 0 }, server = { p->to, 0 };
	struct wire_port	*port;
	size_t			 len;

	if (p->len < 8 || (len = wire_get16(p->data + 4)) < 8 || len > p->len)
		return;
	client.port = (uint16_t)wire_get16(p->data);
	server.port = (uint16_t)wire_get16(p->data + 2);
	if (client.port == 0 || server.port == 0)
		return;
	if ((port = find(wi, &client)) == NULL &&
	    (port = make(wi, &client)) == NULL)
		return;
	port->touched = wi->w->ops->now(wi->w);
	wi->w->ops->send(wi->w, port->handle, p->data + 8, len - 8, &server);
}

static void
send_on(struct wire *wi, const struct wire_port *port,
    const struct sockname *from, unsigned char *d, size_t len)
{
	wire_put16(d, from->port);
	wire_put16(d + 2, port->client.port);
	wire_put16(d + 4, (unsigned)len);
	wire_send(wi, &from->addr, &port->client.addr, WIRE_UDP, d, len, 6);
}

void
wire_udp_ready(struct wire *wi, struct wire_port *port)
{
	static unsigned char	 d[WIRE_L4_MAX];
	unsigned char		 quote[8] = { 0 };
	struct sockname		 from;
	struct net_error	 e;
	ssize_t			 n;

	while (wi->w->ops->error(wi->w, port->handle, &e, &from) == 1) {
		wire_put16(quote, port->client.port);
		wire_put16(quote + 2, from.port);
		wire_put16(quote + 4, 8);
		wire_icmp_error(wi, &e, &port->client, &from, WIRE_UDP,
		    quote);
	}
	while ((n = wi->w->ops->recv(wi->w, port->handle, d + 8,
	    sizeof d - 8, &from)) != -1) {
		port->touched = wi->w->ops->now(wi->w);
		if (from.addr.family == port->client.addr.family)
			send_on(wi, port, &from, d, (size_t)n + 8);
	}
}

void
wire_udp_expire(struct wire *wi, int64_t now)
{
	size_t	i;

	for (i = wi->nports; i-- > 0;)
		if (now - wi->ports[i].touched >= IDLE) {
			wi->w->ops->close(wi->w, wi->ports[i].handle);
			wi->ports[i] = wi->ports[--wi->nports];
		}
}
