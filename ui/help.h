/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help texts and short strings compiled in by tools/mkhelp. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include <stddef.h>

struct help_topic {
	const char	*lang, *id, *title;
	const char	*sentence;	/* of a finding; a step's intro */
	const char	*feels, *action, *who;
	const char	*body;
};

struct help_string {
	const char	*lang, *key, *text;
};

/* Sorted by language, then id or key; one all-NULL row at the end. */
extern const struct help_topic help_topics[];
extern const size_t help_topic_count;
extern const struct help_string help_strings[];
extern const size_t help_string_count;

#endif
