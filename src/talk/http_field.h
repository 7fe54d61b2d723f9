/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields of a response; private to src/talk. */
#ifndef TALK_HTTP_FIELD_H
#define TALK_HTTP_FIELD_H

#include "talk/http.h"

/* Take the field name (len bytes) with value v (n bytes): 0, or -1 when its
   framing is impossible (RFC 9112 6.3). */
int	 http_field_take(struct http_parse *, const char *name, size_t len,
	     const char *v, size_t n);

#endif
