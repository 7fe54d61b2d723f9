/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"

#define COUNT(t) (sizeof(t) / sizeof(t)[0])

static void
escapes(void **state)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
	} rows[] = {
		{"plain text", 10, "plain text"},
		{"a\x1b[2Jb", 6, "a\\x1b[2Jb"},
		{"\r\n\t", 3, "\\x0d\\x0a\\x09"},
		{"a\0b", 3, "a\\x00b"},
		{"\x7f", 1, "\\x7f"},
		{"\\", 1, "\\\\"},
		{"\xc2\x9b", 2, "\\u009b"},
		{"\x9b", 1, "\\x9b"},
		{"\xe2\x80\xae", 3, "\\u202e"},
		{"\xe2\x80\x8b", 3, "\\u200b"},
		{"\xe2\x80\xa8", 3, "\\u2028"},
		{"\xe2\x81\xa6", 3, "\\u2066"},
		{"\xef\xbb\xbf", 3, "\\ufeff"},
		{"\xf3\xa0\x81\x81", 4, "\\U000e0041"},
		{"日本", 6, "日本"},
		{"\xe6\x97", 2, "\\xe6\\x97"},
		{"\xc0\xaf", 2, "\\xc0\\xaf"},
		{"\xed\xa0\x80", 3, "\\xed\\xa0\\x80"},
		{"\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"},
		{"é\xff", 3, "é\\xff"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *s = text_escaped(rows[i].in, rows[i].n);

		assert_string_equal(s, rows[i].out);
		assert_true(text_utf8_valid(s, strlen(s)));
		free(s);
	}
	assert_false(text_utf8_valid("\xe0\x80\x80", 3));
	assert_true(text_utf8_valid("\xf0\x9f\x8d\xa3", 4));
}

/* What is cut is cut between characters. */
static void
quotes(void **state)
{
	char long_word[1 + 40 * 3 + 1] = "x";
	char *s;
	size_t i;

	(void)state;
	s = text_quoted("a\033b");
	assert_string_equal(s, "\"a\\x1bb\"");
	free(s);
	for (i = 0; i < 40; i++)
		strcat(long_word, "辿");
	s = text_quoted(long_word);
	assert_int_equal(strlen(s), 1 + 1 + 29 * 3 + 1);
	assert_true(text_utf8_valid(s, strlen(s)));
	free(s);
}

static void
shell_words(void **state)
{
	static const char *const rows[][2] = {
		{"--tries", "--tries"}, {"/tmp/a,b@c", "/tmp/a,b@c"},
		{"", "''"}, {"a b", "'a b'"}, {"a;reboot", "'a;reboot'"},
		{"it's", "'it'\\''s'"}, {"$(x)`y`", "'$(x)`y`'"},
		{"a\033b", "'a\\x1bb'"}, {"\\046", "'\\046'"},
	};
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&b, 0);
		text_shell_word(&b, rows[i][0]);
		assert_string_equal(buf_str(&b), rows[i][1]);
		buf_free(&b);
	}
}

static void
measures(void **state)
{
	static const struct {
		const char *s;
		int narrow, wide;
	} rows[] = {
		{"", 0, 0}, {"abc", 3, 3}, {"辿る", 4, 4}, {"ｶﾅ", 2, 2},
		{"ＡＢ", 4, 4}, {"한국", 4, 4}, {"▲…→·│█", 6, 12},
		{"e\xcc\x81", 1, 1}, {"か\xe3\x82\x99", 2, 2}, {"é", 1, 2},
		{"🍣", 2, 2}, {"\xff", 1, 1}, {"✓", 1, 1}, {"─", 1, 2},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(text_width(rows[i].s, 1), rows[i].narrow);
		assert_int_equal(text_width(rows[i].s, 2), rows[i].wide);
	}
	assert_int_equal(text_fit("日本語", 5, 1), 6);
	assert_int_equal(text_fit("abc", 2, 1), 2);
	assert_int_equal(text_fit("e\xcc\x81x", 1, 1), 3);
	assert_int_equal(text_fit("日", 1, 1), 0);
}

static void
add_line(void *out, const char *s, size_t n)
{
	buf_add(out, s, n);
	buf_addc(out, '|');
}

static void
wraps(void **state)
{
	static const struct {
		int columns;
		const char *in, *out;
	} rows[] = {
		{10, "", "|"},
		{10, "one two three", "one two|three|"},
		{7, "one two three", "one two|three|"},
		{3, "abcdefgh", "abc|def|gh|"},
		{8, "これは長い文", "これは長|い文|"},
		{8, "これは長、い", "これは|長、い|"},
		{8, "これは「長い", "これは|「長い|"},
		{6, "ab日本語cd", "ab日本|語cd|"},
		{6, "see 日本語", "see 日|本語|"},
		{20, "a\nb", "a|b|"},
		{20, "a\n", "a|"},
		{20, "a\n\nb", "a||b|"},
		{1, "日本", "日|本|"},
		{5, "abc   def", "abc|def|"},
		{3, "abc def", "abc|def|"},
		{4, "か\xe3\x82\x99か\xe3\x82\x99か",
		    "か\xe3\x82\x99か\xe3\x82\x99|か|"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct buf b;

		buf_init(&b, 0);
		text_wrap(rows[i].in, rows[i].columns, 1, add_line, &b);
		assert_string_equal(buf_str(&b), rows[i].out);
		buf_free(&b);
	}
}

static void
base64(void **state)
{
	static const struct {
		const char *plain, *coded;
	} rows[] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"},
	};
	static const char *const bad[] = {
		"Z", "Zg=", "Zg", "Z===", "====", "Zg==Zg==", "Zh==", "Zm9=",
		"Zm 9", "Zm9v\n", "Z=g=",
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *coded = text_base64(rows[i].plain,
		    strlen(rows[i].plain));
		unsigned char *plain = text_unbase64(rows[i].coded, &n);

		assert_string_equal(coded, rows[i].coded);
		assert_non_null(plain);
		assert_int_equal(n, strlen(rows[i].plain));
		assert_memory_equal(plain, rows[i].plain, n);
		free(coded);
		free(plain);
	}
	for (i = 0; i < COUNT(bad); i++)
		assert_null(text_unbase64(bad[i], &n));
}

static void
compares(void **state)
{
	char word[] = "MiXeD-Ä";
	const char *hay = "a STARTTLS b";

	(void)state;
	assert_int_equal(text_casecmp("ABC", "abc"), 0);
	assert_true(text_casecmp("abc", "abd") < 0);
	assert_true(text_casecmp("abcd", "abc") > 0);
	assert_true(text_casecmp("ab", "abc") < 0);
	assert_int_equal(text_ncasecmp("ABCx", "abcY", 3), 0);
	assert_int_equal(text_ncasecmp("ab", "ab", 10), 0);
	text_lower(word);
	assert_string_equal(word, "mixed-Ä");
	assert_ptr_equal(text_casefind(hay, 12, "starttls"), hay + 2);
	assert_null(text_casefind(hay, 9, "starttls"));
	assert_ptr_equal(text_casefind(hay, 12, ""), hay);
}

static void
numbers(void **state)
{
	static const struct {
		const char *s;
		int rc;
		long n;
	} rows[] = {
		{"0", 0, 0}, {"53", 0, 53}, {"-5", 0, -5}, {"65535", 0, 65535},
		{"65536", -1, 0}, {"", -1, 0}, {"-", -1, 0}, {"1x", -1, 0},
		{" 1", -1, 0}, {"+1", -1, 0}, {"99999999999999999999", -1, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		long n = 0;

		assert_int_equal(text_number(rows[i].s, -10, 65535, &n),
		    rows[i].rc);
		assert_int_equal(n, rows[i].n);
	}
}

static void
distances(void **state)
{
	char many[100];

	(void)state;
	memset(many, 'a', sizeof many - 1);
	many[sizeof many - 1] = '\0';
	assert_int_equal(text_distance("", "", 3), 0);
	assert_true(text_near("wep", "web") && text_near("levl", "level"));
	assert_true(text_near("rapiar", "repair"));
	assert_false(text_near("wxb", "pop") || text_near("hst", "hints"));
	assert_int_equal(text_distance("check", "chekc", 3), 1);
	assert_int_equal(text_distance("check", "hceck", 3), 1);
	assert_int_equal(text_distance("replay", "reply", 3), 1);
	assert_int_equal(text_distance("kitten", "sitting", 9), 3);
	assert_int_equal(text_distance("abc", "xyzw", 2), 3);
	assert_int_equal(text_distance("", "ab", 3), 2);
	assert_int_equal(text_distance(many, "a", 3), 4);
}

static void
percents(void **state)
{
	static const struct { const char *in, *also, *out; } rows[] = {
		{ "", "", "" }, { "/a~b-c_d.e", TEXT_NO_URL, "/a~b-c_d.e" },
		{ "a b\x7f\t\xe6", "", "a%20b%7F%09%E6" },
		{ "\"<>\\^`{|}", "", "\"<>\\^`{|}" },
		{ "\"<>\\^`{|}", TEXT_NO_URL,
		    "%22%3C%3E%5C%5E%60%7B%7C%7D" },
		{ "taro+x@d", "+@", "taro%2Bx%40d" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b;

		buf_init(&b, 0);
		text_percent(&b, rows[i].in, strlen(rows[i].in),
		    rows[i].also);
		assert_string_equal(buf_str(&b), rows[i].out);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(quotes),
		cmocka_unit_test(shell_words),
		cmocka_unit_test(measures),
		cmocka_unit_test(wraps),
		cmocka_unit_test(base64),
		cmocka_unit_test(percents),
		cmocka_unit_test(compares),
		cmocka_unit_test(numbers),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
