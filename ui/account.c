/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a password comes from. It is kept in one place, handed to the engine,
 * and overwritten at the end.
 */
#include "ui/account.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "ui/asks.h"
#include "ui/given.h"
#include "ui/guide.h"
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
	char *value = getenv("TADORU_PASSWORD");
	char *password = value == NULL ? NULL : xstrdup(value);

	if (password == NULL)
		return NULL;
	/* unsetenv alone leaves it to be read in /proc/PID/environ. */
	OPENSSL_cleanse(value, strlen(value));
	unsetenv("TADORU_PASSWORD");
	return password;
}

static volatile sig_atomic_t interrupted;
static sigjmp_buf before_typing;

/* Only while it waits for a line are these signals let in. */
static void
on_interrupt(int number)
{
	interrupted = number;
	siglongjmp(before_typing, 1);
}

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

/* What is typed up to the end of the line: false if a signal came first, or
   the terminal went away. A jump, since a flag looked at before read leaves a
   moment in which a signal goes unnoticed. */
static bool
typed(int tty, const sigset_t *open, const sigset_t *held, char line[LONGEST])
{
	ssize_t n;

	if (sigsetjmp(before_typing, 1) != 0)
		return false;
	sigprocmask(SIG_SETMASK, open, NULL);
	do
		n = read(tty, line, LONGEST - 1);
	while (n < 0 && errno == EINTR);
	sigprocmask(SIG_BLOCK, held, NULL);
	line[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* A line typed blind. A signal gives the terminal its echo back first, then
   does what it does; after a stop the question is asked again. */
static bool
typed_blind(int tty, const struct termios *was, char line[LONGEST])
{
	struct sigaction act, before[NUMBERS];
	struct termios quiet = *was;
	sigset_t held, open;
	size_t i;
	bool got;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_interrupt;
	sigemptyset(&act.sa_mask);
	sigemptyset(&held);
	interrupted = 0;
	for (i = 0; i < NUMBERS; i++)
		sigaddset(&held, numbers[i]);
	sigprocmask(SIG_BLOCK, &held, &open);
	for (i = 0; i < NUMBERS; i++)
		sigaction(numbers[i], &act, &before[i]);
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &quiet);
	got = typed(tty, &open, &held, line);
	tcsetattr(tty, TCSAFLUSH, was);
	for (i = 0; i < NUMBERS; i++)
		sigaction(numbers[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &open, NULL);
	return got;
}

/* A line from the terminal without echo; NULL if there is no terminal. */
static char *
from_terminal(const char *mailbox)
{
	struct termios was;
	char line[LONGEST], *prompt, *password = NULL;
	FILE *tty = fopen("/dev/tty", "r+");

	if (tty == NULL || tcgetattr(fileno(tty), &was) != 0) {
		if (tty != NULL)
			fclose(tty);
		return NULL;
	}
	prompt = strings_make("ask.password", "mailbox", mailbox, NULL);
	setvbuf(tty, NULL, _IONBF, 0);
	do {
		fputs(prompt, tty);
		fputc(' ', tty);
		if (typed_blind(fileno(tty), &was, line)) {
			line[strcspn(line, "\r\n")] = '\0';
			password = xstrdup(line);
		}
		fputc('\n', tty);
		if (interrupted != 0)
			raise(interrupted);
	} while (password == NULL && interrupted == SIGTSTP);
	OPENSSL_cleanse(line, sizeof(line));
	free(prompt);
	fclose(tty);
	return password;
}

/* check asks nothing; nor does what nobody sits before. */
static bool
may_ask(const struct options *o)
{
	return !o->no_prompt && (guide_wanted(o) || asks_wanted(o));
}

int
account_load(const struct options *o, char **password)
{
	const char *mailbox = o->engine.mailbox;
	char *given = from_environment();

	*password = NULL;
	if (mailbox == NULL || o->engine.read_only ||
	    o->password_file != NULL) {
		account_free(given);	/* not wanted, and not left there */
		given = NULL;
	}
	if (mailbox == NULL || o->engine.read_only)
		return 0;
	if (o->password_file != NULL) {
		if (from_file(o->password_file, password) != 0)
			return -1;
	} else if ((*password = given) == NULL && may_ask(o))
		*password = from_terminal(mailbox);
	if (*password == NULL || **password == '\0') {
		account_free(*password);
		*password = NULL;
		out_say("say.no-password", "mailbox", mailbox, NULL);
	}
	return 0;
}
