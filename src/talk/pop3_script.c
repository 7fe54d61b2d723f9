/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to a POP3 server. Nothing is deleted but messages
 * that bear our token, and those only by consent (RFC 1939: QUIT deletes).
 */
#include "talk/pop3_track.h"
#include "talk/script.h"

#define OUTSIDE (POP3_AUTHORIZATION | POP3_NAMED)

static const struct script_row rows[] = {
	{ OUTSIDE, IF_ALWAYS, "CAPA", SAY_TEXT, false, false },
	{ OUTSIDE, IF_OFFERED, "STLS", SAY_TEXT, false, false },
	{ OUTSIDE, IF_TLS, "CAPA", SAY_TEXT, false, false },
	{ OUTSIDE, IF_SASL, "AUTH ", SAY_METHOD, false, false },
	{ POP3_SECRET, IF_ALWAYS, "", SAY_ANSWER, true, false },
	{ OUTSIDE, IF_USER, "USER ", SAY_LOGIN, false, false },
	{ POP3_NAMED, IF_USER, "PASS ", SAY_PASSWORD, false, false },
	{ POP3_TRANSACTION, IF_COUNT, "STAT", SAY_TEXT, false, false },
	{ POP3_TRANSACTION, IF_LOOK, "TOP ", SAY_LOOK, true, false },
	{ POP3_TRANSACTION, IF_DROP, "DELE ", SAY_DROP, true, false },
	{ OUTSIDE | POP3_TRANSACTION, IF_ALWAYS, "QUIT", SAY_TEXT, false,
	    true },
};

const struct script pop3_script = { rows, sizeof(rows) / sizeof(rows[0]) };
