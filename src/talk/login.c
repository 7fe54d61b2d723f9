/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logins: once, by the best mechanism offered, inside TLS alone, and only
 * where the certificate is that of the name (or the operator named the host).
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "talk/login.h"

void
login_clear(struct login *l)
{
	free(l->challenge);
	memset(l, 0, sizeof(*l));
}

void
login_choose(struct talk *t, struct login *l, unsigned offered)
{
	if (l->told || t->params.password == NULL || t->params.login == NULL ||
	    dialog_no_login(t) != NULL)
		l->method = 0;
	else if (l->method == 0)
		l->method = auth_choose(offered);
}

void
login_challenge(struct login *l, const void *data, size_t n)
{
	free(l->challenge);
	l->challenge = xstrndup(data, n);
}

char *
login_answer(struct talk *t, struct login *l)
{
	char *answer = auth_answer(l->method, t->params.login,
	    t->params.password, l->challenge == NULL ? "" : l->challenge,
	    l->nth);

	if (answer != NULL && (l->method != AUTH_LOGIN || l->nth > 0))
		secrets_add(&t->secrets, answer);
	l->nth++;
	return answer == NULL ? xstrdup("*") : answer;
}

static void
tell(struct talk *t, struct login *l, json_t *fact)
{
	dialog_fact(t, "login", fact);
	l->told = true;
}

void
login_fact(struct talk *t, struct login *l, bool ok, const char *code,
    const char *text)
{
	json_t *fact = json_object();

	json_put_flag(fact, "ok", ok);
	json_put_str(fact, "method", auth_word(l->method));
	json_put_str(fact, "code", code);
	json_put_str(fact, "reply", text == NULL ? "" : text);
	tell(t, l, fact);
	l->in = ok;
	l->refused = !ok;
}

void
login_left(struct talk *t, struct login *l, unsigned offered)
{
	const char *why = dialog_no_login(t);
	json_t *fact;

	if (l->told || t->params.password == NULL)
		return;
	fact = json_object();
	json_put_flag(fact, "ok", false);
	json_put_str(fact, "why", why != NULL ? why : offered == 0 ?
	    "no-method" : "not-reached");
	tell(t, l, fact);
}
