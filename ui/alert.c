/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru alert: what was pasted is read, and the diagnosis begins with the
 * endpoint and the step that it is about. A text without a domain cannot be
 * diagnosed: what is missing is said.
 */
#include "diag/alert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "ui/given.h"
#include "ui/run.h"
#include "ui/strings.h"

static char *
read_stdin(void)
{
	char part[4096];
	struct buf b;
	ssize_t n;

	if (isatty(STDIN_FILENO))
		out_say("alert.paste", NULL);
	buf_init(&b, ALERT_MAX);
	do {
		n = read(STDIN_FILENO, part, sizeof(part));
		if (n > 0)
			buf_add(&b, part, (size_t)n);
	} while ((n > 0 && !b.over) || (n < 0 && errno == EINTR));
	return buf_steal(&b);
}

static bool
is_file(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISREG(st.st_mode);
}

/* The text, NULL after one line on stderr. */
static char *
read_text(const struct options *o)
{
	const char *word = o->noperands > 0 ? o->operand[0] : "-";
	struct buf b;

	if (strcmp(word, "-") == 0)
		return read_stdin();
	if (is_file(word))
		return given_read(word);
	buf_init(&b, ALERT_MAX);
	buf_adds(&b, word);
	return buf_steal(&b);
}

static const char *
symptom_of(const struct alert *a)
{
	if (a->class == ALERT_SLOW)
		return "slow";
	switch (a->step) {
	case STEP_WEB:
		return "web";
	case STEP_MAIL_IN:
		return "receive";
	case STEP_MAIL_OUT:
		return "send";
	case STEP_MAILBOX:
		return "read";
	default:
		return "dns";
	}
}

static int
missing(const struct alert *a, const char *text)
{
	if (text[strspn(text, " \t\r\n")] == '\0')
		out_say("alert.empty", NULL);
	else if (a->host != NULL)
		out_say("alert.no-domain-host", "host", a->host, NULL);
	else
		out_say("alert.no-domain", NULL);
	return STATUS_USAGE;
}

static void
say_unknown(const struct alert *a, const char *subject)
{
	if (a->class == ALERT_NONE)
		out_say("alert.not-recognised", "subject", subject, NULL);
	else
		out_say("alert.no-step", "step", step_rows[a->step].id,
		    "subject", subject, NULL);
}

static int
diagnose(const struct options *o, struct out *out, const struct alert *a,
    const char *subject)
{
	struct options own = *o;
	json_t *alert = alert_json(a);
	int status;

	own.operand[0] = subject;
	own.noperands = 1;
	own.engine.alert = alert;
	if (a->ep.port != 0 && (a->ep.addr.family != 0 ||
	    a->ep.name[0] != '\0')) {
		own.engine.first = &a->ep;
		own.engine.first_family = a->family;
	}
	if (own.engine.symptom == NULL && a->class != ALERT_NONE)
		own.engine.symptom = symptom_of(a);
	status = run_check(&own, out);
	json_decref(alert);
	return status;
}

int
alert_run(const struct options *o, struct out *out)
{
	char *text = read_text(o);
	const char *subject;
	struct alert a;
	int status;

	if (text == NULL)
		return STATUS_USAGE;
	alert_parse(&a, text, strlen(text));
	subject = a.subject != NULL ? a.subject :
	    o->engine.nhosts > 0 ? o->engine.hosts[0] : NULL;
	if (subject == NULL)
		status = missing(&a, text);
	else {
		if (!a.recognised)
			say_unknown(&a, subject);
		status = diagnose(o, out, &a, subject);
	}
	alert_free(&a);
	free(text);
	return status;
}
