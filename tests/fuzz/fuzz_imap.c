/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines as responses of an IMAP server and as lines sent to it: parser with
 * its literals, tracker.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "talk/imap.h"
#include "talk/imap_track.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
received(struct imap_track *k, struct imap_reply *r, const char *line,
    size_t n)
{
	int rc;

	if (k->pending == IMAP_NOTHING)
		return;
	rc = imap_reply_parse(r, line, n, n, 2);
	if (rc == 0 && r->kind == IMAP_UNTAGGED)
		imap_track_caps(k, line, n);
	if (rc == 0)
		return;
	for (const char *p = r->text; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	if (rc > 0)
		imap_track_reply(k, r->status, r->bye);
	if (r->caps != NULL)
		imap_track_caps(k, r->caps, strlen(r->caps));
	if (k->state == IMAP_TLS)
		imap_track_tls(k);
	imap_reply_free(r);
	imap_reply_init(r, k->tag);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct imap_reply r;
	struct imap_track k;

	imap_reply_init(&r, NULL);
	imap_track_init(&k);
	while (n > 0) {
		const uint8_t *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data);
		char *line = malloc(len + 1);

		if (line == NULL)
			abort();
		memcpy(line, data, len);
		line[len] = '\0';
		if (len > 0 && line[0] == '>') {
			imap_track_sent(&k, line + 1, len - 1);
			imap_reply_free(&r);
			imap_reply_init(&r, k.tag);
		} else
			received(&k, &r, line, len);
		free(line);
		data += len + (lf != NULL);
		n -= len + (lf != NULL);
	}
	imap_reply_free(&r);
	return 0;
}
