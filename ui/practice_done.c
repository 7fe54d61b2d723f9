/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which scenarios the operator has solved: "NAME HINTS", one a line, in a
 * file of the state directory; an older line is a name alone. What cannot be
 * written is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "ui/practice.h"
#include "ui/state.h"

#define BYTES_MAX	65536

static char *known;		/* "\nname\nname\n", NULL: not read */

static char *
file_name(void)
{
	char *dir = state_dir(), *name;

	if (dir == NULL)
		return NULL;
	name = xasprintf("%s/practice", dir);
	free(dir);
	return name;
}

static void
read_known(void)
{
	char *name = file_name();
	FILE *f = name == NULL ? NULL : fopen(name, "r");
	size_t n;

	known = xcalloc(1, BYTES_MAX + 2);
	known[0] = '\n';
	if (f != NULL) {
		n = fread(known + 1, 1, BYTES_MAX, f);
		known[n + 1] = '\0';
		fclose(f);
	}
	free(name);
}

bool
practice_done(const char *name, size_t *hints)
{
	const char *at;
	char *end;
	size_t n = strlen(name);

	if (known == NULL)
		read_known();
	for (at = known; (at = strstr(at, name)) != NULL; at += n)
		if (at[-1] == '\n' && (at[n] == '\n' || at[n] == ' ')) {
			*hints = strtoul(at + n, &end, 10);
			if (at[n] == '\n' || *end != '\n' || *hints > 99)
				*hints = 0;
			return true;
		}
	return false;
}

void
practice_set_done(const char *name, size_t hints)
{
	char *file = file_name(), *line;
	size_t before;
	int fd;

	if (file == NULL || practice_done(name, &before)) {
		free(file);
		return;
	}
	free(state_make());
	fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	line = xasprintf("%s %zu\n", name, hints);
	if (fd >= 0 && write(fd, line, strlen(line)) < 0)
		errno = 0;
	if (fd >= 0)
		close(fd);
	free(line);
	free(file);
	practice_forget();
}

void
practice_forget(void)
{
	free(known);
	known = NULL;
}
