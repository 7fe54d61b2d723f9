/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of a script, edited before it goes out: the script is held where
 * it would say it, the other line takes its place, and behind the reply the
 * script goes on. An untouched line leaves the attempt as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "talk/dialog.h"

int
talk_edit(struct talk *t)
{
	if (t->held || t->ops->next == NULL || t->lax ||
	    (t->phase != DIALOG_CONNECT && (t->phase != DIALOG_SPEAK ||
	    (t->ops->last != NULL && t->ops->last(t)))))
		return -1;
	t->edit = true;
	return 0;
}

bool
dialog_edits(struct talk *t)
{
	char *line = t->edit && !t->lax ? t->ops->next(t, false) : NULL;

	if (line == NULL)
		return false;
	free(line);
	t->edit = false;
	return t->editing = true;
}

char *
talk_next_line(struct talk *t)
{
	return t->editing && t->phase == DIALOG_SPEAK && t->main != NULL ?
	    t->ops->next(t, false) : NULL;
}

static void
say(struct talk *t, const char *line)
{
	t->editing = false;
	dialog_by_hand(t);
	if (t->ops->instead != NULL) {
		dialog_released(t);
		t->ops->instead(t, line);
		return;
	}
	free(t->ops->next(t, true));
	t->edited = true;
	conn_deadline(t->main->conn, t->params.timeouts->reply);
	talk_say(t, line, strlen(line), false);
}

int
talk_say_next(struct talk *t, const char *line)
{
	char *own = talk_next_line(t);
	bool same = own != NULL && strcmp(own, line) == 0;

	free(own);
	if (own == NULL)
		return -1;
	if (same)
		return talk_release(t) == NULL ? 0 : -1;
	dialog_enter(t);
	say(t, line);
	dialog_leave(t);
	return 0;
}

/* The reply to the edited line came: the script's turn. */
void
dialog_edit_answered(struct talk *t)
{
	json_t *args;
	const char *why;

	if (!t->edited || t->phase != DIALOG_SPEAK || t->shaking ||
	    track_tls_due(t->track) || !track_our_turn(t->track))
		return;
	t->edited = false;
	conn_deadline(t->main->conn, 0);
	why = talk_release(t);
	if (why == NULL)
		return;
	args = json_object();
	json_put_str(args, "why", why);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "edit-kept", args);
}
