/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of the test's own with nothing but loopback, and peers there that
 * answer lines by rules: for tests of the program itself, whose sockets are
 * the kernel's.
 */
#ifndef NET_KIT_H
#define NET_KIT_H

#include <stdint.h>
#include <sys/types.h>

/* What a line that begins with on is answered; on NULL ends the list. */
struct net_rule {
	const char *on, *say;
};

/* Leave the host's network for one of our own, loopback up: 0, or -1 where
   that cannot be had. Before any thread is begun. */
int	 net_alone(void);
/* A process that listens on [::1]:port, greets, and answers by the rules;
   other lines with: 500 heard "LINE". It listens when this returns. */
pid_t	 net_serve(uint16_t port, const char *greeting,
	     const struct net_rule *);

#endif
