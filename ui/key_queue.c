/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/key_queue.h"

#include <openssl/crypto.h>
#include <string.h>

#define PASTE		"\033[200~"	/* xterm's bracketed paste mode */
#define PASTE_END	"\033[201~"
#define MARK		(sizeof(PASTE) - 1)
#define ESCAPE		'\033'

void
key_queue_init(struct key_queue *q)
{
	buf_init(&q->bytes, 0);
	q->at = 0;
	q->last = 0;
	q->lost = false;
}

void
key_queue_clear(struct key_queue *q)
{
	if (q->bytes.data != NULL)
		OPENSSL_cleanse(q->bytes.data, q->bytes.cap);
	q->bytes.len = q->at = 0;
	q->last = 0;
	q->lost = false;
}

void
key_queue_free(struct key_queue *q)
{
	key_queue_clear(q);
	buf_free(&q->bytes);
}

bool
key_queue_empty(const struct key_queue *q)
{
	return q->at == q->bytes.len;
}

/* Where the end of a paste is, behind its mark; 0: not yet there. */
static size_t
paste_end(const struct key_queue *q)
{
	for (size_t i = q->at; i + MARK <= q->bytes.len; i++)
		if (memcmp(q->bytes.data + i, PASTE_END, MARK) == 0)
			return i + MARK;
	return 0;
}

/* Forget what was taken, or lost. */
static void
drop(struct key_queue *q, size_t n)
{
	if (n > 0)
		OPENSSL_cleanse(q->bytes.data, n);
	buf_drop(&q->bytes, n);
	q->at = 0;
}

/* Of a lost paste only what may be a part of its end stays. */
static void
drop_lost(struct key_queue *q)
{
	size_t end = paste_end(q);

	if (end > 0)
		q->lost = false;
	else if (q->bytes.len >= MARK)
		end = q->bytes.len - (MARK - 1);
	drop(q, end);
}

/* Does it begin with a part of a paste? The escape of its mark may have been
   taken already; by itself it is a key. */
static bool
paste_comes(const struct key_queue *q)
{
	const unsigned char *s = q->bytes.data + q->at;
	const char *mark = PASTE;
	size_t n = MARK, len = q->bytes.len - q->at;

	if (q->last == ESCAPE && s[0] != ESCAPE) {
		mark++;
		n--;
	} else if (len < 2)
		return false;
	if (len < n)
		return memcmp(s, mark, len) == 0;
	return memcmp(s, mark, n) == 0 && paste_end(q) == 0;
}

bool
key_queue_ready(const struct key_queue *q)
{
	return !key_queue_empty(q) && !q->lost && !paste_comes(q);
}

bool
key_queue_add(struct key_queue *q, const char *s, size_t n)
{
	bool begins;

	drop(q, q->at);
	buf_add(&q->bytes, s, n);
	begins = !q->lost && q->bytes.len > KEY_QUEUE_MAX &&
	    !key_queue_ready(q);
	if (begins) {
		q->lost = true;
		q->last = 0;
	}
	if (q->lost)
		drop_lost(q);
	return !begins;
}

int
key_queue_take(struct key_queue *q)
{
	if (key_queue_empty(q))
		return -1;
	q->last = q->bytes.data[q->at];
	q->bytes.data[q->at++] = 0;
	return q->last;
}
