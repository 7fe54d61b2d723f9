/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plain main for a libFuzzer target: hands each file named on the command
 * line to it once, so that `make check` runs every corpus with any compiler.
 * No argument: one empty input.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *
read_file(const char *name, size_t *size)
{
	FILE *f = fopen(name, "rb");
	uint8_t *data = NULL;
	size_t room = 0, n;

	*size = 0;
	if (f == NULL)
		return NULL;
	do {
		if (*size == room) {
			room = room == 0 ? 4096 : room * 2;
			data = realloc(data, room);
			if (data == NULL)
				abort();
		}
		n = fread(data + *size, 1, room - *size, f);
		*size += n;
	} while (n > 0);
	fclose(f);
	return data;
}

/* An exact copy, so that a read one byte past the end is seen. */
static void
run_exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);
	size_t i;

	if (copy == NULL)
		abort();
	for (i = 0; i < size; i++)
		copy[i] = data[i];
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

int
main(int argc, char **argv)
{
	int i;

	run_exact((const uint8_t *)"", 0);
	for (i = 1; i < argc; i++) {
		size_t size;
		uint8_t *data = read_file(argv[i], &size);

		if (data == NULL) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
		fprintf(stderr, "%s\n", argv[i]);
		run_exact(data, size);
		free(data);
	}
	return 0;
}
