/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions a diagnosis has for its operator. */
#ifndef DIAG_ASK_H
#define DIAG_ASK_H

/* What is felt; consent to DATA; how long to come back after greylisting. */
enum ask_id { ASK_SYMPTOM, ASK_SEND_MAIL, ASK_WAIT, ASK_COUNT };

enum ask_state { ASK_NOT, ASK_OPEN, ASK_DONE };

#define ASK_CONSENT	"send"	/* the word that is consent */
#define ASK_WAIT_MOST	86400	/* s */

/* As in the events `ask' and `answer'. */
const char	*ask_word(enum ask_id);
/* -1: no such question. */
int		 ask_parse(const char *word);

#endif
