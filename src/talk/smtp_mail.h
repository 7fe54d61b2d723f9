/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test mail of a round trip; private to src/talk. */
#ifndef TALK_SMTP_MAIL_H
#define TALK_SMTP_MAIL_H

#include "talk/dialog.h"
#include "talk/smtp.h"

/* All lines of the message but the final dot (after 354). */
void	 smtp_mail_say(struct talk *);
/* The fact "sent": what was said to the final dot. */
void	 smtp_mail_fact(struct talk *, const struct smtp_reply *);

#endif
