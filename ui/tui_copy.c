/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copying: into the terminal's clipboard (OSC 52, which also works over ssh)
 * and always into a file of the user's state directory; and saving the
 * report.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/confine.h"
#include "ui/report.h"
#include "ui/state.h"
#include "ui/strings.h"
#include "ui/tui.h"

#define OSC52_MAX	74000	/* bytes before base64 that terminals take */

/* clipboard.txt in the state directory, which is made; NULL without one. */
static char *
file_name(void)
{
	char *dir = state_make(), *name;

	name = dir == NULL ? NULL : xasprintf("%s/clipboard.txt", dir);
	free(dir);
	return name;
}

static int
write_all(int fd, const char *s, size_t n)
{
	ssize_t done;

	while (n > 0) {
		if ((done = write(fd, s, n)) < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static int
write_file(const char *name, const char *text, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
	    flags, 0600), rc, was;

	if (fd < 0)
		return -1;
	rc = write_all(fd, text, strlen(text));
	was = errno;
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = was;
	return rc;
}

/* ~ in place of the home directory: the bottom line is short. */
static char *
tilde(const char *path)
{
	const char *home = getenv("HOME");
	size_t n = home == NULL ? 0 : strlen(home);

	return n > 1 && strncmp(path, home, n) == 0 && path[n] == '/' ?
	    xasprintf("~%s", path + n) : xstrdup(path);
}

void
copy_text(struct tui *t, const char *text)
{
	size_t n = strlen(text);
	char *name = file_name(), *coded, *said, *short_path;

	if (n == 0) {
		free(name);
		tui_say_key(t, "tui.nothing-to-copy");
		return;
	}
	if (n <= OSC52_MAX && t->term.screen != NULL) {
		coded = text_base64(text, n);
		term_write(&t->term, "\033]52;c;", 7);
		term_write(&t->term, coded, strlen(coded));
		term_write(&t->term, "\033\\", 2);
		free(coded);
	}
	if (name != NULL && write_file(name, text, O_TRUNC) == 0) {
		short_path = tilde(name);
		said = strings_make("tui.copied", "file", short_path, NULL);
		free(short_path);
		tui_say(t, said, false);
	} else
		tui_say_key(t, "tui.copied-no-file");
	free(name);
}

/* The rows of the cursor's line, or all of a page, as plain text. */
char *
copy_page(const struct page *p, bool all)
{
	size_t from = p->cursor, to = p->cursor, i;
	char *plain;
	struct buf b;

	buf_init(&b, 0);
	if (all) {
		from = 0;
		to = p->n;
	} else if (p->n > 0) {
		while (from > 0 && p->rows[from].more)
			from--;
		do
			to++;
		while (to < p->n && p->rows[to].more);
	}
	for (i = from; i < to && i < p->n; i++) {
		plain = row_plain(&p->rows[i]);
		if (!p->rows[i].more && i > from)
			buf_addc(&b, '\n');
		buf_adds(&b, plain + (p->rows[i].more ?
		    strspn(plain, " ") : 0));
		while (b.len > 0 && b.data[b.len - 1] == ' ')
			b.data[--b.len] = '\0';
		free(plain);
	}
	if (b.len > 0)
		buf_addc(&b, '\n');
	return buf_steal(&b);
}

char *
copy_ticket(struct tui *t)
{
	struct out o = { .ambiguous = t->amb };
	char *text = NULL;
	size_t size;

	if ((o.file = open_memstream(&text, &size)) == NULL)
		return xstrdup("");
	report_write(&o, t->s);
	if (fclose(o.file) != 0 || text == NULL)
		return xstrdup("");
	return text;
}

int
copy_save(struct tui *t, const char *name)
{
	char *text = copy_ticket(t);
	int rc = write_file(name, text, O_EXCL);

	free(text);
	if (rc == 0)
		tui_say(t, strings_make("tui.saved", "file", name, NULL),
		    false);
	else
		tui_say(t, strings_make("err.create", "file", name, "why",
		    confine_why(errno), NULL), true);
	return rc;
}
