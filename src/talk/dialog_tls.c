/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS on the connection spoken on: the handshake's fact and line, and what
 * follows when it fails.
 */
#include "base/json.h"
#include "talk/dialog.h"

size_t
dialog_tls(struct talk *t)
{
	struct tls_params p = { .name = t->params.name, .alpn = t->ops->alpn,
	    .lax = t->lax };

	t->shaking = true;
	buf_free(&t->unfinished);
	conn_deadline(t->main->conn, 0);
	return conn_starttls(t->main->conn, &p, t->params.timeouts->tls);
}

static const char *
cert_name(const json_t *fact, const json_t *leaf)
{
	const char *s = json_str(fact, "peername");

	if (s[0] == '\0')
		s = json_string_value(json_array_get(json_object_get(leaf,
		    "names"), 0));
	return s == NULL || s[0] == '\0' ? json_str(leaf, "subject") : s;
}

static void
tls_line(struct talk *t, const json_t *fact)
{
	const json_t *leaf = json_array_get(json_object_get(fact, "chain"), 0);
	json_t *args = json_object();

	json_put_str(args, "version", json_str(fact, "version"));
	json_put_str(args, "cipher", json_str(fact, "cipher"));
	json_put_str(args, "name", cert_name(fact, leaf));
	json_put_int(args, "not_after", json_int(leaf, "not_after", 0));
	dialog_info(t, dialog_attempt(t), TALK_INFO, "tls", args);
}

static void
tls_failed(struct talk *t, const struct conn_event *ev)
{
	json_t *fact = ev->tls == NULL ? json_object() :
	    json_deep_copy(ev->tls);
	const char *word = net_cause_word(ev->error.cause);
	bool told = json_str(fact, "error")[0] != '\0';

	if (ev->tls == NULL) {
		json_put_flag(fact, "ok", false);
		json_put_flag(fact, "lax", t->lax);
	}
	if (ev->error.cause != NET_OK)
		json_put_str(fact, "cause", word);
	t->want_lax = t->want_lax || json_flag(fact, "old");
	if (told) {
		json_t *args = json_object();

		json_put_str(args, "error", json_str(fact, "error"));
		dialog_info(t, dialog_attempt(t), TALK_INFO, "tls-failed",
		    args);
	}
	if (!told || ev->ev != CONN_ERROR)
		dialog_failure(t, dialog_attempt(t), ev,
		    t->params.timeouts->tls);
	dialog_fact(t, "tls", fact);
	dialog_over(t, ev->error.cause == NET_OK ? "garbled" : word);
}

void
dialog_start_tls(struct talk *t)
{
	size_t n = dialog_tls(t);
	json_t *fact, *args;

	if (n == 0)
		return;
	fact = json_object();
	args = json_object();
	json_put_int(args, "bytes", (int64_t)n);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "injected", args);
	json_put_int(fact, "bytes", (int64_t)n);
	dialog_fact(t, "injected", fact);
}

bool
dialog_tls_event(struct talk *t, const struct conn_event *ev)
{
	if (ev->ev == CONN_LINE || ev->ev == CONN_DATA ||
	    ev->ev == CONN_CONNECTED)
		return false;
	if (ev->ev != CONN_TLS) {
		tls_failed(t, ev);
		return false;
	}
	t->shaking = false;
	t->tls = true;
	track_tls(t->track);
	t->verified = json_flag(ev->tls, "verified") &&
	    json_flag(ev->tls, "name_ok");
	tls_line(t, ev->tls);
	dialog_fact(t, "tls", json_deep_copy(ev->tls));
	return true;
}
