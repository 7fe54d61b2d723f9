/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a line typed by hand is secret. Private to src/talk. */
#ifndef TALK_SECRET_H
#define TALK_SECRET_H

#include "talk/secrets.h"

/* Remember a secret text that was typed: itself, its last word, and what it
   means when it is base64 (RFC 4616, RFC 2195, RFC 7617), in all forms in
   which it may come back; the run remembers it, too. */
void	 secret_learn(struct secrets *, const void *, size_t);

#endif
