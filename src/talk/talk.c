/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the owner of a talk may do with it, whatever its protocol.
 */
#include "talk/dialog.h"

static void
interrupt(struct talk *t)
{
	dialog_info(t, dialog_attempt(t), TALK_INFO, "interrupted", NULL);
	t->word = NULL;		/* repeats that were still wanted, too */
	dialog_finish(t, "interrupted");
}

static void
cancelled(void *ctx)
{
	struct talk *t = ctx;

	dialog_enter(t);
	t->end = NULL;
	interrupt(t);
	dialog_leave(t);
}

static void
cancel(struct talk *t)
{
	bool again = t->phase == DIALOG_CANCEL;

	if (!again && t->phase == DIALOG_SPEAK && t->main != NULL &&
	    !t->shaking && (t->held ? dialog_hand_quit(t) :
	    t->ops->quit != NULL && t->ops->quit(t))) {
		t->phase = DIALOG_CANCEL;
		t->end = loop_timer(t->loop, NSEC_PER_SEC, cancelled, t);
	} else if (t->phase != DIALOG_OVER)
		interrupt(t);
}

/* From inside a hook it waits until the call from the loop is through. */
void
talk_cancel(struct talk *t)
{
	t->cancel = cancel;
	if (t->depth == 0) {
		dialog_enter(t);
		dialog_leave(t);
	}
}

void
talk_free(struct talk *t)
{
	if (t == NULL)
		return;
	dialog_enter(t);
	t->dead = true;
	dialog_leave(t);
}
