/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice files as they are read: what is refused and where, how texts and
 * worlds are put together; and what is said of a bad file in each language:
 * every key that the readers can give has a text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/exercise_inside.h"
#include "tests/unit/peer_kit.h"
#include "ui/practice_expect.h"
#include "ui/practice_refuse.h"
#include "ui/strings.h"

#define WHOLE "name t\nlevel 1\ndomain example.jp\nticket en {\nx\n}\n" \
	"expect dns-lame\n"

static const struct {
	const char	*text, *what;
	unsigned	 line;
} bad[] = {
	{ "frob", "\"frob\": name|level|domain|", 1 },
	{ "levl 1", "\"levl\": level (level 1..4)", 1 },
	{ "name", "$: NAME (name NAME)", 1 },
	{ "name A", "\"A\": <name-chars> (name NAME)", 1 },
	{ "name a\nname b", "\"name\": <once>", 2 },
	{ "level 5", "\"5\": 1..4 (level 1..4)", 1 },
	{ "domain", "$: SUBJECT", 1 },
	{ "\n\noptions", "$: OPTION", 3 },
	{ "include nowhere", "\"nowhere\": <practice-file>", 1 },
	{ "include loop", "\"loop\": <no-loop>", 1 },
	{ "include bad", "\"frob\": name|", 2 },
	{ "quiet please", "\"please\": <nothing-more>", 1 },
	{ "ticket {", "\"{\": en|ja (ticket LANG {)", 1 },
	{ "ticket jp {\nx\n}", "\"jp\": en|ja (ticket LANG {)", 1 },
	{ "ticket en {\nx\nhint en {\ny\n}",
	    "\"hint en {\": <end-above> (ticket LANG {)", 3 },
	{ "world {\nzone x {\n}\nrepair {\nrtt 9\n}\n",
	    "\"repair {\": <end-above> (world {)", 4 },
	{ "ticket en", "$: {", 1 },
	{ "ticket en {\nx", "\"ticket\": <end-below>", 1 },
	{ "ticket en {\n}", "\"}\": TEXT", 2 },
	{ "hint ja", "$: { (hint LANG {)", 1 },
	{ "right en", "$: TEXT (right LANG TEXT)", 1 },
	{ "expect", "$: ID (expect ID", 1 },
	{ "prove", "$: COMMAND", 1 },
	{ "ticket en {\n\ta \\ b\r\n\tc \033[31m d\n}",
	    "\\x1b[31m d\": <plain-text>", 3 },
	{ "right en \xc2\x9b""5m", "\\u009b5m\": <plain-text>", 1 },
	{ "prove dig \xe2\x80\xae", "\\u202e\": <plain-text>", 1 },
	{ "prove dig \xff", "\\xff\": <plain-text>", 1 },
	{ "prove a\nprove b", "\"prove\": <once>", 2 },
	{ "world", "$: {", 1 },
	{ "world {\nzone x {\n}\n", "\"world\": <end-below>", 1 },
	{ "", "EOF: name NAME", 0 },
	{ "name t", "EOF: world {", 1 },
	{ "name t\nworld {\nhost 192.0.2.1\n}", "EOF: domain SUBJECT", 4 },
	{ "name t\ndomain x.jp\nworld {\nrtt 9\n}", "EOF: ticket LANG {", 5 },
	{ "name t\ndomain x.jp\nworld {\nrtt 9\n}\nticket en {\nx\n}",
	    "EOF: expect ID", 8 },
	{ WHOLE "world {\nrtt 9\n}\nright en x", ": EOF: wrong LANG", 11 },
	{ WHOLE "world {\nrtt 9\n}\nwrong en x",
	    "EOF: right LANG TEXT", 11 },
};

static char *
fetch(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "loop") == 0)
		return xstrdup("include loop");
	if (strcmp(name, "bad") == 0)
		return xstrdup("name bad\nfrob");
	if (strcmp(name, "few") == 0)
		return xstrdup("world {\nzone x.jp {\nwww A 192.0.2.1\n"
		    "www AAAA 2001:db8::1\n}\nhost 192.0.2.9\n}");
	return NULL;
}

/* Words of the grammar stand for themselves in every language: no blank is
   in them, unless they are a whole line of it. */
static bool
is_grammar(const char *words)
{
	char *first = xstrndup(words, strcspn(words, " "));
	bool good = first[0] != '\0' && (strchr(words, ' ') == NULL ||
	    strcmp(exercise_usage(first), words) == 0);

	free(first);
	return good;
}

/* Is it refused there, with these words in what peer_refusal makes of it? */
static void
must_refuse(const char *text, struct refusal *why, const char *file,
    unsigned line, const char *what)
{
	char *said = peer_refusal(why);

	if (strstr(said, what) == NULL || why->line != line ||
	    strcmp(why->file, file) != 0)
		fail_msg("%s: %s: %s", text, why->file, said);
	if (why->key == REFUSAL_WORDS && !is_grammar(why->words))
		fail_msg("%s: a sentence: %s", text, said);
	free(said);
	refusal_free(why);
}

static void
test_bad_files(void **state)
{
	struct refusal why;
	const char *file;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		file = strcmp(bad[i].text, "include bad") == 0 ? "bad" :
		    strcmp(bad[i].text, "include loop") == 0 ? "loop" : "f";
		if (exercise_read("f", bad[i].text, fetch, NULL, &why) != NULL)
			fail_msg("taken: %s", bad[i].text);
		must_refuse(bad[i].text, &why, file, bad[i].line,
		    bad[i].what);
	}
}

static const struct {
	const char	*text, *what, *file;
	unsigned	 line;
	bool		 repaired;
} worlds[] = {
	{ "world {\nfrob\n}\n", "\"frob\": clock|", "f", 9, false },
	{ "world {\nzone x.jp {\nwww A x\n}\n}\n",
	    "\"www A x\": LINE|}",
	    "f", 10, false },
	{ "include few\nworld {\nhost x\n}\n", "\"x\": ADDR", "f",
	    10, false },
	{ "world {\nwithout host\n}\n", "\"host\": <line-above>", "f", 9,
	    false },
	{ "world {\nwithout\n}\n", ": $: WORD (without WORD...)", "f", 9,
	    false },
	{ "world {\nhost 192.0.2.1\n}\nrepair {\n\trtt x\n}\n",
	    "\"x\": 0..60000", "f", 12, true },
	{ "include few\nworld {\nwithout zone\nrecord x.jp www A 192.0.2.2\n"
	    "}\n", "<zone-above>", "f", 11, false },
};

static void
test_bad_worlds(void **state)
{
	struct refusal why;
	struct exercise *e;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		text = xasprintf("%s%s", WHOLE, worlds[i].text);
		e = exercise_read("f", text, fetch, NULL, &why);
		if (e == NULL)
			fail_msg("%s: %s", text, peer_refusal(&why));
		if (exercise_scenario(e, worlds[i].repaired, 1, &why) != NULL)
			fail_msg("taken: %s", text);
		must_refuse(text, &why, worlds[i].file, worlds[i].line,
		    worlds[i].what);
		exercise_free(e);
		free(text);
	}
}

static void
test_without(void **state)
{
	struct refusal why;
	struct exercise *e;
	struct scenario *s;

	(void)state;
	e = exercise_read("f", WHOLE "include few\nworld {\nwithout www AAAA\n"
	    "without host 192.0.2.9\nserver ns.x.jp 192.0.2.53\n}\n",
	    fetch, NULL, &why);
	assert_non_null(e);
	s = exercise_scenario(e, false, 1, &why);
	assert_non_null(s);
	assert_int_equal(scenario_add(s, "remove x.jp www", NULL), 0);
	scenario_free(s);
	exercise_free(e);
}

static void
test_texts_are_joined(void **state)
{
	struct refusal why;
	struct exercise *e;

	(void)state;
	e = exercise_read("f", "name t\ndomain x.jp\nexpect dns-lame\n"
	    "ticket en {\n\tone\n\ttwo\n\n\tthree\n\t  a log\n\tfour\n}\n"
	    "ticket ja {\n\tあ。\n\tい\n\tb\n}\nworld {\nrtt 9\n}\n", NULL,
	    NULL, &why);
	assert_non_null(e);
	assert_string_equal(exercise_say(e, "en", EXERCISE_TICKET, 0),
	    "one two\n\nthree\n  a log\nfour");
	assert_string_equal(exercise_say(e, "ja", EXERCISE_TICKET, 0),
	    "あ。いb");
	assert_null(exercise_say(e, "en", EXERCISE_TICKET, 1));
	assert_null(exercise_say(e, "de", EXERCISE_TICKET, 0));
	exercise_free(e);
}

static const struct {
	const char	*expect, *what;
} expects[] = {
	{ "dns-lam", "\"dns-lam\": <finding-near dns-lame>" },
	{ "frobnicated", "\"frobnicated\": <finding>" },
	{ "dns-lame never", "\"never\": LEVEL|NAME|ADDR|" },
	{ "dns-lame dns:x", "\"dns:x\": LEVEL" },
	{ "dns-lame a.jp b.jp", "\"b.jp\": LEVEL" },
	{ "dns-lame side=left", "\"side=left\": LEVEL" },
};

static void
test_bad_expects(void **state)
{
	struct refusal why;
	struct practice_expects x;
	struct exercise *e;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof expects / sizeof *expects; i++) {
		text = xasprintf("name t\ndomain x.jp\nticket en {\nx\n}\n"
		    "expect %s\nworld {\nrtt 9\n}\n", expects[i].expect);
		e = exercise_read("f", text, NULL, NULL, &why);
		assert_non_null(e);
		assert_int_equal(practice_expects(&x, e, &why), -1);
		must_refuse(text, &why, "f", 6, expects[i].what);
		exercise_free(e);
		free(text);
	}
}

static const char *const langs[] = { "en", "ja" };

/* The text of a key in that language, no other. */
static const char *
text_in(const char *lang, const char *key)
{
	size_t i;

	for (i = 0; i < help_string_count; i++)
		if (strcmp(help_strings[i].lang, lang) == 0 &&
		    strcmp(help_strings[i].key, key) == 0)
			return help_strings[i].text;
	return NULL;
}

/* Keys whose text holds the words; another would leave them out. */
static bool
has_words(enum refusal_key key)
{
	return key == REFUSAL_WORDS || key == REFUSAL_AT_MOST ||
	    key == REFUSAL_RTT_LEAST || key == REFUSAL_FINDING_NEAR;
}

static void
every_key_has_its_text(void **state)
{
	const char *text;
	size_t l;
	int key;
	char *name;

	(void)state;
	for (key = 0; key < REFUSAL_KEYS; key++)
		for (l = 0; l < sizeof langs / sizeof *langs; l++) {
			name = xasprintf("practice.expected.%s",
			    refusal_key((enum refusal_key)key));
			text = text_in(langs[l], name);
			if (text == NULL || *text == '\0')
				fail_msg("%s: no %s", langs[l], name);
			if ((strstr(text, "{words}") != NULL) !=
			    has_words((enum refusal_key)key))
				fail_msg("%s: %s: {words}", langs[l], name);
			free(name);
		}
}

/* No text of ours stands for a key that nobody gives. */
static void
every_text_has_its_key(void **state)
{
	static const char begin[] = "practice.expected.";
	size_t i, n = strlen(begin);
	int key;

	(void)state;
	for (i = 0; i < help_string_count; i++) {
		if (strncmp(help_strings[i].key, begin, n) != 0)
			continue;
		for (key = 0; key < REFUSAL_KEYS; key++)
			if (strcmp(help_strings[i].key + n,
			    refusal_key((enum refusal_key)key)) == 0)
				break;
		if (key == REFUSAL_KEYS)
			fail_msg("%s: %s", help_strings[i].lang,
			    help_strings[i].key);
	}
}

#define STORY "name t\ndomain x.jp\nticket en {\nx\n}\n"
#define WORLD(lines) STORY "quiet\nworld {\n" lines "\n}\n"

static const struct {
	const char	*text;
	unsigned	 line;
	const char	*said[2];
} files[] = {
	{ "", 0, {
	    "end of file: expected name NAME",
	    "ファイルの末尾: 正しくは name NAME" } },
	{ "level 7", 1, {
	    "\"7\": expected 1..4 (level 1..4)",
	    "\"7\": 正しくは 1..4 (level 1..4)" } },
	{ "quiet please", 1, {
	    "\"please\": expected nothing more (quiet)",
	    "\"please\": この行はここで終わるはずです (quiet)" } },
	{ "prove a\nprove b", 2, {
	    "\"prove\": expected it once (prove COMMAND)",
	    "\"prove\": 書けるのは一度だけです (prove COMMAND)" } },
	{ "name My File", 1, {
	    "\"My File\": expected a-z, 0-9 and -, at most 40 characters "
	    "(name NAME)",
	    "\"My File\": 使えるのはa-z、0-9、- で、40文字までです "
	    "(name NAME)" } },
	{ "include nowhere", 1, {
	    "\"nowhere\": expected NAME of a practice file of tadoru, or of "
	    "a file beside this one (include NAME)",
	    "\"nowhere\": tadoruの演習ファイルか、このファイルと同じ場所に"
	    "あるファイルのNAMEを書いてください (include NAME)" } },
	{ "include loop", 1, {
	    "\"loop\": expected no include of itself (include NAME)",
	    "\"loop\": 自分自身を取り込んでいます (include NAME)" } },
	{ "prove dig \033[31m", 1, {
	    "\"prove dig \\x1b[31m\": expected UTF-8 without control "
	    "characters",
	    "\"prove dig \\x1b[31m\": 使えるのは、制御文字を含まないUTF-8"
	    "だけです" } },
	{ "hint ja {\nx\nfix ja {\n", 3, {
	    "\"fix ja {\": expected } above (hint LANG {)",
	    "\"fix ja {\": これより上で } が足りません (hint LANG {)" } },
	{ "hint ja {\nx\n", 1, {
	    "\"hint\": expected } below (hint LANG {)",
	    "\"hint\": これより下に、対応する } がありません "
	    "(hint LANG {)" } },
	{ STORY "expect dns-lam\nworld {\nrtt 9\n}\n", 6, {
	    "\"dns-lam\": expected ID of a finding (tadoru explain): "
	    "dns-lame?",
	    "\"dns-lam\": 所見のIDを書いてください (一覧は tadoru explain)。"
	    "dns-lame のことですか?" } },
	{ STORY "expect frobnicated\nworld {\nrtt 9\n}\n", 6, {
	    "\"frobnicated\": expected ID of a finding (tadoru explain)",
	    "\"frobnicated\": 所見のIDを書いてください (一覧は tadoru "
	    "explain)" } },
	{ WORLD("rtt"), 8, {
	    "end of line: expected 0..60000 (rtt MS [ADDR...])",
	    "行末: 正しくは 0..60000 (rtt MS [ADDR...])" } },
	{ WORLD("rtt 9\nrtt 8 192.0.2.1"), 9, {
	    "\"8\": expected at least 9 ms, the round trip to all "
	    "(rtt MS [ADDR...])",
	    "\"8\": 全体の往復時間 (9 ms) 以上にしてください "
	    "(rtt MS [ADDR...])" } },
	{ WORLD("record y.jp www A 192.0.2.1"), 8, {
	    "\"y.jp\": expected a ZONE declared above (record ZONE LINE)",
	    "\"y.jp\": これより上で宣言したZONEを書いてください "
	    "(record ZONE LINE)" } },
	{ WORLD("server ns.x.jp 192.0.2.1 zones x.jp"), 8, {
	    "\"x.jp\": expected a ZONE declared above (server NAME ADDR... "
	    "[zones ZONE...] [minimal])",
	    "\"x.jp\": これより上で宣言したZONEを書いてください (server NAME "
	    "ADDR... [zones ZONE...] [minimal])" } },
	{ WORLD("zone x.jp\nserial ns x.jp 1"), 9, {
	    "\"ns\": expected ADDR or a NAME declared above "
	    "(serial WHO ZONE N)",
	    "\"ns\": ADDRか、これより上で宣言したNAMEを書いてください "
	    "(serial WHO ZONE N)" } },
	{ WORLD("cache 192.0.2.1 x A 192.0.2.1"), 8, {
	    "\"192.0.2.1\": expected ADDR of a resolver declared above "
	    "(cache WHO LINE | cache WHO none NAME TYPE "
	    "nxdomain|nodata|servfail TTL)",
	    "\"192.0.2.1\": これより上で宣言したresolverのADDRを書いて"
	    "ください (cache WHO LINE | cache WHO none NAME TYPE "
	    "nxdomain|nodata|servfail TTL)" } },
	{ WORLD("tld . a.dns.jp 192.0.2.1"), 8, {
	    "\".\": expected a zone below the root (tld LABEL NS ADDR... "
	    "[; NS ADDR...]...)",
	    "\".\": ルートより下のゾーンを書いてください (tld LABEL NS "
	    "ADDR... [; NS ADDR...]...)" } },
	{ WORLD("fault dns 192.0.2.1 type A,A,A,A,A,A,A,A,A silent"), 8, {
	    "\"A,A,A,A,A,A,A,A,A\": expected at most 8 TYPE (fault "
	    "dns|tcp|udp|net|http|smtp|pop|imap WHO [CONDITION]... ACTION)",
	    "\"A,A,A,A,A,A,A,A,A\": 多くても 8 TYPE までです (fault "
	    "dns|tcp|udp|net|http|smtp|pop|imap WHO [CONDITION]... "
	    "ACTION)" } },
	{ WORLD("without host"), 8, {
	    "\"host\": expected the beginning of a line above "
	    "(without WORD...)",
	    "\"host\": この語句で始まる行が上にありません "
	    "(without WORD...)" } },
};

/* Read it as practice does, up to the refusal. */
static bool
refused(const char *text, struct refusal *why)
{
	struct exercise *e = exercise_read("f", text, fetch, NULL, why);
	struct practice_expects x;
	struct scenario *s;

	if (e == NULL)
		return true;
	if (practice_expects(&x, e, why) == 0) {
		practice_expects_free(&x);
		s = exercise_scenario(e, false, 1, why);
		scenario_free(s);
	}
	exercise_free(e);
	return why->file != NULL;
}

static void
sentences(void **state)
{
	struct refusal why;
	char *said;
	size_t i, l;

	(void)state;
	for (i = 0; i < sizeof files / sizeof *files; i++)
		for (l = 0; l < sizeof langs / sizeof *langs; l++) {
			strings_choose(langs[l]);
			if (!refused(files[i].text, &why))
				fail_msg("taken: %s", files[i].text);
			said = practice_refuse_text(&why);
			assert_string_equal(said, files[i].said[l]);
			assert_int_equal(why.line, files[i].line);
			free(said);
			refusal_free(&why);
		}
	strings_choose("en");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_bad_worlds),
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_texts_are_joined),
		cmocka_unit_test(test_bad_expects),
		cmocka_unit_test(every_key_has_its_text),
		cmocka_unit_test(every_text_has_its_key),
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests_name("practice files", tests, NULL, NULL);
}
