/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * :login, what one would type to log in, typed for the operator: the tracker
 * redacts every line of it as if it came from the keyboard.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

struct login {
	char			*name, *password;
	enum auth_method	 method;
	int			 nth;		/* answers given */
	bool			 begun;
};

void
hand_login_free(struct hand *h)
{
	if (h->auth == NULL)
		return;
	auth_free(h->auth->name);
	auth_free(h->auth->password);
	free(h->auth);
	h->auth = NULL;
}

static bool
offers(const struct track *k, const char *method)
{
	char word[32];

	if (track_which(k) == TRACK_IMAP) {
		strcpy(word, "AUTH=");
		strcat(word, method);
		return track_offers(k, word);
	}
	return track_offers_word(k, track_which(k) == TRACK_POP3 ? "SASL" :
	    "AUTH", method);
}

static enum auth_method
choose(const struct track *k)
{
	if (offers(k, "PLAIN"))
		return AUTH_PLAIN;
	if (track_which(k) != TRACK_SMTP &&
	    !track_offers(k, "LOGINDISABLED"))
		return AUTH_USER;
	if (offers(k, "LOGIN"))
		return AUTH_LOGIN;
	return offers(k, "CRAM-MD5") ? AUTH_CRAM : (enum auth_method)0;
}

/* Looked at before the password is asked for, and again before it goes out:
   NULL, or why not. */
static const char *
refused(const struct hand *h)
{
	const struct track *k = hand_track(h);

	if (k == NULL || !hand_held(h) || !track_our_turn(k) ||
	    track_which(k) == TRACK_LINES)
		return "hand.login-not-here";
	if (hand_read_only(h))
		return "hand.read-only";
	return track_in_tls(k) || h->login_clear ? NULL : "hand.login-clear";
}

/* :login [NAME], or ":login clear [NAME]" without TLS. */
void
hand_login(struct hand *h, const char *rest)
{
	const char *why;

	h->login_clear = strncmp(rest, "clear", 5) == 0 &&
	    (rest[5] == ' ' || rest[5] == '\0');
	if (h->login_clear)
		rest += 5 + strspn(rest + 5, " ");
	if ((why = refused(h)) != NULL) {
		h->no_login = true;
		hand_bad(h, why, NULL);
		return;
	}
	if (*rest == '\0') {
		hand_question(h, HAND_ASK_LOGIN,
		    xstrdup(S("hand.ask-login")));
		return;
	}
	free(h->login);
	h->login = xstrdup(rest);
	hand_question(h, HAND_ASK_PASSWORD, xstrdup(S("hand.ask-password")));
}

void
hand_login_with(struct hand *h, char *password)
{
	const struct track *k = hand_track(h);
	const char *why = refused(h);
	enum auth_method m;

	if (why != NULL || h->login == NULL) {
		if (why != NULL)
			hand_bad(h, why, NULL);
		return;
	}
	m = track_which(k) == TRACK_HTTP ? AUTH_PLAIN : choose(k);
	if (m == 0) {
		hand_bad(h, "hand.login-no-method", NULL);
		return;
	}
	hand_login_free(h);
	h->auth = xcalloc(1, sizeof(*h->auth));
	h->auth->name = xstrdup(h->login);
	h->auth->password = xstrdup(password);
	h->auth->method = m;
	h->busy = true;
	hand_kick(h);
}

/* Send a line that may hold a secret, and wipe it. */
static void
say(struct hand *h, char *line)
{
	hand_send(h, line, strlen(line), false);
	auth_free(line);
}

static void
basic(struct hand *h)
{
	struct login *a = h->auth;
	char *both = xasprintf("%s:%s", a->name, a->password);
	char *code = text_base64(both, strlen(both));

	say(h, xasprintf("Authorization: Basic %s", code));
	auth_free(both);
	auth_free(code);
	hand_login_free(h);
}

static void
begin(struct hand *h, const struct track *k)
{
	struct login *a = h->auth;
	const char *word = auth_word(a->method);
	char tag[16], *user, *pass;

	a->begun = true;
	switch (track_which(k)) {
	case TRACK_HTTP:
		basic(h);
		break;
	case TRACK_IMAP:
		track_tag(k, tag);
		if (a->method != AUTH_USER) {
			say(h, xasprintf("%s AUTHENTICATE %s", tag, word));
			break;
		}
		user = auth_quoted(a->name);
		pass = auth_quoted(a->password);
		say(h, xasprintf("%s LOGIN %s %s", tag, user, pass));
		auth_free(user);
		auth_free(pass);
		hand_login_free(h);
		break;
	case TRACK_POP3:
		if (a->method == AUTH_USER)
			say(h, xasprintf("USER %s", a->name));
		else
			say(h, xasprintf("AUTH %s", word));
		break;
	default:
		say(h, xasprintf("AUTH %s", word));
		break;
	}
}

/* The text of the last challenge: behind "334 " or "+ ". */
static char *
challenge(const struct hand *h)
{
	char *copy = xstrdup(buf_str(&h->heard)), *last, *text;
	size_t n = strlen(copy);

	if (n > 0 && copy[n - 1] == '\n')
		copy[n - 1] = '\0';
	last = strrchr(copy, '\n');
	last = last == NULL ? copy : last + 1;
	text = strchr(last, ' ');
	text = xstrdup(text == NULL ? "" : text + 1);
	free(copy);
	return text;
}

void
hand_login_next(struct hand *h)
{
	const struct track *k = hand_track(h);
	struct login *a = h->auth;
	char *text, *answer;

	if (k == NULL || !h->running) {
		hand_login_free(h);
		return;
	}
	if (!a->begun) {
		begin(h, k);
		return;
	}
	if (track_which(k) == TRACK_POP3 && a->method == AUTH_USER) {
		if (!track_our_turn(k))
			return;
		if (strncmp(buf_str(&h->heard), "+OK", 3) == 0)
			say(h, xasprintf("PASS %s", a->password));
		hand_login_free(h);
		return;
	}
	if (!track_challenged(k)) {
		if (track_our_turn(k) && !track_answers(k))
			hand_login_free(h);
		return;
	}
	text = challenge(h);
	answer = auth_answer(a->method, a->name, a->password, text, a->nth++);
	free(text);
	say(h, answer == NULL ? xstrdup("*") : answer);
}
