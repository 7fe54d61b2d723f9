/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide: a full-screen window on a session. It draws the session only,
 * and gives commands to the engine (none in a replay).
 */
#ifndef UI_TUI_H
#define UI_TUI_H

#include "diag/engine.h"
#include "ui/keys.h"
#include "ui/player.h"
#include "ui/tui_now.h"
#include "ui/tui_page.h"
#include "ui/tui_term.h"

enum view_id { VIEW_MAIN, VIEW_MATRIX, VIEW_MAP, VIEW_CLIENTS, VIEW_FINDINGS,
	VIEW_TLS, VIEW_HEX, VIEW_SIDES, VIEW_HELP, VIEW_COUNT };

enum pane_id { PANE_STEPS, PANE_LIVE, PANE_MEANING, PANE_VIEW, PANE_COUNT };

struct pane {
	struct page	 page;
	int		 y, x, h, w;	/* of its rows, without the frame */
	bool		 shown;
	char		*title;		/* what stands in its frame */
};

/* Outcomes of runs asked for with R. */
struct tui_runs {
	char		*key;		/* of the probe */
	int		 wanted;
	int64_t		 began;
	int64_t		*took;		/* us; -1: it failed */
	size_t		 n;
};

struct tui_opts {
	bool		 color;
	bool		 stepping;	/* -s */
	int		 ambiguous;	/* 0: measured */
	struct keys	*keys;		/* borrowed */
	const char	*say;		/* a first message, or NULL */
	const char	*ticket;	/* of the practice Internet, or NULL */
	struct player	*player;	/* of a recording; NULL: live */
};

struct tui {
	struct loop		*loop;
	struct engine		*engine;	/* NULL: a recording */
	const struct session	*s;
	struct tui_opts		 opts;
	struct terminal		 term;
	int			 rows, cols, amb;
	bool			 open;		/* a terminal is in our hands */

	enum view_id		 view, before;	/* before: the help was asked */
	enum pane_id		 focus;
	struct pane		 pane[PANE_COUNT];
	bool			 zoom, wrap, times, follow, mouse, manual;
	bool			 went_first;	/* to what the ticket names */
	int			 family;	/* shown: 0 both, 4, 6 */
	char			*topic;		/* of :explain, or NULL */

	char			**unfolded;	/* ids that are open */
	size_t			 nunfolded;
	enum step_id		 followed;	/* opened by following */
	char			*trail;		/* key of the probe followed */
	int64_t			 trailed;	/* us, since when */
	long			 problem;	/* index of the last n or N */
	json_t			*ready[STEP_COUNT]; /* commands to come */
	bool			 waiting[STEP_COUNT]; /* for the operator */
	struct now		 now;
	struct tui_runs		 runs;

	char			*message;	/* on the bottom line */
	bool			 message_bad;
	char			*find;		/* searched for, or NULL */
	int			 asked;		/* the question being answered */
	int			 passed;	/* 1 + the one left by Tab; 0: none */
	struct tui_line		*line;		/* being edited, or NULL */
	struct tui_hand		*hand;		/* by hand, or NULL */
	int			 cursor_y, cursor_x;
	bool			 running;	/* inside tui_run */
	bool			 quit, leave, asked_quit, hung_up;
	int64_t			 began;		/* ns, of the session */
	int64_t			 drawn;		/* ns, the last picture */
	struct timer		*redraw, *tick;
	struct watch		*watch_in, *watch_signal;
	uint64_t		 live_seen;	/* what the dialogue pane shows */
	char			*live_id;
};

/* A guide without a terminal yet. */
struct tui	*tui_new(const struct tui_opts *, struct loop *,
		    struct engine *, const struct session *);
void		 tui_free(struct tui *);
/* For engine_sink: ctx is the struct tui. */
void		 tui_event(void *tui, const struct session *,
		    const struct event *);
/* Take the terminal: 0, or -1 (it cannot do it). */
int		 tui_open(struct tui *);
/* Run on the terminal until the operator leaves: 0, or -1 (no terminal). */
int		 tui_run(struct tui *);
/* One key, as keys.h has them. */
void		 tui_key(struct tui *, int key);
/* All of the screen, now; false: too small, which is said. */
bool		 tui_draw(struct tui *);
/* The picture is out of date: draw it soon. */
void		 tui_dirty(struct tui *);
/* The window has another size. */
void		 tui_resized(struct tui *, int rows, int cols);
/* Microseconds of the session that have gone by. */
int64_t		 tui_elapsed(const struct tui *);
/* Is the diagnosis over? */
bool		 tui_over(const struct tui *);
/* Does it wait for the operator (Space, or step by step in a recording)? */
bool		 tui_paused(const struct tui *);
/* Where keys mean something now: one bit of keys.h. */
unsigned	 tui_where(const struct tui *);
/* The pane that has the cursor. */
struct pane	*tui_pane(struct tui *);
/* One line for the operator, at the bottom until the next key; takes text
   (malloc'd). */
void		 tui_say(struct tui *, char *text, bool bad);
void		 tui_say_key(struct tui *, const char *key);
void		 tui_view(struct tui *, enum view_id);
/* Leave: the summary stays on the screen if leave is set. */
void		 tui_quit(struct tui *, bool leave);
void		 tui_suspend(struct tui *);

/* tui_layout.c: where the panes are, and their frame. */
#define TUI_ROWS	15
#define TUI_COLS	60
void	 layout_panes(struct tui *);
void	 layout_frame(struct tui *);
void	 layout_bottom(struct tui *);
/* tui_head.c: the first lines; how many there are. */
int	 head_lines(const struct tui *);
void	 head_draw(struct tui *);

/* tui_draw.c */
/* Text with marks at y, x in w columns, the first left of it scrolled away;
   find is shown reversed; reverse: all of it. */
void	 draw_text(struct tui *, int y, int x, int w, int left,
	     const char *text, bool reverse);
void	 draw_page(struct tui *, struct pane *, bool focused);
void	 draw_line(struct tui *, int y, int x, int w);	/* horizontal */
void	 draw_column(struct tui *, int y, int x, int h); /* vertical */
void	 draw_corner(struct tui *, int y, int x, char which);
/* A verdict's sign with its colour, two columns and a half of blanks: sign,
   blanks up to sign_width columns. */
void	 draw_sign(struct buf *, const struct tui *, int verdict);
/* The same of a running ('r') or a followed ('f') one, or nothing (' '). */
void	 draw_state(struct buf *, const struct tui *, char what);
int	 draw_sign_width(const struct tui *);
const char *draw_style(int verdict);
/* s, then blanks up to columns; cut when it is wider. */
void	 draw_pad(struct buf *, const struct tui *, const char *s,
	     int columns);
/* Cut what is wider than columns; a sign says so. */
void	 draw_cut(struct buf *, const struct tui *, int columns);
/* "1.2 s", "23 ms". */

/* The panes and views: each makes the rows of its pane anew. */
void	 view_steps(struct tui *, struct pane *);
void	 view_live(struct tui *, struct pane *);
void	 view_meaning(struct tui *, struct pane *);
void	 view_matrix(struct tui *, struct pane *);
void	 view_map(struct tui *, struct pane *);
void	 view_clients(struct tui *, struct pane *);
void	 view_findings(struct tui *, struct pane *);
void	 view_tls(struct tui *, struct pane *);
void	 view_hex(struct tui *, struct pane *);
void	 view_sides(struct tui *, struct pane *);
void	 view_help(struct tui *, struct pane *);

/*
 * What is selected (tui_select.c). Ids of rows: "step:ID", "ep:" and the
 * first five parts of a probe's key, "probe:KEY", "find:INDEX:..", "line:SEQ".
 */
/* The id that the dialogue and the meaning are about. */
const char	*select_id(const struct tui *);
/* The step of an id, or -1. */
int		 select_step(const struct tui *, const char *id);
/* Probes of an id, in order: how many; list is malloc'd. */
size_t		 select_probes(const struct tui *, const char *id,
		    const struct sprobe ***list);
/* "ep:.." of a probe; the caller frees. */
char		*select_of_probe(const struct sprobe *);
/* "ep:.." of an endpoint, "step:.." where no probe fits; caller frees. */
char		*select_of_endpoint(const struct tui *,
		    const struct endpoint *, enum step_id step);
char		*select_of_finding(const struct tui *, const json_t *finding);
/* Does the finding (object) concern that id? */
bool		 select_concerns(const struct tui *, const char *id,
		    const json_t *finding);
/* Go there in the main view: the tree is opened as far as needed. */
void		 select_go(struct tui *, const char *id);
bool		 select_unfolded(const struct tui *, const char *id);
void		 select_fold(struct tui *, const char *id, bool open);
/* The newest probe that runs, for the cursor that follows. */
void		 select_follow(struct tui *);
/* A sprobe's or line's place: the probe with that line. */
const struct sprobe *select_line(const struct tui *, uint64_t seq,
		    const struct sline **);

/* tui_copy.c: the clipboard (OSC 52) and a file. */
void	 copy_text(struct tui *, const char *text);
char	*copy_page(const struct page *, bool all);
char	*copy_ticket(struct tui *);
/* Write the report: 0, or -1; says so. */
int	 copy_save(struct tui *, const char *name);

/* tui_line.c: a line edited with readline at the bottom. */
enum line_kind { LINE_COMMAND, LINE_SEARCH, LINE_NUMBER, LINE_ANSWER,
	LINE_HAND, LINE_SECRET };
void	 line_open(struct tui *, enum line_kind, const char *prompt,
	     const char *text, void (*done)(struct tui *, const char *));
void	 line_close(struct tui *);
/* false: not a key of the editor. */
bool	 line_key(struct tui *, int key);
/* ESC and the key after it. */
void	 line_meta(struct tui *, int key);
void	 line_paste(struct tui *, const char *text);
/* What stands before a line typed by hand changed meanwhile, perhaps. */
void	 line_prompt(struct tui *, const char *prompt);
void	 line_draw(struct tui *, int y, int w);

#endif
