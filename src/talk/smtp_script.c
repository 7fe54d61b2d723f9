/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to a mail server that leaves nothing behind. Content
 * goes out by consent only, params.token, and to nobody but whom it names,
 * params.rcpt.
 */
#include "talk/script.h"
#include "talk/smtp_track.h"

static const struct script_row rows[] = {
	{ SMTP_GREETED, IF_ALWAYS, "EHLO ", SAY_HELO, false, false },
	{ SMTP_GREETED, IF_REFUSED, "HELO ", SAY_HELO, false, false },
	{ SMTP_READY, IF_OFFERED, "STARTTLS", SAY_TEXT, false, false },
	{ SMTP_GREETED, IF_TLS, "EHLO ", SAY_HELO, false, false },
	{ SMTP_READY, IF_SASL, "AUTH ", SAY_METHOD, false, false },
	{ SMTP_SECRET, IF_ALWAYS, "", SAY_ANSWER, true, false },
	{ SMTP_READY, IF_RCPT, "MAIL FROM:", SAY_FROM, false, false },
	{ SMTP_MAIL, IF_RCPT, "RCPT TO:", SAY_RCPT, false, false },
	{ SMTP_RCPT, IF_CONSENT, "DATA", SAY_TEXT, false, false },
	{ SMTP_CONTENT, IF_ALWAYS, ".", SAY_CONTENT, false, false },
	{ SMTP_MAIL | SMTP_RCPT, IF_ALWAYS, "RSET", SAY_TEXT, false, false },
	{ ~(unsigned)(SMTP_GONE | SMTP_TLS | SMTP_CONTENT | SMTP_SECRET),
	    IF_ALWAYS, "QUIT", SAY_TEXT, false, true },
};

const struct script smtp_script = { rows, sizeof(rows) / sizeof(rows[0]) };
