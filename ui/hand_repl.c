/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru repl: by hand alone. On a terminal a line editor, and lines from the
 * server come in above it; from a file or pipe a script, one line after the
 * other as soon as it is our turn, whose status tells whether all was met.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "config.h"
#include "diag/engine_hand.h"
#include "net/tls.h"
#include "ui/confine.h"
#include "ui/given.h"
#include "ui/hand.h"
#include "ui/hand_edit.h"
#include "ui/hand_term.h"
#include "ui/hand_url.h"
#include "ui/lines.h"
#include "ui/run.h"
#include "ui/signals.h"
#include "ui/strings.h"
#include "ui/tui_term.h"

#define TYPED_MAX	(1024u * 1024)
#define QUIET		NSEC_PER_SEC	/* after the last line of a script */
#define TICK		(10 * NSEC_PER_MSEC)

struct repl {
	const struct options	*opts;
	struct out		*out;
	struct sinks		*sinks;
	struct loop		*loop;
	struct engine		*engine;
	struct hand		*hand;
	struct watch		*input, *signals;
	struct timer		*next, *drain;
	struct buf		 typed;		/* of a script */
	size_t			 lines;
	bool			 tty, eof, over;
	bool			 cut;		/* not all was said */
};

static void
leave(struct repl *r)
{
	r->over = true;
	loop_stop(r->loop);
}

static void
on_pipe(void *ctx, unsigned got)
{
	struct repl *r = ctx;
	int number;

	(void)got;
	while ((number = signals_next()) != 0)
		if (r->tty ? !hand_term_signal(r->hand, number) :
		    number != SIGCONT && number != SIGWINCH)
			leave(r);
}

static void
put(struct repl *r, const char *text)
{
	if (r->tty)
		hand_edit_hide();
	out_put(r->out, text);
	out_flush(r->out);
	if (r->tty)
		hand_edit_show();
}

static void
on_say(void *ctx, enum hand_say how, const char *text)
{
	static const char *const marks[] = { "", "    ", "*** " };
	struct repl *r = ctx;
	char *line;

	if (r->opts->stdout_format == FORMAT_JSON)
		return;
	line = xasprintf("%s%s\n", marks[how], text);
	put(r, line);
	free(line);
}

/* What TAB offers, above the line. */
static void
on_choices(void *ctx, char **list, size_t n)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		char *text = text_escaped(list[i], strlen(list[i]));

		buf_printf(&b, "  %s\n", text);
		free(text);
	}
	put(ctx, buf_str(&b));
	buf_free(&b);
}

static void
on_ask(void *ctx, const char *prompt, bool secret)
{
	struct repl *r = ctx;

	(void)prompt;
	(void)secret;
	if (r->tty)
		hand_edit_prompt();
}

static void
on_over(void *ctx)
{
	struct repl *r = ctx;

	leave(r);
}

static void	go_on(void *);

static void
later(struct repl *r)
{
	if (r->next == NULL && r->hand != NULL)
		r->next = loop_timer(r->loop, 0, go_on, r);
}

static void
on_idle(void *ctx)
{
	later(ctx);
}

static void
on_quiet(void *ctx)
{
	struct repl *r = ctx;

	r->drain = NULL;
	leave(r);
}

static void
print_event(struct repl *r, const struct session *s, const struct event *ev)
{
	const char *key = hand_probe(r->hand);
	struct line_show show = { ev->dir, ev->tls, ev->dns, ev->data,
		ev->len, ev->full, ev->body };
	struct buf b;

	(void)s;
	if (ev->kind != EV_LINE || ev->dns || ev->probe == NULL ||
	    r->opts->stdout_format == FORMAT_JSON)
		return;
	if (key == NULL || strcmp(key, ev->probe) != 0) {
		const char *word = json_str(ev->body, "key");

		/* Of questions and look-ups: only what went wrong. */
		if (strcmp(word, "dns-icmp") != 0 &&
		    strncmp(word, "dns-stray", 9) != 0 &&
		    strcmp(word, "trying") != 0)
			return;
	}
	buf_init(&b, 0);
	lines_render(&b, "", &show);
	put(r, buf_str(&b));
	buf_free(&b);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct repl *r = ctx;

	sinks_event(r->sinks, s, ev);
	if (r->hand == NULL)
		return;
	print_event(r, s, ev);
	hand_event(r->hand, s, ev);
	if (r->drain != NULL) {
		timer_cancel(&r->drain);
		r->drain = loop_timer(r->loop, QUIET, on_quiet, r);
	}
	if (sinks_failed(r->sinks))
		leave(r);
	later(r);
}

/* A :login of a script was refused: what follows may be its password. */
static void
cut(struct repl *r)
{
	r->cut = true;
	if (r->typed.data != NULL)
		OPENSSL_cleanse(r->typed.data, r->typed.cap);
	r->typed.len = 0;
	on_say(r, HAND_BAD, S("hand.script-cut"));
	leave(r);
}

/* The next line of a script; false: there is no whole one. */
static bool
script_line(struct repl *r)
{
	char *lf = r->typed.len == 0 ? NULL : memchr(r->typed.data, '\n',
	    r->typed.len);
	size_t n = lf == NULL ? r->typed.len :
	    (size_t)(lf - (char *)r->typed.data);
	char *line;
	bool secret;

	if (r->typed.len == 0 || (lf == NULL && !r->eof))
		return false;
	line = xstrndup((char *)r->typed.data, n);
	buf_drop(&r->typed, n + (lf != NULL));
	n = strlen(line);
	if (n > 0 && line[n - 1] == '\r')
		line[n - 1] = '\0';
	r->lines++;
	if (hand_asks(r->hand, &secret))
		hand_answer(r->hand, line);
	else
		hand_line(r->hand, line);
	OPENSSL_cleanse(line, strlen(line));
	free(line);
	if (hand_no_login(r->hand))
		cut(r);
	return true;
}

static void
go_on(void *ctx)
{
	struct repl *r = ctx;

	r->next = NULL;
	if (r->over)
		return;
	if (r->tty) {
		hand_edit_prompt();
		return;
	}
	while (!r->over && (!hand_busy(r->hand) ||
	    hand_asks(r->hand, NULL)) && script_line(r))
		;
	if (r->eof && r->typed.len == 0 && r->drain == NULL &&
	    !hand_busy(r->hand))
		r->drain = loop_timer(r->loop, engine_busy(r->engine) ?
		    QUIET : 0, on_quiet, r);
}

static void
on_input(void *ctx, unsigned got)
{
	struct repl *r = ctx;
	char data[4096];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n == 0 && r->tty && (got & WORLD_ERR) == 0)
		return;		/* the kernel threw it away meanwhile */
	if (n <= 0) {
		watch_free(r->input);
		r->input = NULL;
		r->eof = true;
		if (r->tty)
			leave(r);
	} else if (r->tty)
		hand_edit_keys(data, (size_t)n);
	else
		buf_add(&r->typed, data, (size_t)n);
	OPENSSL_cleanse(data, sizeof(data));
	later(r);
}

static void
on_tick(void *ctx)
{
	struct repl *r = ctx;

	r->next = NULL;
	if (engine_busy(r->engine))
		r->next = loop_timer(r->loop, TICK, on_tick, r);
	else
		loop_stop(r->loop);
}

/* Goodbye to what is open, within a second. */
static void
say_goodbye(struct repl *r)
{
	timer_cancel(&r->next);
	engine_cancel(r->engine);
	r->next = loop_timer(r->loop, 0, on_tick, r);
	while (engine_busy(r->engine))
		loop_run(r->loop);
}

static void
converse(struct repl *r, const struct hand_url *url)
{
	struct hand_edit_hooks edit = { r, on_choices };
	char *line;
	int fd;

	r->input = loop_watch(r->loop, STDIN_FILENO, WORLD_IN, on_input, r);
	if ((fd = signals_begin(SIGNALS_END | SIGNALS_SCREEN |
	    (r->tty ? SIGNALS_STOP : 0))) >= 0)
		r->signals = loop_watch(r->loop, fd, WORLD_IN, on_pipe, r);
	if (r->tty) {
		line = strings_make("hand.hello", "url", url == NULL ?
		    "tadoru" : r->opts->operand[0], NULL);
		on_say(r, HAND_SAY, line);
		free(line);
		(void)term_locale();
		hand_term_begin();
	}
	if (url != NULL) {
		line = xasprintf(":open %s", r->opts->operand[0]);
		hand_line(r->hand, line);
		free(line);
	}
	if (r->tty)	/* now: it begins with this protocol's history */
		hand_edit_begin(r->hand, &edit);
	later(r);
	while (!r->over)
		loop_run(r->loop);
	if (r->tty) {
		hand_edit_end();
		hand_term_end();
	}
	say_goodbye(r);
	watch_free(r->input);
	watch_free(r->signals);
	signals_end();
	timer_cancel(&r->next);
	timer_cancel(&r->drain);
}

static int
run(struct repl *r, struct world *w, const struct hand_url *url)
{
	const struct options *o = r->opts;
	struct hand_hooks hooks = { r, on_say, NULL, on_ask, on_over,
		on_idle, NULL };
	struct engine_opts opts = o->engine;
	struct subject subject;
	int status;

	memset(&subject, 0, sizeof(subject));
	subject.input = (char *)(uintptr_t)(url == NULL ? "" : o->operand[0]);
	subject.name = url == NULL ? subject.input : url->host;
	opts.version = TADORU_VERSION;
	opts.stay = true;
	if (opts.helo == NULL)
		opts.helo = w->hostname;
	r->loop = loop_new(w);
	r->engine = engine_new(r->loop, &subject, &opts);
	engine_sink(r->engine, on_event, r);
	engine_start_by_hand(r->engine);
	r->hand = hand_open(r->engine, NULL, 0, &hooks);
	hand_family(r->hand, opts.no_v4 ? 6 : opts.no_v6 ? 4 : 0);
	converse(r, url);
	status = r->tty ? 0 : hand_status(r->hand);
	if (r->cut && status == 0)
		status = 1;
	hand_free(r->hand);
	r->hand = NULL;
	if (sinks_close(r->sinks, NULL) != 0)
		status = STATUS_UNKNOWN;
	engine_free(r->engine);
	loop_free(r->loop);
	return status;
}

static struct world *
world_of(const struct options *o)
{
	struct world *w = world_kernel_new();
	char name[256];

	if (w->hostname == NULL && gethostname(name, sizeof(name)) == 0) {
		name[sizeof(name) - 1] = '\0';
		w->hostname = xstrdup(name);
	}
	if (given_load(o, w) == 0)
		return w;
	world_free(w);
	return NULL;
}

static int
with_world(struct repl *r, const struct hand_url *url)
{
	struct options mine = *r->opts;
	struct world *w = world_of(r->opts);
	int status = STATUS_USAGE;

	if (w == NULL)
		return status;
	if (mine.stdout_format != FORMAT_JSON)
		mine.stdout_format = FORMAT_NONE;
	r->opts = &mine;
	confine(r->opts);
	r->sinks = sinks_open(&mine, r->out);
	if (r->sinks != NULL)
		status = run(r, w, url);
	world_free(w);
	tls_cleanup();
	return status;
}

int
repl_run(const struct options *o, struct out *out)
{
	struct repl r = { .opts = o, .out = out };
	struct hand_url url;
	const char *why;
	char *key;
	int status;

	if (o->noperands > 0 &&
	    hand_url_parse(&url, o->operand[0], &why) != 0) {
		key = xasprintf("hand.url.%s", why);
		out_say(key, "url", o->operand[0], NULL);
		free(key);
		return STATUS_USAGE;
	}
	buf_init(&r.typed, TYPED_MAX);
	r.tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    !o->plain && !o->json;
	status = with_world(&r, o->noperands > 0 ? &url : NULL);
	buf_free(&r.typed);
	if (o->noperands > 0)
		hand_url_free(&url);
	return status;
}
