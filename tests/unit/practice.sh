#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tadoru practice as a program: exit status and what is said, all of it at
# full speed; the example of tadoru-practice(5) as it is printed there.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fails=0
fault() { echo "FAULT: $*"; fails=$((fails + 1)); }
# STATUS WORDS ARGUMENTS...: that status, and the words in what is said
run() {
	want=$1 words=$2
	shift 2
	timeout 120 "$TADORU" practice "$@" >"$dir/out" 2>&1 </dev/null
	rc=$?
	[ "$rc" = "$want" ] || fault "practice $*: status $rc, not $want"
	grep -q -e "$words" "$dir/out" || {
		fault "practice $*: does not say: $words"
		sed 's/^/  /' "$dir/out" | tail -n 20
	}
}

run 0 'aaaa-blackhole'
run 0 '^    one-of-three '
run 0 ' 0 failed$' all
run 0 'connect-timeout error www.tanuki-denki.example' aaaa-blackhole
run 0 'resolver-servfail' aaaa-silence --plain
run 0 '一番短い確かめ方' aaaa-refused --lang ja
run 64 'did you mean glue-dead?' glue-daed
run 64 'no scenario' internet
run 64 'there is no lesson' --lesson none
run 0 'Dots\. A name' --lesson beginner
run 0 'Mail has no Happy Eyeballs' --lesson beginner
run 0 'シリアル。' --lesson beginner --lang ja

# the page's own example
sed -n '/^\.nf$/,/^\.fi$/p' "$SRCDIR/help/man/tadoru-practice.5.in" |
	sed '/^\.[nf][fi]$/d' >"$dir/first.txt"
run 0 'The web server listens\|Listen on' "$dir/first.txt"

# a mistake has its file and line
sed 's/^\(.*\)web www/\1wob www/' "$dir/first.txt" >"$dir/bad.txt"
line=$(grep -n -m 1 'wob www' "$dir/bad.txt" | cut -d : -f 1)
run 64 "^tadoru: $dir/bad.txt:$line: \"wob\": expected web (web NAME" "$dir/bad.txt"
sed 's/^ticket/tiket/' "$dir/first.txt" >"$dir/bad.txt"
run 64 '"tiket": expected ticket (ticket LANG {)' "$dir/bad.txt"
# a block that was not closed shows where the next one begins
sed '/^ticket/,/^}/{/^}/d}' "$dir/first.txt" >"$dir/bad.txt"
line=$(grep -n -m 1 '^hint' "$dir/bad.txt" | cut -d : -f 1)
run 64 "^tadoru: $dir/bad.txt:$line: \"hint en {\": expected } above" \
	"$dir/bad.txt"
sed '/^expect/d' "$dir/first.txt" >"$dir/bad.txt"
run 64 ': end of file: expected expect ID' "$dir/bad.txt"
printf 'name x\nlevel 7\n' >"$dir/bad.txt"
run 64 "^tadoru: $dir/bad.txt:2: \"7\": expected 1..4" "$dir/bad.txt"

# what is expected and does not come, and what comes unexpected, fail
sed 's/ https masked$/ https partial/' "$dir/first.txt" >"$dir/other.txt"
run 2 'https partial (not found)' "$dir/other.txt"
sed '/^expect .* https/d' "$dir/first.txt" >"$dir/other.txt"
run 2 'https:443 masked (not expected)' "$dir/other.txt"
sed 's/^level 1/not-yet/; s/^expect .*https.*/expect not-built/' \
	"$dir/first.txt" >"$dir/other.txt"
run 3 'Not yet found' "$dir/other.txt"
# a repair that does not help, too
sed '/^repair {/,/^}/s/web www.kasa.example.*/rtt 41/' "$dir/first.txt" \
	>"$dir/other.txt"
run 2 'After the fix' "$dir/other.txt"
# an include of a file beside it
printf 'name y\ninclude first.txt\nbase\n' >"$dir/y"
printf 'name z\ndomain kasa.example\ninclude y\nquiet\nticket en {\nx\n}\n%s' \
	'world {
web www.kasa.example 2001:db8:a::80
}
' >"$dir/z"
run 0 'The ticket' "$dir/z"

timeout 60 "$TADORU" practice mx-v6-dead --json >"$dir/out" 2>"$dir/err" \
	</dev/null || fault "--json: status $?"
grep -v '^{"v":1,.*}$' "$dir/out" >&2 && fault "--json: other lines"
[ ! -s "$dir/err" ] || fault "--json: $(cat "$dir/err")"

# what is compared with the file cannot be bent from outside; the file of
# options for every run does not do it either
run 64 'ipv4 is taken in the guide only' aaaa-refused -4
run 64 'tries is taken in the guide only' all --tries 1
run 64 'only is taken in the guide only' aaaa-refused --only web --json
run 64 'symptom does nothing to a shell' aaaa-refused --symptom web --shell
run 64 'resolver means nothing to tadoru practice' aaaa-refused \
	--resolver 192.0.2.1
mkdir -p "$dir/config/tadoru"
printf 'ipv4\ntries 1\nonly web\n' >"$dir/config/tadoru/config"
XDG_CONFIG_HOME=$dir/config run 0 '2001:db8:41::80' aaaa-refused

# What is said of a bad file in both languages: the line in place of one of
# the example, the sentence, the same in Japanese.
both() {
	awk -v new="$2" '$0 ~ old { print new; next } { print }' old="$1" \
		"$dir/first.txt" >"$dir/bad.txt"
	line=$(grep -n -m 1 -x -F -e "$2" "$dir/bad.txt" | cut -d : -f 1)
	run 64 "^tadoru: $dir/bad.txt:$line: $3$" "$dir/bad.txt" --lang en
	run 64 "^tadoru: $dir/bad.txt:$line: $4$" --lang ja "$dir/bad.txt"
}
both '^level' 'level hard' '"hard": expected 1..4 (level 1..4)' \
	'"hard": 正しくは 1..4 (level 1..4)'
both '^include' 'include intranet' '"intranet": expected NAME of a .*' \
	'"intranet": tadoruの演習ファイルか、.*'
both '^wrong' 'wrong en' 'end of line: expected TEXT (wrong LANG TEXT)' \
	'行末: 正しくは TEXT (wrong LANG TEXT)'
both '^expect.*https' 'expect connect-refusd' \
	'"connect-refusd": expected ID of .*: connect-refused?' \
	'"connect-refusd": 所見のIDを.*connect-refused のことですか?'
both '^.server ns1' '	server ns1.kasa.example 192.0.2.53 zones kasa.exmaple' \
	'"kasa.exmaple": expected a ZONE declared above (server .*' \
	'"kasa.exmaple": これより上で宣言したZONEを書いてください (server .*'
both '^.www AAAA' '	www AAAA 192.0.2.80' \
	'"www AAAA 192.0.2.80": expected LINE|}' \
	'"www AAAA 192.0.2.80": 正しくは LINE|}'

# the dialogue on a terminal that has no full screen: what is typed is all
# there before it is read
if command -v script >/dev/null 2>&1; then
	for n in 1 2 3 4; do
		printf '\n1\n1\n1\n2\n%s\n5\nq\n' $n >"$dir/keys"
		TERM=dumb XDG_STATE_HOME=$dir/state timeout 60 script -q -e -c \
			"'$TADORU' practice aaaa-refused" /dev/null \
			<"$dir/keys" >"$dir/said.$n" 2>&1 ||
			fault "dialogue $n: status $?"
	done
	for word in 'The ticket' 'Connect to the address in the alert' \
		'There are no more hints' 'connect-refused' 'After the fix' \
		'kissa.example works'; do
		grep -q "$word" "$dir/said.1" || {
			fault "the dialogue does not say: $word"
			tail -n 30 "$dir/said.1"
		}
	done
	# the command line counts more than the file, which says --symptom web
	while IFS='|' read -r given said; do
		printf '\nq\n' >"$dir/keys"
		TERM=dumb XDG_STATE_HOME=$dir/state timeout 60 script -q -e \
			-c "'$TADORU' practice aaaa-refused $given --record \
			'$dir/record'" /dev/null <"$dir/keys" >"$dir/bent" \
			2>&1 || fault "dialogue $given: status $?"
		head -n 1 "$dir/record" | grep -q -F -e "$said" ||
			fault "the dialogue is not bent by $given"
	done <<-'END'
	|"v4":true,"v6":true,"tries":3,"scale":1.0,"skip":[],"hosts":[]
	|"symptom":"web"
	-4|"v4":true,"v6":false
	-6|"v4":false,"v6":true
	--tries 2 --timeout 2|"tries":2,"scale":0.5
	--skip here,web|"skip":["here","web"]
	--only zone --skip here|"skip":["here","delegation","servers","resolver"
	--host shop.kissa.example|"hosts":["shop.kissa.example"]
	--symptom slow|"symptom":"slow"
	END
	n=$(grep -l 'Right\.' "$dir"/said.? | wc -l)
	[ "$n" = 1 ] || fault "$n of four causes are right"
	n=$(grep -l 'Not this one' "$dir"/said.? | wc -l)
	[ "$n" = 3 ] || fault "$n of four causes are wrong"
	[ "$(cat "$dir/state/tadoru/practice")" = "aaaa-refused 2" ] ||
		fault "what was solved is not kept"
	XDG_STATE_HOME=$dir/state "$TADORU" practice >"$dir/out"
	grep -q '^  [^ ]* aaaa-refused  *\[hints: 2\]' "$dir/out" ||
		fault "what was solved is not shown"
else
	echo "SKIP script: no script(1) here"
fi
echo "practice: $fails faults"
[ "$fails" = 0 ]
