/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines as replies of a POP3 server and as lines sent to it: parser, tracker,
 * hiding of secrets.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "talk/auth.h"
#include "talk/pop3.h"
#include "talk/pop3_track.h"
#include "talk/secrets.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
scrub(const struct secrets *s, const char *line, size_t n)
{
	size_t out = 0;
	char *shown = secrets_scrub(s, line, n, false, &out);

	if (shown != NULL && out >= 7)
		for (size_t i = 0; i + 7 <= out; i++)
			if (memcmp(shown + i, "hunter2", 7) == 0)
				abort();
	free(shown);
}

static void
received(struct pop3_track *k, struct pop3_reply *r, const char *line,
    size_t n)
{
	int rc;

	if (k->pending == POP3_NOTHING)
		return;
	rc = pop3_reply_parse(r, line, n, k->multi);
	if (rc == 0 && k->pending == POP3_CAPA)
		pop3_track_cap(k, line, n);
	if (rc == 0)
		return;
	for (const char *p = r->text; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	if (rc > 0)
		pop3_track_reply(k, r->ok, r->more);
	if (k->state == POP3_TLS)
		pop3_track_tls(k);
	pop3_reply_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct secrets s = { .list = NULL };
	struct pop3_reply r;
	struct pop3_track k;

	secrets_account(&s, "taro", "hunter2");
	pop3_reply_init(&r);
	pop3_track_init(&k);
	while (n > 0) {
		const uint8_t *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data);
		char *line = malloc(len + 1);

		if (line == NULL)
			abort();
		memcpy(line, data, len);
		line[len] = '\0';
		scrub(&s, line, len);
		if (len > 0 && line[0] == '>') {
			pop3_reply_free(&r);
			pop3_track_sent(&k, line + 1, len - 1);
		} else
			received(&k, &r, line, len);
		free(line);
		data += len + (lf != NULL);
		n -= len + (lf != NULL);
	}
	pop3_reply_free(&r);
	secrets_free(&s);
	return 0;
}
