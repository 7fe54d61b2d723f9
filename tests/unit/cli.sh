#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The real binary with bad input: one line on stderr that says what is wrong
# and what would be right, nothing on stdout, status 64; what is not built
# yet is said. Should something be taken that must not be, the hints lead to
# this host only and the resolver is left out; where the system allows it, the
# program runs in a network namespace of its own.
set -u
LC_ALL=C
LANGUAGE=
LANG=C
export LC_ALL LANG LANGUAGE
unset XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
HOME=$tmp
export HOME
tadoru=$TADORU
printf '. NS a.root.\na.root. A 127.0.0.1\n' >"$tmp/hints"
safe="-4 --skip resolver --timeout 0.1 --helo client.example.jp"
if unshare -rn true 2>/dev/null; then alone='unshare -rn'; else alone=; fi
bad=0

fault() {
	echo "FAULT: $*"
	sed 's/^/  out: /' "$tmp/out" | head -5
	sed 's/^/  err: /' "$tmp/err" | head -5
	bad=$((bad + 1))
}
# run STATUS WORDS ARGUMENTS...: WORDS stand in the one line on stderr.
run() {
	want=$1 words=$2
	shift 2
	timeout 60 $alone "$tadoru" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	rc=$?
	[ $rc = "$want" ] || fault "$*: status $rc, expected $want"
	grep -qF -e "$words" "$tmp/err" || fault "$*: not said: $words"
	[ "$(wc -l <"$tmp/err")" = 1 ] || fault "$*: not one line"
	! [ -s "$tmp/out" ] || fault "$*: something on stdout"
	if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$tmp/err"
	then fault "$*: control characters"; fi
}
check() {
	words=$1
	shift
	run 64 "$words" check --hints "$tmp/hints" $safe "$@"
}
file() {
	printf "$1" >"$tmp/file"
}

# the subject
run 64 'no subject'
run 64 'tadoru check SUBJECT' check
check 'no subject in ""' ''
check 'no subject in " . "' ' . '
check 'tadoru repl http://192.0.2.1/' 192.0.2.1
check 'tadoru repl http://[2001:db8::1]/' 2001:DB8:0::1
check 'tadoru repl smtp://[2001:db8::25]/' '[2001:db8::25]:25'
check 'tadoru repl https://192.0.2.80/' https://192.0.2.80/x
check 'tadoru repl smtp://192.0.2.25/' 'taro@[192.0.2.25]'
check 'looks like an IP address' 192.0.2.300
check 'two dots in a row' example..jp
check '63 bytes' "$(printf 'a%.0s' $(seq 64)).jp"
check '253 bytes' "$(printf 'abc.%.0s' $(seq 70))jp"
check 'characters' 'exa mple.jp'
check 'exa\x1b[2Jmple' "$(printf 'exa\033[2Jmple.jp')"
check '\xff' "$(printf '\377.jp')"
check 'IDNA2008' xn--a.jp
check 'IDNA2008' "$(printf '\342\230\203.jp')"
check 'ftp is not diagnosed' ftp://example.jp/
check 'no port "70000"' http://example.jp:70000/
check 'no mail address' 'a b@example.jp'
check 'one operand too many' example.jp example.com

# the command line
run 64 'did you mean --json?' --jsno example.jp
run 64 'unknown option -q' -q example.jp
run 64 'did you mean tadoru replay?' replayy FILE
run 64 'expected a number from 1 to 10' check --tries none example.jp
run 64 'did you mean web?' check --skip wbe example.jp
run 64 'contradict' check -4 -6 example.jp
run 64 'html is not built yet' check --format html example.jp
run 64 'cannot be written' check --hints "$tmp/hints" \
	--record "$tmp/none/x" example.jp
run 64 'cannot be written' check --hints "$tmp/hints" -o "$tmp" example.jp

# files: name, line, what was expected
file '. NS a.root.\na.root. A 2001:db8::1\n'
run 64 "$tmp/file:2: senseless; expected A IPv4" \
	check --hints "$tmp/file" example.jp
file '. NS a.root.\n'
run 64 "$tmp/file:1: senseless; expected" check --hints "$tmp/file" example.jp
file ''
run 64 "$tmp/file:1: senseless; expected" check --hints "$tmp/file" example.jp
run 64 "$tmp/none: cannot be read" check --hints "$tmp/none" example.jp
run 64 "$tmp: cannot be read" check --hints "$tmp" example.jp
printf 'a\0b' >"$tmp/file"
run 64 'it is not text' check --hints "$tmp/file" example.jp
file '; root\nnonsense\n'
check "$tmp/file:2: senseless; expected a DS or DNSKEY" \
	--trust-anchor "$tmp/file" example.jp
check "$tmp/none: cannot be read" --trust-anchor "$tmp/none" example.jp
file '# x\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
check "$tmp/file:2: senseless; expected a whole PEM certificate" \
	--ca-file "$tmp/file" example.jp
check "$tmp/none: cannot be read" --ca-file "$tmp/none" example.jp
file 'dns v4 v6\n\nwww.example.jp gopher v4\n'
check "$tmp/file:3: senseless; expected a service second" \
	--expect "$tmp/file" example.jp
check "$tmp/none: cannot be read" --expect "$tmp/none" example.jp

# recordings
file '{"v":9,"seq":1,"t":0,"ev":"session"}\n'
run 64 "$tmp/file:1: recorded by a newer tadoru" replay "$tmp/file"
file 'hello\nworld\n'
run 64 "$tmp/file:1: not an event" replay "$tmp/file"
run 64 "$tmp/none: cannot be read" replay "$tmp/none"
run 64 'tadoru replay FILE' replay

# alerts
run 64 'no domain in the text, only the host web01' alert \
	'SERVICE ALERT: web01;HTTP;CRITICAL;HARD;3;CRITICAL - Socket timeout'
run 64 'no domain in the text' alert 'Connection refused'
run 64 'nothing to read' alert
run 64 'nothing to read' alert -
file 'connect to [2001:db8::25]:25: Connection timed out'
run 64 'no domain in the text' alert "$tmp/file"
printf 'a\0b' >"$tmp/file"
run 64 'it is not text' alert "$tmp/file"
run 64 'expected slow, send' check --symptom fast example.jp

# the configuration file
mkdir -p "$tmp/.config/tadoru"
conf=$tmp/.config/tadoru/config
printf '# mine\n\ntries none\n' >"$conf"
run 64 "$conf:3: --tries: \"none\" will not do" check example.jp
printf -- '--lang = ja\nno-clor\n' >"$conf"
run 64 "$conf:2: 不明なオプション no-clor" check example.jp
printf 'plain yes\n' >"$conf"
run 64 "$conf:1: --plain takes no value" check example.jp
printf 'hints\n' >"$conf"
run 64 "$conf:1: --hints needs a value" check example.jp
rm "$conf"

# not built yet
run 64 'there is no scenario or file nonsuch' practice nonsuch
run 3 'a: cannot be read' diff a b
run 64 'tadoru diff OLD NEW' diff a
run 64 'means nothing to tadoru diff' diff a b --record c
run 64 'did you mean glue-missing?' explain glue-misssing
run 64 'no help on' explain 'no such'

# the other language, by option and by the environment
run 64 '対象がありません' --lang ja
LC_ALL=ja_JP.UTF-8
run 64 '対象がありません'
LC_ALL=C

# what works
ok() {
	timeout 60 "$tadoru" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	[ $? = "$status" ] || fault "$*: status"
	[ -s "$tmp/out" ] || fault "$*: nothing on stdout"
}
status=0
ok --help
ok --version
ok explain
ok explain servers
ok explain 450 4.7.1
# An alert without a terminal, and the run that is kept.
status=3
ok_alone() {
	timeout 60 $alone "$tadoru" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	[ $? = "$status" ] || fault "$*: status"
	[ -s "$tmp/out" ] || fault "$*: nothing on stdout"
}
kept() { ls "$tmp/.local/state/tadoru" 2>/dev/null | wc -l; }
if [ -n "$alone" ]; then
	before=$(kept)
	ok_alone alert --hints "$tmp/hints" $safe --no-record \
		'connect to mx.example.jp[192.0.2.25]:25: Connection refused'
	grep -q '^## ticket: text, refused: mx.example.jp 192.0.2.25 port 25' \
		"$tmp/out" || fault "the ticket is not said"
	[ "$(kept)" = "$before" ] || fault "--no-record: something is kept"
	ok_alone check --hints "$tmp/hints" $safe --json example.jp
	first=$(ls "$tmp/.local/state/tadoru" | tail -n 1)
	cmp -s "$tmp/out" "$tmp/.local/state/tadoru/$first" ||
		fault "the run that is kept differs"
	[ "$(find "$tmp/.local/state/tadoru" -perm 0700 -type d | wc -l)" = 1 ] &&
	[ "$(find "$tmp/.local/state/tadoru" -type f ! -perm 0600 |
		wc -l)" = 0 ] || fault "others may read what is kept"
	ok_alone check --hints "$tmp/hints" $safe example.jp --record "$tmp/rec"
	grep -q 'last run .* ago: same' "$tmp/out" || fault "the last run"
	cp "$tmp/out" "$tmp/report"
	ok_alone replay "$tmp/rec"
	cmp -s "$tmp/out" "$tmp/report" || fault "the last run in a replay"
fi
status=2
rec=$SRCDIR/tests/recordings/half-done.jsonl
ok replay "$rec"
cp "$tmp/out" "$tmp/report"
ok replay "$rec" --plain
[ "$(tail -n "$(wc -l <"$tmp/report")" "$tmp/out")" = "$(cat "$tmp/report")" ] ||
	fault "--plain does not end with the report"
ok replay --json "$rec"
cmp -s "$tmp/out" "$rec" || fault "replay --json differs from the recording"
ok replay "$rec" -o "$tmp/o" --format json
cmp -s "$tmp/o" "$rec" || fault "-o --format json differs"
run 64 'is the recording itself' replay "$tmp/o" -o "$tmp/o"
if [ -w /dev/full ]; then
	"$tadoru" replay "$rec" >/dev/full 2>"$tmp/err"
	[ $? = 3 ] || fault "a full disk: status"
	grep -q 'writing failed' "$tmp/err" || fault "a full disk: not said"
fi
echo "cli: $bad faults"
[ $bad = 0 ]
