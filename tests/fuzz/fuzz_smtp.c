/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines as replies of a server and as lines sent to it: parser, tracker,
 * reading of refusals, redaction.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "talk/smtp.h"
#include "talk/smtp_track.h"
#include "talk/talk.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge(const struct smtp_reply *r)
{
	const char *all = buf_str(&r->all);

	smtp_refuses_us(r->code, r->enhanced, all, "192.0.2.1", "a.example");
	smtp_greylists(r->code, r->enhanced, all);
	for (const char *p = r->text; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

static void
sent(struct smtp_track *k, const char *s, size_t n)
{
	size_t at = talk_secret(s, n, k->state == SMTP_SECRET);
	char *shown = talk_redact(s, n, k->state == SMTP_SECRET);

	if (at > n || (at == n) != (shown == NULL))
		abort();
	free(shown);
	smtp_track_sent(k, s, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct smtp_reply r;
	struct smtp_track k;

	smtp_reply_init(&r);
	smtp_track_init(&k);
	while (n > 0) {
		const uint8_t *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data);
		char *line = malloc(len + 1);

		if (line == NULL)
			abort();
		memcpy(line, data, len);
		line[len] = '\0';
		if (len > 0 && line[0] == '>')
			sent(&k, line + 1, len - 1);
		else if (smtp_reply_parse(&r, line, len) != 0) {
			judge(&r);
			smtp_track_reply(&k, r.code);
			smtp_reply_free(&r);
			smtp_reply_init(&r);
		} else
			smtp_track_cap(&k, line, len);
		free(line);
		data += len + (lf != NULL);
		n -= len + (lf != NULL);
	}
	smtp_reply_free(&r);
	return 0;
}
