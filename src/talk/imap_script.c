/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to an IMAP server. A mailbox is opened read-only
 * unless our own messages shall go; only their UIDs are ever expunged, and
 * without UIDPLUS (RFC 4315) they stay, marked as deleted. Behind a hand the
 * mailbox is opened and searched anew: UIDs belong to one mailbox alone.
 */
#include "talk/imap_track.h"
#include "talk/script.h"

#define SOME (IMAP_NOT_AUTH | IMAP_AUTH | IMAP_SELECTED)
#define OPEN (IMAP_AUTH | IMAP_SELECTED)

static const struct script_row rows[] = {
	{ SOME, IF_ALWAYS, "CAPABILITY", SAY_TEXT, false, false },
	{ IMAP_NOT_AUTH, IF_OFFERED, "STARTTLS", SAY_TEXT, false, false },
	{ IMAP_NOT_AUTH, IF_TLS, "CAPABILITY", SAY_TEXT, false, false },
	{ IMAP_NOT_AUTH, IF_SASL, "AUTHENTICATE ", SAY_METHOD, false, false },
	{ IMAP_SECRET, IF_ALWAYS, "", SAY_ANSWER, true, false },
	{ IMAP_NOT_AUTH, IF_USER, "LOGIN ", SAY_LOGIN, false, false },
	{ IMAP_AUTH, IF_UNKNOWN, "CAPABILITY", SAY_TEXT, false, false },
	{ OPEN, IF_READ, "EXAMINE INBOX", SAY_TEXT, false, false },
	{ OPEN, IF_WRITE, "SELECT INBOX", SAY_TEXT, false, false },
	{ IMAP_SELECTED, IF_SEARCH, "UID SEARCH HEADER X-Tadoru-Token ",
	    SAY_TOKEN, false, false },
	{ IMAP_SELECTED, IF_LOOK, "UID FETCH ", SAY_LOOK, true, false },
	{ IMAP_SELECTED, IF_DROP, "UID STORE ", SAY_DROP, true, false },
	{ IMAP_SELECTED, IF_PURGE, "UID EXPUNGE ", SAY_PURGE, true, false },
	{ SOME, IF_ALWAYS, "LOGOUT", SAY_TEXT, false, true },
};

const struct script imap_script = { rows, sizeof(rows) / sizeof(rows[0]) };
