/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS messages from text, for tests of what reads them. */
#ifndef UNIT_WIRE_KIT_H
#define UNIT_WIRE_KIT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Parts parted by '|': first the header, words of: qr aa tc rd ra ad cd edns
 * (OPT of 1232) id=N NXDOMAIN SERVFAIL ... ?NAME,TYPE (the question). Then
 * records in master form behind "an", "au" or "ad". The bytes are malloc'd.
 */
unsigned char	*wire_build(const char *text, size_t *len);
/* The same with this id over the one in the text. */
unsigned char	*wire_reply(const char *text, uint16_t id, size_t *len);

#endif
