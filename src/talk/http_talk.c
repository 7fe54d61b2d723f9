/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One GET (RFC 9112): asked on the first connection established, read by the
 * parser, shown line by line. Redirects are not followed here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/autoconfig.h"
#include "talk/dialog.h"
#include "talk/http.h"

#define BODY_LINES 40

struct http_talk {
	struct http_parse	 p;
	struct talk		*talk;
	int64_t			 sent, at;
	size_t			 received;
	size_t			 shown;		/* bytes of the body */
	int			 lines;
	bool			 binary, ended;
};

static void
add_line(struct talk *t, struct buf *b, enum talk_dir dir, char *line)
{
	size_t n = strlen(line);

	dialog_line(t, dir, line, n, n, loop_now(t->loop));
	buf_add(b, line, n);
	buf_adds(b, "\r\n");
	free(line);
}

static char *
host_field(const struct talk_params *p)
{
	bool v6 = strchr(p->name, ':') != NULL;
	const char *open = v6 ? "[" : "", *close = v6 ? "]" : "";
	int usual = p->tls == TALK_IMPLICIT ? 443 : 80;

	if (p->to.port == usual)
		return xasprintf("Host: %s%s%s", open, p->name, close);
	return xasprintf("Host: %s%s%s:%u", open, p->name, close,
	    (unsigned)p->to.port);
}

/* What would end a request line early does not get into it. */
static char *
request_line(const char *path)
{
	size_t n = 0;

	while ((unsigned char)path[n] > ' ' && path[n] != 0x7f)
		n++;
	return xasprintf("GET %.*s HTTP/1.1", n > 8192 ? 8192 : (int)n, path);
}

static void
ask(struct talk *t, const char *first, enum talk_dir dir)
{
	const struct talk_params *p = &t->params;
	struct http_talk *h = t->state;
	struct buf b;

	buf_init(&b, 0);
	add_line(t, &b, dir, xstrdup(first));
	if (p->name != NULL)
		add_line(t, &b, TALK_SENT, host_field(p));
	if (p->agent != NULL)
		add_line(t, &b, TALK_SENT, xasprintf("User-Agent: %s",
		    p->agent));
	add_line(t, &b, TALK_SENT, xstrdup("Accept: */*"));
	add_line(t, &b, TALK_SENT, xstrdup("Connection: close"));
	add_line(t, &b, TALK_SENT, xstrdup(""));
	h->sent = loop_now(t->loop);
	conn_raw(t->main->conn, true);
	conn_send(t->main->conn, b.data, b.len);
	conn_deadline(t->main->conn, p->timeouts->http);
	buf_free(&b);
}

static void
request(struct talk *t)
{
	char *line;

	if (dialog_hold(t))
		return;
	line = request_line(t->params.path);
	ask(t, line, TALK_SENT);
	free(line);
}

static char *
http_next(struct talk *t, bool spent)
{
	(void)spent;
	return request_line(t->params.path);
}

static bool
http_last(const struct talk *t)
{
	const struct http_talk *h = t->state;

	return h->sent != 0;
}

static void
http_instead(struct talk *t, const char *line)
{
	ask(t, line, TALK_HAND);
}

static void
http_begin(struct talk *t)
{
	if (t->params.tls == TALK_IMPLICIT)
		dialog_tls(t);
	else
		request(t);
}

static void
head_line(void *ctx, const char *line, size_t n)
{
	struct http_talk *h = ctx;
	bool bad = h->p.phase == HTTP_BAD;

	dialog_line(h->talk, bad ? TALK_UNEXPECTED : TALK_RECEIVED, line, n,
	    h->p.line_full, h->at);
}

/* Show what has come of the body so far: whole lines, at the end all. */
static void
show_body(struct talk *t, struct http_talk *h, bool all)
{
	const unsigned char *d = h->p.body.data;
	size_t n = h->p.body.len;

	if (h->shown == 0 && n > 0 && memchr(d, '\0', n) != NULL)
		h->binary = true;
	while (!h->binary && h->lines < BODY_LINES && h->shown < n) {
		const unsigned char *s = d + h->shown;
		const unsigned char *lf = memchr(s, '\n', n - h->shown);
		size_t full = lf == NULL ? n - h->shown : (size_t)(lf - s);
		size_t len = full;

		if (lf == NULL && !all)
			return;
		h->shown += full + (lf != NULL);
		if (len > 0 && s[len - 1] == '\r')
			len = --full;
		dialog_line(t, TALK_RECEIVED, s,
		    len < LIMIT_LINE ? len : LIMIT_LINE, full, h->at);
		h->lines++;
	}
}

static void
put(json_t *fact, const char *key, const char *value)
{
	if (value != NULL)
		json_put_str(fact, key, value);
}

static void
http_fact(struct talk *t, struct http_talk *h, bool complete)
{
	const struct http_parse *p = &h->p;
	json_t *fact = json_object();
	char *title = http_title(p->body.data, p->body.len);
	char version[] = { '1', '.', (char)('0' + p->minor), '\0' };

	json_put_int(fact, "status", p->status);
	json_put_str(fact, "version", version);
	put(fact, "reason", p->reason);
	put(fact, "location", p->location);
	put(fact, "server", p->server);
	put(fact, "type", p->type);
	json_put_int(fact, "headers", (int64_t)p->headers);
	json_put_int(fact, "body", (int64_t)p->body_bytes);
	json_put_flag(fact, "complete", complete);
	json_put_num(fact, "ms", (double)((h->at - h->sent) / 1000) / 1000.0);
	put(fact, "title", title);
	free(title);
	dialog_fact(t, "http", fact);
}

/* What a configuration of mail programs names: the fact, and a remark for
   each server. autoconfig.DOMAIN speaks for DOMAIN. */
static void
autoconfig_fact(struct talk *t, const struct http_parse *p)
{
	static const char label[] = "autoconfig.";
	const char *domain = t->params.name;
	json_t *fact, *servers, *item;
	size_t i;

	if (p->status != 200 || domain == NULL || t->params.path == NULL ||
	    !autoconfig_path(t->params.path))
		return;
	if (strncmp(domain, label, sizeof label - 1) == 0)
		domain += sizeof label - 1;
	servers = autoconfig_servers(p->body.data, p->body.len, domain);
	if (servers == NULL)
		return;
	json_array_foreach(servers, i, item)
		dialog_info(t, dialog_attempt(t), TALK_INFO, "autoconfig",
		    json_copy(item));
	fact = json_object();
	json_put(fact, "servers", servers);
	dialog_fact(t, "autoconfig", fact);
}

static void
limits(struct talk *t, const struct http_parse *p)
{
	if (p->phase == HTTP_BAD)
		dialog_limit(t, "headers", p->header_bytes);
	else if (p->body_bytes > LIMIT_BODY)
		dialog_limit(t, "body", LIMIT_BODY);
	else
		dialog_limit(t, "line", LIMIT_LINE);
}

/* The response ended, one way or another: tell what is known of it. */
static void
conclude(struct talk *t, struct http_talk *h)
{
	struct http_parse *p = &h->p;

	h->ended = true;
	show_body(t, h, true);
	if (p->body_bytes > h->shown) {
		json_t *args = json_object();

		json_put_int(args, "bytes", (int64_t)p->body_bytes);
		dialog_info(t, dialog_attempt(t), TALK_INFO, "body", args);
	}
	if (p->limited)
		limits(t, p);
	if (p->phase == HTTP_BAD && !p->limited) {
		json_t *fact = json_object();

		json_put_str(fact, "why", p->bad);
		dialog_fact(t, "garbled", fact);
	}
	if (p->status != 0)
		http_fact(t, h, p->phase == HTTP_DONE && !p->limited);
	if (p->phase == HTTP_DONE && !p->limited)
		autoconfig_fact(t, p);
}

static void
on_data(struct talk *t, struct http_talk *h, const struct conn_event *ev)
{
	size_t used;

	h->at = ev->at;
	h->received += ev->len;
	used = http_parse_feed(&h->p, ev->data, ev->len, head_line, h);
	if (h->p.phase == HTTP_BAD && h->p.line_full > 0) {
		const char *rest = (const char *)ev->data + used;
		size_t n = ev->len - used, len;
		const char *lf = n == 0 ? NULL : memchr(rest, '\n', n);

		len = lf == NULL ? n : (size_t)(lf - rest);
		if (h->p.line.len + len <= LIMIT_LINE && len > 0)
			buf_add(&h->p.line, rest, len);
		dialog_line(t, TALK_UNEXPECTED, h->p.line.data,
		    h->p.line.len, h->p.line_full + len, h->at);
	}
	if (h->p.phase == HTTP_BODY)
		show_body(t, h, false);
	if (h->p.phase < HTTP_DONE)
		return;
	conclude(t, h);
	dialog_over(t, h->p.phase == HTTP_DONE ? "ok" : "garbled");
}

static void
on_closed(struct talk *t, struct http_talk *h, const struct conn_event *ev)
{
	bool reset = ev->error.err != 0;

	h->at = ev->at;
	dialog_info(t, dialog_attempt(t), TALK_INFO, "closed", NULL);
	if (reset)
		h->p.until_close = false;
	http_parse_eof(&h->p);
	conclude(t, h);
	dialog_over(t, h->p.phase == HTTP_DONE ? "ok" : "closed");
}

static void
on_stalled(struct talk *t, struct http_talk *h)
{
	static const char *const where[] = { "status", "headers", "body" };
	json_t *fact = json_object(), *args = json_object();

	h->at = loop_now(t->loop);
	show_body(t, h, true);
	json_put_int(args, "bytes", (int64_t)h->received);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "stalled", args);
	json_put_int(fact, "bytes", (int64_t)h->received);
	json_put_str(fact, "where", where[h->p.phase]);
	dialog_fact(t, "stalled", fact);
	if (h->p.status != 0)
		http_fact(t, h, false);
	dialog_over(t, "stalled");
}

static void
http_event(struct talk *t, const struct conn_event *ev)
{
	struct http_talk *h = t->state;

	switch (ev->ev) {
	case CONN_TLS:
		if (t->lax)
			dialog_over(t, "ok");
		else
			request(t);
		break;
	case CONN_DATA:
	case CONN_LINE:
		on_data(t, h, ev);
		break;
	case CONN_CLOSED:
		on_closed(t, h, ev);
		break;
	case CONN_TIMEOUT:
		on_stalled(t, h);
		break;
	case CONN_ERROR:
		on_closed(t, h, ev);
		break;
	default:
		break;
	}
}

static const char *
http_resume(struct talk *t)
{
	if (strcmp(track_state(t->track), "request") != 0)
		return "begun";
	dialog_released(t);
	request(t);
	return NULL;
}

static void
http_free(struct talk *t)
{
	struct http_talk *h = t->state;

	http_parse_free(&h->p);
	free(h);
}

static const struct dialog_ops http_ops = {
	.begin = http_begin,
	.event = http_event,
	.free = http_free,
	.resume = http_resume,
	.next = http_next,
	.last = http_last,
	.instead = http_instead,
	.proto = TRACK_HTTP,
	.alpn = "http/1.1",
	.repeats = true,
};

struct talk *
http_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct http_talk *h = xcalloc(1, sizeof(*h));

	http_parse_init(&h->p);
	h->talk = dialog_new(params, hooks, &http_ops, h);
	return h->talk;
}
