# SPDX-License-Identifier: GPL-3.0-or-later
# tools/mkhelp: what stands in a topic is what the program holds, byte for byte;
# senseless files are named with file and line.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fails=0
check() { # NAME EXPECTED ACTUAL
	if [ "$2" = "$3" ]; then echo "ok $1"
	else printf 'FAILED %s\nwanted: %s\nfound:  %s\n' "$1" "$2" "$3"
		fails=$((fails + 1)); fi
}
mkdir -p help/en help/ja
{
	printf 'title: A "b" \\ c??/ 100%%\n'
	printf 'sentence: {ns} at\n\tgoes on\n---\n'
	printf 'One.\n\ta tab, "yes" \\n, %s and %s\n' \
		'a long line a long line a long line a long line a long' \
		'\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\ end'
} >help/en/x-y.txt
{
	printf 'title: 題名\nsentence: {ns}は、応答しません。応答しません。\n'
	printf '\t続き\n---\n本文です。\n'
} >help/ja/x-y.txt
printf '# a remark\na.b = Hello\\nthere\nc-d = = x\ne.f = \\\\r \\\\n \\\\x00\n' \
	>help/en/strings.txt
sh "$SRCDIR/tools/mkhelp" help >help_data.c || exit 1
cat >show.c <<'END'
#include <stdio.h>
#include "ui/help.h"
int main(void)
{
	for (size_t i = 0; i < help_topic_count; i++)
		printf("%s|%s|%s|%s|%s", help_topics[i].lang, help_topics[i].id,
			help_topics[i].title, help_topics[i].sentence,
			help_topics[i].body);
	for (size_t i = 0; i < help_string_count; i++)
		printf("%s|%s|%s\n", help_strings[i].lang, help_strings[i].key,
			help_strings[i].text);
	return 0;
}
END
${CC:-cc} -std=c11 -I"$SRCDIR" -I"$SRCDIR/src" -Wall -Werror show.c \
	help_data.c -o show || exit 1
want=$(
	printf 'en|x-y|A "b" \\ c??/ 100%%|{ns} at goes on|'
	sed '1,/^---/d' help/en/x-y.txt
	printf 'ja|x-y|題名|{ns}は、応答しません。応答しません。続き|本文です。\n'
	printf 'en|a.b|Hello\nthere\nen|c-d|= x\n'
	printf '%s\n' 'en|e.f|\r \n \x00')
check content "$want" "$(./show)"

bad() { # NAME PATTERN FILE-AS-PRINTF-FORMAT
	mkdir -p b/en
	# shellcheck disable=SC2059
	printf "$3" >b/en/t.txt
	out=$(sh "$SRCDIR/tools/mkhelp" b 2>&1 >/dev/null) && out="no fault"
	case $out in *"$2"*) out=$2 ;; esac
	check "$1" "$2" "$out"
}
bad 'unknown key' 'en/t.txt:2: unknown key' 'title: x\nzork: y\n---\n'
bad 'no key' 'en/t.txt:2: expected' 'title: x\nno colon\n---\n'
bad 'no title' 'no title' 'sentence: x\n---\n'
bad 'no prose' 'no line "---"' 'title: x\n'
bad twice twice 'title: x\ntitle: x\n---\n'
echo "$fails failed"
[ "$fails" = 0 ]
