/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of practice files say by keys and words of the grammar why a
 * line was refused; here it becomes a sentence.
 */
#include "ui/practice_refuse.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/out.h"
#include "ui/strings.h"

static char *
found(const struct refusal *r)
{
	if (r->found != NULL)
		return text_quoted(r->found);
	return xstrdup(r->file_end ? S("practice.file-end") :
	    S("practice.line-end"));
}

static char *
expected(const struct refusal *r)
{
	char *key = xasprintf("practice.expected.%s", refusal_key(r->key));
	char *text = strings_make(key, "words", r->words, NULL);

	free(key);
	return text;
}

char *
practice_refuse_text(const struct refusal *r)
{
	char *before = found(r), *wanted = expected(r), *text;

	text = strings_make(r->usage != NULL ? "practice.refused-usage" :
	    "practice.refused", "found", before, "expected", wanted, "usage",
	    r->usage, NULL);
	free(before);
	free(wanted);
	return text;
}

void
practice_refuse(struct refusal *r)
{
	char *text = practice_refuse_text(r);

	out_say_at(r->file, r->line, text);
	free(text);
	refusal_free(r);
}
