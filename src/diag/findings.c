/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of steps and findings as arrays, and the words of JSON.
 */
#include "diag/findings.h"

#include <string.h>

const struct step_row step_rows[STEP_COUNT] = {
#define STEP(name, id, built) { id, built },
#include "diag/steps.def"
#undef STEP
};

const struct finding_row finding_rows[F_COUNT] = {
#define FINDING(name, id, step, level, side, who, args) \
	{ id, STEP_##step, VERDICT_##level, SIDE_##side, #who, args },
#include "diag/findings.def"
#undef FINDING
};

static const char *const verdicts[] = { "none", "fact", "not-offered",
	"not-asked", "ok", "notice", "unknown", "warning", "error" };
static const char *const sides[] = { "domain", "here", "path", "resolver" };

static int
find(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

const char *
verdict_word(enum verdict v)
{
	return verdicts[v];
}

int
verdict_parse(const char *word)
{
	return find(verdicts, sizeof verdicts / sizeof verdicts[0], word);
}

const char *
side_word(enum side s)
{
	return sides[s];
}

int
side_parse(const char *word)
{
	return find(sides, sizeof sides / sizeof sides[0], word);
}

int
step_parse(const char *id)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if (strcmp(step_rows[i].id, id) == 0)
			return i;
	return -1;
}

int
finding_parse(const char *id)
{
	for (int i = 0; i < F_COUNT; i++)
		if (strcmp(finding_rows[i].id, id) == 0)
			return i;
	return -1;
}

enum step_id
finding_step(enum finding_id id, const char *proto)
{
	static const char *const mailbox[] = { "submission", "submissions",
		"pop3", "pop3s", "imap", "imaps" };
	enum step_id step = finding_rows[id].step;

	if (step != STEP_WEB && step != STEP_MAIL_IN)
		return step;
	if (find(mailbox, sizeof mailbox / sizeof mailbox[0], proto) != -1)
		return STEP_MAILBOX;
	return strcmp(proto, "smtp") == 0 ? STEP_MAIL_IN : step;
}
