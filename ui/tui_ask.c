/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question in the guide: it stands in a row of its own until it is
 * answered, and takes no key; Tab leads to the line that answers it. Left
 * alone it means no.
 */
#include "ui/tui_ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/asks.h"
#include "ui/strings.h"
#include "ui/tui.h"

int
ask_open(const struct tui *t)
{
	int id;

	for (id = 0; t->engine != NULL && id < ASK_COUNT; id++)
		if (t->s->asks[id] == ASK_OPEN && (id != ASK_SYMPTOM ||
		    !tui_over(t)))
			return id;
	return -1;
}

void
ask_draw(struct tui *t, int y)
{
	char *text = asks_text(t->s, (enum ask_id)ask_open(t), "row");
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, " " ST_YELLOW "?" ST_NORMAL " %s", text);
	draw_text(t, y, 0, t->cols, 0, buf_str(&b), false);
	buf_free(&b);
	free(text);
}

static void
answered(struct tui *t, const char *text)
{
	enum ask_id id = (enum ask_id)t->asked;
	char *copy = xstrdup(text), *key;
	const char *value = asks_value(id, copy);

	if (t->s->asks[id] != ASK_OPEN)
		tui_say_key(t, "ask.gone");
	else if (engine_answer(t->engine, id, value) != 0)
		tui_say_key(t, "ask.what");
	else {
		key = xasprintf("ask.%s.%s", ask_word(id), id == ASK_SEND_MAIL
		    ? (t->s->consent ? "yes" : "no") : *value != '\0' ?
		    "yes" : "no");
		tui_say(t, strings_make(key, "value", value, NULL), false);
		free(key);
	}
	free(copy);
}

bool
ask_go(struct tui *t)
{
	int id = ask_open(t);
	char *prompt;

	if (id < 0)
		return false;
	t->asked = id;
	prompt = asks_text(t->s, (enum ask_id)id, "prompt");
	line_open(t, LINE_ANSWER, prompt, "", answered);
	free(prompt);
	return true;
}
