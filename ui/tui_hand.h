/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By hand inside the guide, for tui*.c and view_live.c. */
#ifndef UI_TUI_HAND_H
#define UI_TUI_HAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;
struct pane;
struct session;
struct tui;

/* "!": speak to what is selected; and leave it as it is. */
void	 hand_pane_open(struct tui *);
void	 hand_pane_close(struct tui *);
/* Edit the next line before it is sent; does it wait for one, edit one, or
   await its reply; the script goes on with its own line. */
void	 hand_pane_edit(struct tui *);
bool	 hand_pane_edits(const struct tui *);
void	 hand_pane_leave(struct tui *);
/* The line at the bottom, beginning with text. */
void	 hand_pane_line(struct tui *, const char *text);
/* Before the line is drawn: the session may stand elsewhere now. */
void	 hand_pane_prompt(struct tui *);
/* Leave when the script goes on. */
void	 hand_pane_check(struct tui *);
void	 hand_pane_event(struct tui *, const struct session *,
	     const struct event *);
/* Esc, Ctrl-C, Ctrl-]; false: any other key. */
bool	 hand_pane_key(struct tui *, int key);
void	 hand_pane_paste(struct tui *, const char *text);
bool	 hand_pane_memorable(const struct tui *, const char *);
/* As hand_hidden. */
size_t	 hand_pane_hidden(const struct tui *, const char *);
/* As hand_history; "": nothing is spoken to. */
const char *hand_pane_history(const struct tui *);
char	**hand_pane_complete(struct tui *, const char *line, size_t point);
/* The key of the probe spoken on, or NULL. */
const char *hand_pane_probe(const struct tui *);
/* Remarks made before an event, as rows; begin first. */
void	 hand_pane_begin(struct tui *);
void	 hand_pane_remarks(struct tui *, struct pane *, const char *key,
	     uint64_t before);

#endif
