/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of questions (questions.def). */
#ifndef DIAG_QUESTIONS_H
#define DIAG_QUESTIONS_H

#include <stddef.h>
#include <stdint.h>

enum question_class { Q_ROOT, Q_CUT, Q_PARENT, Q_GATE, Q_GATE_AGAIN, Q_APEX,
	Q_NAME, Q_NS_NAME, Q_SUBJECT, Q_RANDOM, Q_GUESSED,
	Q_MAIL_SERVICE, Q_RESOLVED, Q_RESOLVED_APEX, Q_REVERSE, Q_FOREIGN };

struct question_row {
	enum question_class	 class;
	uint16_t		 type;
	const char		*transport, *to;
};

extern const struct question_row question_rows[];
extern const size_t question_count;

#endif
