/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys do: one function a row of keys.def. */
#ifndef UI_TUI_ACT_H
#define UI_TUI_ACT_H

#include <stddef.h>

struct tui;

void	 act_open(struct tui *);
void	 act_next_problem(struct tui *);
void	 act_prev_problem(struct tui *);
void	 act_pause(struct tui *);
void	 act_step(struct tui *);
void	 act_faster(struct tui *);
void	 act_slower(struct tui *);
void	 act_by_hand(struct tui *);
void	 act_again(struct tui *);
void	 act_again_times(struct tui *);
void	 act_skip(struct tui *);
void	 act_edit(struct tui *);
void	 act_follow(struct tui *);
void	 act_matrix(struct tui *);
void	 act_map(struct tui *);
void	 act_clients(struct tui *);
void	 act_findings(struct tui *);
void	 act_tls(struct tui *);
void	 act_hex(struct tui *);
void	 act_sides(struct tui *);
void	 act_help(struct tui *);
void	 act_manual(struct tui *);
void	 act_back(struct tui *);
void	 act_escape(struct tui *);
void	 act_quit(struct tui *);
void	 act_cancel(struct tui *);
void	 act_up(struct tui *);
void	 act_down(struct tui *);
void	 act_left(struct tui *);
void	 act_right(struct tui *);
void	 act_page_up(struct tui *);
void	 act_page_down(struct tui *);
void	 act_first(struct tui *);
void	 act_last(struct tui *);
void	 act_pane_next(struct tui *);
void	 act_pane_back(struct tui *);
void	 act_zoom(struct tui *);
void	 act_search(struct tui *);
void	 act_search_next(struct tui *);
void	 act_search_prev(struct tui *);
void	 act_command(struct tui *);
void	 act_family(struct tui *);
void	 act_wrap(struct tui *);
void	 act_times(struct tui *);
void	 act_language(struct tui *);
void	 act_copy_line(struct tui *);
void	 act_copy_all(struct tui *);
void	 act_ticket(struct tui *);
void	 act_save(struct tui *);
void	 act_mouse(struct tui *);
void	 act_redraw(struct tui *);
void	 act_suspend(struct tui *);

/* A command typed after ":". */
void	 act_run(struct tui *, const char *);
/* The words a command line may begin with: the n-th, or NULL. */
const char *act_word(size_t n);

#endif
