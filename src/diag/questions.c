/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of questions as an array.
 */
#include "diag/questions.h"

#include "dns/message.h"

const struct question_row question_rows[] = {
#define QUESTION(class, type, transport, to) \
	{ Q_##class, DNS_##type, #transport, #to },
#include "diag/questions.def"
#undef QUESTION
};

const size_t question_count = sizeof question_rows / sizeof question_rows[0];
