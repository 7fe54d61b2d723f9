/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru practice NAME --shell: the peers of a practice file on a network of
 * their own, and a shell (or one command) in it. This process is the far end
 * of the link; a child is process 1 of the namespace and dies with it, so
 * that nothing stays behind however either ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/namespace.h"
#include "base/xalloc.h"
#include "practice/wire.h"
#include "ui/practice.h"
#include "ui/practice_room.h"
#include "ui/signals.h"
#include "ui/strings.h"

#define SEED		7
#define PACKETS		64	/* read at once before the world goes on */
#define SIGNALLED	128

struct shell {
	struct room	 room;
	struct world	*world, *kernel;
	struct tunnel	 tunnel;
	struct wire	*wire;
	char *const	*command;	/* NULL: a shell */
	int		 alive[2];	/* its other end is ours: we live */
	int		 gone[2];	/* its other end is the child's */
	int		 signals;	/* readable when one came */
	pid_t		 child;
	bool		 terminal;	/* ours, in these modes, at first */
	struct termios	 modes;
};

/* Give the terminal to this process' group. */
static void
take_terminal(void)
{
	struct sigaction	ignore, before;

	memset(&ignore, 0, sizeof ignore);
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGTTOU, &ignore, &before);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	sigaction(SIGTTOU, &before, NULL);
}

static void
keep_terminal(struct shell *s)
{
	s->terminal = tcgetpgrp(STDIN_FILENO) == getpgrp() &&
	    tcgetattr(STDIN_FILENO, &s->modes) == 0;
}

/* A program that was killed left the modes it had set. */
static void
restore_terminal(const struct shell *s)
{
	if (!s->terminal)
		return;
	take_terminal();
	tcsetattr(STDIN_FILENO, TCSANOW, &s->modes);
}

static void
run_program(const struct shell *s)
{
	const char	*program = getenv("SHELL");
	char		*argv[2] = { NULL, NULL };

	signals_leave(SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	namespace_keep_raw();
	if (s->command != NULL) {
		execvp(s->command[0], s->command);
		out_say("practice.shell.program", "program", s->command[0],
		    "cause", strerror(errno), NULL);
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (isatty(STDIN_FILENO)) {
		setpgid(0, 0);
		take_terminal();
	}
	argv[0] = xstrdup(program != NULL && *program == '/' ? program :
	    "/bin/sh");
	execv(argv[0], argv);
	_exit(127);
}

/* Process 1: wait for the program and for whatever it leaves. */
static void
first_process(struct shell *s)
{
	pid_t	program, pid;
	int	status = 0;

	close(s->alive[1]);
	close(s->gone[0]);
	tunnel_close(&s->tunnel);
	if (namespace_die_with_parent(s->alive[0]) == -1)
		_exit(STATUS_UNKNOWN);
	room_inside(&s->room);
	if ((program = fork()) == 0) {
		close(s->gone[1]);
		run_program(s);
	}
	if (program == -1)
		_exit(STATUS_UNKNOWN);
	signals_leave(SIG_IGN);
	do
		pid = waitpid(-1, &status, 0);
	while (pid != program && (pid != -1 || errno == EINTR));
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) :
	    SIGNALLED + WTERMSIG(status));
}

static void
send_packet(void *ctx, const void *packet, size_t len)
{
	struct shell	*s = ctx;

	tunnel_write(&s->tunnel, packet, len);
}

/* The packets that wait; -1: the link is gone. */
static int
take_packets(struct shell *s)
{
	static unsigned char	packet[65536];
	ssize_t			n = 0;
	int			i;

	for (i = 0; i < PACKETS; i++) {
		if ((n = tunnel_read(&s->tunnel, packet, sizeof packet)) <= 0)
			break;
		wire_input(s->wire, packet, (size_t)n);
	}
	return (n < 0 ? -1 : 0);
}

/* Be the network until the child has gone or a signal came. */
static void
be_network(struct shell *s)
{
	const struct world_ops	*ops = s->kernel->ops;
	int64_t			 real = ops->now(s->kernel);
	int64_t			 virtual = s->world->ops->now(s->world);
	int64_t			 next = virtual;
	struct world_poll	 polls[3] = {
		{ s->tunnel.fd, WORLD_IN, 0 }, { s->gone[0], WORLD_IN, 0 },
		{ s->signals, WORLD_IN, 0 } };

	while (polls[1].got == 0 && polls[2].got == 0) {
		if (ops->wait(s->kernel, polls, 3, next == WORLD_NEVER ?
		    next : next - virtual + real) == -1 && errno != EINTR)
			break;
		next = virtual + ops->now(s->kernel) - real;
		wire_run(s->wire, next);
		if (take_packets(s) == -1)
			break;
		next = wire_run(s->wire, next);
	}
}

static int
status_of(struct shell *s)
{
	int	status = 0;

	if (s->child <= 0)
		return (STATUS_UNKNOWN);
	kill(s->child, SIGKILL);	/* if it is there still */
	while (waitpid(s->child, &status, 0) == -1 && errno == EINTR)
		;
	return (WIFEXITED(status) ? WEXITSTATUS(status) :
	    SIGNALLED + WTERMSIG(status));
}

static int
pipe_of(int fds[2])
{
	if (pipe(fds) == -1)
		return (-1);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return (0);
}

static void
refuse(const char *name, const char *what, int err)
{
	const char	*setting = namespace_forbids("");

	if (setting != NULL && strcmp(setting, "linux") == 0)
		out_say("practice.shell.linux", "name", name, NULL);
	else if (setting != NULL)
		out_say("practice.shell.forbidden", "name", name, "setting",
		    setting, NULL);
	else
		out_say("practice.shell.failed", "name", name, "what", what,
		    "cause", strerror(err), NULL);
}

static int
prepare(struct shell *s, const struct exercise *e)
{
	struct addr	 own[MEMORY_SOURCES];
	const char	*what = "namespaces";

	s->child = -1;
	if (namespace_enter() == 0 && room_make(&s->room, s->world, e) == 0 &&
	    tunnel_open(&s->tunnel, own, memory_sources(s->world, own),
	    &what) == 0 && pipe_of(s->alive) == 0 && pipe_of(s->gone) == 0 &&
	    (s->signals = signals_begin(SIGNALS_END | SIGNALS_QUIT)) >= 0)
		return (0);
	refuse(e->name, what, errno);
	return (-1);
}

static int
run(struct shell *s)
{
	int	status;

	keep_terminal(s);
	if ((s->child = fork()) == 0)
		first_process(s);
	close(s->gone[1]);
	close(s->alive[0]);
	s->wire = wire_new(s->world, s->tunnel.sums, send_packet, s);
	if (s->child != -1)
		be_network(s);
	status = status_of(s);
	wire_free(s->wire);
	restore_terminal(s);
	return (status);
}

int
practice_shell(const struct options *o, struct out *out,
    const struct exercise *e)
{
	struct shell		 s = { .command = o->shell_command };
	struct refusal		 why;
	struct scenario		*scenario;
	int			 status = STATUS_UNKNOWN;

	scenario = exercise_scenario(e, false, SEED, &why);
	if (scenario == NULL) {
		practice_refuse(&why);
		return (STATUS_USAGE);
	}
	s.tunnel.fd = -1;
	s.kernel = world_kernel_new();
	scenario_clock(scenario, s.kernel->ops->wall(s.kernel) /
	    NSEC_PER_SEC);
	s.world = scenario_world(scenario);
	if (prepare(&s, e) == 0) {
		if (s.command == NULL)
			room_greet(&s.room, out, e);
		status = run(&s);
	}
	signals_end();
	tunnel_close(&s.tunnel);
	room_end(&s.room);
	world_free(s.world);
	scenario_free(scenario);
	world_free(s.kernel);
	return (status);
}
