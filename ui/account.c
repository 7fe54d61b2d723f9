/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a password comes from. It is kept in one place, handed to the engine,
 * and overwritten at the end.
 */
#include "ui/account.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "ui/given.h"
#include "ui/out.h"
#include "ui/strings.h"

#define LONGEST 512

void
account_free(char *password)
{
	if (password == NULL)
		return;
	OPENSSL_cleanse(password, strlen(password));
	free(password);
}

static int
from_file(const char *name, char **password)
{
	char *text = given_read(name);

	if (text == NULL)
		return -1;
	text[strcspn(text, "\r\n")] = '\0';
	*password = text;
	return 0;
}

static char *
from_environment(void)
{
	const char *value = getenv("TADORU_PASSWORD");
	char *password = value == NULL ? NULL : xstrdup(value);

	if (password != NULL)
		unsetenv("TADORU_PASSWORD");
	return password;
}

/* A line from the terminal without echo; NULL if there is no terminal. */
static char *
from_terminal(const char *mailbox)
{
	struct termios was, quiet;
	char line[LONGEST], *prompt, *password = NULL;
	FILE *tty = fopen("/dev/tty", "r+");

	if (tty == NULL || tcgetattr(fileno(tty), &was) != 0) {
		if (tty != NULL)
			fclose(tty);
		return NULL;
	}
	prompt = strings_make("ask.password", "mailbox", mailbox, NULL);
	fputs(prompt, tty);
	fputc(' ', tty);
	fflush(tty);
	free(prompt);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
	if (fgets(line, sizeof(line), tty) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		password = xstrdup(line);
	}
	OPENSSL_cleanse(line, sizeof(line));
	tcsetattr(fileno(tty), TCSAFLUSH, &was);
	fputc('\n', tty);
	fclose(tty);
	return password;
}

int
account_load(const struct options *o, char **password)
{
	const char *mailbox = o->engine.mailbox;

	*password = NULL;
	if (mailbox == NULL || o->engine.read_only)
		return 0;
	if (o->password_file != NULL) {
		if (from_file(o->password_file, password) != 0)
			return -1;
	} else if ((*password = from_environment()) == NULL &&
	    !o->no_prompt)
		*password = from_terminal(mailbox);
	if (*password == NULL || **password == '\0') {
		account_free(*password);
		*password = NULL;
		out_say("say.no-password", "mailbox", mailbox, NULL);
	}
	return 0;
}
