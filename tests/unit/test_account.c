/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The password in the environment is fetched and leaves nothing there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ui/account.h"

#define NAME	"TADORU_PASSWORD="
#define SECRET	"geheim-77"

/* The bytes that ps and /proc/PID/environ show are those of getenv. */
static void
wiped_test(void **state)
{
	static const struct {
		const char *mailbox;
		bool read_only, kept;
	} rows[] = {
		{ "taro@example.jp", false, true },
		{ "taro@example.jp", true, false },
		{ NULL, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static char text[] = NAME SECRET;
		char *password = NULL;
		struct options o;

		memcpy(text, NAME SECRET, sizeof(text));
		assert_int_equal(putenv(text), 0);
		memset(&o, 0, sizeof(o));
		o.no_prompt = true;
		o.engine.mailbox = rows[i].mailbox;
		o.engine.read_only = rows[i].read_only;
		assert_int_equal(account_load(&o, &password), 0);
		if (rows[i].kept)
			assert_string_equal(password, SECRET);
		else
			assert_null(password);
		account_free(password);
		assert_null(getenv("TADORU_PASSWORD"));
		for (size_t k = strlen(NAME); k < sizeof(text); k++)
			assert_int_equal(text[k], 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wiped_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
