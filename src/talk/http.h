/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_HTTP_H
#define TALK_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/limits.h"

enum http_phase { HTTP_STATUS, HTTP_HEADERS, HTTP_BODY, HTTP_DONE, HTTP_BAD };

/* An HTTP/1.x response read incrementally (RFC 9112), limits enforced. */
struct http_parse {
	enum http_phase	 phase;
	int		 minor, status;
	char		*reason, *server, *type; /* escaped; may be NULL */
	char		*location;	/* printable ASCII; may be NULL */
	size_t		 headers, header_bytes;
	long long	 length;	/* -1 unknown */
	bool		 chunked, until_close, limited;
	size_t		 body_bytes;	/* decoded */
	struct buf	 body;		/* first LIMIT_BODY bytes */
	const char	*bad;		/* word: why HTTP_BAD */
	struct buf	 line;		/* the line being read, cut */
	size_t		 line_full;	/* its true length */
	/* private */
	int		 chunk_state;
	unsigned long long chunk_left;
};

void	 http_parse_init(struct http_parse *);
void	 http_parse_free(struct http_parse *);
/* Eat n bytes of a response (to GET). Calls line for each line of status and
   headers, cut to LIMIT_LINE (line_full tells the true length). Returns bytes
   eaten (less than n once done). bad is one of: not-http tls-on-plain-port
   bad-status-line bad-header bad-length bad-chunk closed-early, or with
   limited set: too-many-headers headers-too-long. A body longer than
   LIMIT_BODY ends as HTTP_DONE with limited set. */
size_t	 http_parse_feed(struct http_parse *, const void *, size_t n,
	     void (*line)(void *, const char *, size_t), void *);
/* The peer closed: ends an until-close body well, else bad closed-early. */
void	 http_parse_eof(struct http_parse *);

/* The content of the first <title>, escaped, white space folded, at most about
   200 bytes; NULL if there is none. The caller frees. */
char	*http_title(const void *body, size_t n);

/* A URL of http or https: all parts malloc'd, port 0 = default. Host in
   lower case without brackets, user part and final dot (a U-label stays as it
   is); path with query, percent-encoded, never empty. */
struct http_url {
	char		*scheme, *host, *path;
	unsigned	 port;
};
/* Absolute or relative reference (RFC 3986 5.2) against base (may be NULL):
   0, or -1 when it is not http(s) or malformed. */
int	 http_url_parse(struct http_url *, const char *,
	     const struct http_url *base);
void	 http_url_free(struct http_url *);

#endif
