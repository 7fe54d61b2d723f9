#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The practice Internet as real programs meet it: in the network of
# "tadoru practice NAME --shell" a plain "tadoru check" says what the
# unattended diagnosis in memory says, the operators' own tools agree, and
# nothing is left behind however it ends. Root is not needed but for the
# cases that take a device or a right away.
#
#   TADORU=path tests/lab/practice.sh [NAME...]    (default: all scenarios)
#   PRACTICE_JOBS=N                                how many at once (4)

set -u
PATH=$PATH:/usr/sbin:/sbin
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

end() {
	echo "$passed passed, $failed failed${1:-}"
	[ "$failed" = 0 ]
	exit
}
skip() {
	case ",${TADORU_REQUIRE:-}," in
	*,lab,*)
		echo "FAIL practice: $1"
		failed=1
		end
		;;
	esac
	echo "SKIP practice: $1"
	end ", 1 skipped"
}
for tool in jq dig curl openssl unshare setpriv; do
	command -v $tool >/dev/null || skip "missing: $tool"
done
TADORU=$(command -v "${TADORU:?}") || exit 1
case $TADORU in /*) ;; *) TADORU=$PWD/$TADORU ;; esac
"$TADORU" practice sound --shell -- true 2>"$work/why" ||
	skip "$(cat "$work/why")"

ok() {	# NAME STATUS [DETAILS FILE]
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAIL practice $1"
	[ -z "${3:-}" ] || sed 's/^/    /' "$3" | head -n 30
}

# What the last event of a diagnosis found, a line each.
found() {
	jq -r 'select(.ev == "end") | .findings[] | [.id, .verdict,
	    (.flags | sort | join(",")), .side, .endpoint.name,
	    .endpoint.addr, .endpoint.port, .endpoint.proto] | map(. // "-" |
	    tostring) | join(" ")' "$1" | sort
}

# --- one NAME: findings in memory and over the wire, into files
if [ "${1:-}" = --one ]; then
	name=$2 out=$3
	"$TADORU" practice "$name" --json >"$out/$name.memory" \
		2>"$out/$name.said"
	"$TADORU" practice "$name" --shell -- \
		sh -c 'eval "$TADORU_CHECK --json"' >"$out/$name.wire" \
		2>>"$out/$name.said"
	found "$out/$name.memory" >"$out/$name.expected"
	found "$out/$name.wire" >"$out/$name.found"
	grep -q '"ev":"end"' "$out/$name.wire" || echo "no end" \
		>>"$out/$name.found"
	diff "$out/$name.expected" "$out/$name.found" >"$out/$name.diff" ||
		cat "$out/$name.said" >>"$out/$name.diff"
	exit 0
fi

names() {
	"$TADORU" practice --plain | sed -n 's/^  [^ ]* *\([a-z0-9-]*\).*/\1/p'
}
[ $# -gt 0 ] || set -- $(names)
printf '%s\n' "$@" | TADORU=$TADORU xargs -P "${PRACTICE_JOBS:-4}" -I{} \
	bash "$0" --one {} "$work"
for name in "$@"; do
	test -e "$work/$name.diff" && ! test -s "$work/$name.diff"
	ok "$name: the same findings" $? "$work/$name.diff"
done

# --- the operators' tools agree
inside() {	# NAME COMMAND
	timeout 60 "$TADORU" practice "$1" --shell -- sh -c "$2" 2>&1
}
agree() {	# NAME WORDS COMMAND
	inside "$1" "$3" >"$work/said"
	grep -qE -- "$2" "$work/said"
	ok "$1: $3" $? "$work/said"
}
agree sound '^10 mx1' 'dig +short example.jp mx'
agree sound 'flags: qr aa' 'dig @192.0.2.53 example.jp soa +norec'
agree sound 'flags: qr aa' 'dig @2001:db8:3::53 example.jp soa +norec +tcp'
agree sound '200 OK' 'curl -sSi -4 http://www.example.jp/'
agree sound '200 OK' 'curl -sSi -6 https://www.example.jp/'
agree sound 'Verify return code: 0' \
	'openssl s_client -connect www.example.jp:443 -servername www.example.jp </dev/null'
agree sound 'Verify return code: 0' \
	'openssl s_client -starttls smtp -connect mx1.example.jp:25 -verify_hostname mx1.example.jp </dev/null'
if command -v swaks >/dev/null; then
	agree sound '<- *250 2.1.5' 'swaks --server mx1.example.jp --from "" --to postmaster@example.jp --quit-after RCPT'
fi
agree mailbox-tls 'CAPABILITY' \
	'd=$(echo "$TADORU_CHECK" | cut -d" " -f3); for p in imap pop mail; do curl -sSv -4 --max-time 5 imaps://$p.$d/ 2>&1; done'
agree one-of-three 'timed out' \
	'curl -sS --max-time 2 --connect-to "::[2001:db8:45::83]" http://www.suzume-times.example/'
agree aaaa-refused '[Rr]efused' \
	'curl -6 -sv "http://www.$(echo "$TADORU_CHECK" | cut -d" " -f3)/"'
agree new-glibc '^slow$' 'd=$(echo "$TADORU_CHECK" | cut -d" " -f3)
	t=$(date +%s); getent ahosts www.$d; u=$(date +%s)
	dig +short www.$d a; dig +short www.$d aaaa; v=$(date +%s)
	[ $((u - t)) -ge 4 ] && [ $((v - u)) -le 2 ] && echo slow'
agree xfer-expired 'status: SERVFAIL' \
	'dig @ns2.hotaru-net.example hotaru-net.example soa +norec'
agree xfer-expired 'Transfer failed' \
	'dig @192.0.2.75 hotaru-net.example axfr'
agree v6only-office '64:ff9b::' \
	'dig +short @2001:db8:f::64 ns1.hibiki-mall.example aaaa'
agree pmtud 'timed out.* 0 bytes' \
	'curl -6 -sS --max-time 3 http://www.kumo-library.example/'
[ "$(id -u)" != 0 ] || agree pmtud 'and so on' \
	'ip -6 route replace default dev practice0 advmss 1220
	curl -6 -sS --max-time 3 http://www.kumo-library.example/'
if command -v delv >/dev/null; then
	anchor='a=$(echo "$TADORU_CHECK" | tr " " "\n" | grep root.key)
		awk '"'"'{ printf "trust-anchors { . static-ds %s %s %s \"%s\"; };\n",
		    $4, $5, $6, $7 }'"'"' "$a" >"$TADORU_ANCHOR"
		delv -a "$TADORU_ANCHOR" +root=. @198.51.100.200'
	export TADORU_ANCHOR=$work/anchor
	agree dnssec-expired 'RRSIG has expired' \
		"$anchor www.isshin-hosp.example a"
	agree dnssec-expired 'negative response, fully validated' \
		"$anchor nothing.example a"
fi

# --- what the program gives up before it meets the network. The shell in the
# middle is not confined, so the same file can be written by it.
landlock() {
	python3 -c 'import ctypes, sys
sys.exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)'
}
mkdir "$work/here" "$work/there"
saves='cd '$work'/here
printf "EHLO a\n:save in.txt\n:save in.txt\n:save ../there/out.txt\nQUIT\n" |
    LC_ALL=C.UTF-8 '$TADORU' repl --lang en smtp://mx1.example.jp'
inside sound "$saves" >"$work/said"
grep -q '^written: in.txt' "$work/said" && grep -q EHLO "$work/here/in.txt"
ok "a dialogue is saved here" $? "$work/said"
grep -q 'in.txt: cannot be written: File exists' "$work/said"
ok "nothing is written over" $? "$work/said"
if landlock; then
	grep -q 'out.txt: cannot be written: outside of what' "$work/said" &&
		! [ -e "$work/there/out.txt" ]
	ok "nor elsewhere" $? "$work/said"
else
	echo "SKIP practice: Landlock is not in this kernel"
	skipped=$((skipped + 1))
fi
inside sound 'mkfifo '$work'/pipe
'$TADORU' repl smtp://mx1.example.jp <'$work'/pipe >/dev/null &
exec 3>'$work'/pipe
for i in $(seq 100); do
	grep -q "NoNewPrivs:.1" /proc/$!/status && break
	sleep 0.05
done
grep NoNewPrivs /proc/$!/status
grep "Max core" /proc/$!/limits
exec 3>&-
wait $!' >"$work/said"
grep -q 'NoNewPrivs:.1' "$work/said" && grep -q 'file size *0 *0 ' "$work/said"
ok "no new privileges, no core" $? "$work/said"

# --- nothing stays behind
"$TADORU" practice sound --shell -- sh -c 'sleep 98701 & exit 3'
test $? = 3
ok "the status is the command's" $?
"$TADORU" practice sound --shell -- no-such-program 2>/dev/null
test $? = 127
ok "no such program: 127" $?
left=0
for signal in TERM INT HUP KILL; do
	TMPDIR=$work "$TADORU" practice sound --shell -- sleep 98702 \
		2>/dev/null &
	for i in $(seq 100); do
		pgrep -fx 'sleep 98702' >/dev/null && break
		sleep 0.05
	done
	pgrep -fx 'sleep 98702' >/dev/null
	ok "$signal: it runs first" $?
	kill -$signal $!
	wait $! 2>/dev/null
	for i in $(seq 100); do
		pgrep -fx 'sleep 9870.' >/dev/null || break
		sleep 0.05
	done
	! pgrep -fx 'sleep 9870.' >"$work/left"
	ok "$signal leaves no process" $? "$work/left"
	[ $signal = KILL ] || ! ls -d "$work"/tadoru-?????? 2>/dev/null
	ok "$signal leaves no directory" $?
done

# --- where something is missing or forbidden
if [ "$(id -u)" = 0 ]; then
	mkdir "$work/none"
	chmod 755 "$work"
	cp "$TADORU" "$work/tadoru"
	unshare -m sh -c "mount --bind $work/none /dev/net &&
		$work/tadoru practice sound --shell -- \
		dig @2001:db8:3::53 +short example.jp mx" >"$work/said" 2>&1
	grep -q '^10 mx1' "$work/said"
	ok "without /dev/net/tun" $? "$work/said"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/tadoru" practice sound --shell -- \
		sh -c 'id -u; dig +short example.jp mx' >"$work/said" 2>&1
	[ "$(head -n 2 "$work/said" | tr '\n' ' ')" = "65534 10 mx1.example.jp. " ]
	ok "without root" $? "$work/said"
fi
forbid() {	# SETTING PROGRAM...
	local setting=$1
	shift
	unshare -r sh -c "echo 0 >/proc/sys/user/$setting && \"\$@\"" - "$@" \
		"$TADORU" practice sound --shell -- true >"$work/said" 2>&1
	test $? = 3 && grep -q "user.$setting" "$work/said"
	ok "$setting = 0 is named" $? "$work/said"
}
forbid max_net_namespaces
forbid max_user_namespaces setpriv --bounding-set -all --inh-caps -all
"$TADORU" practice --shell >/dev/null 2>&1
test $? = 64
ok "--shell wants a name" $?
[ "$skipped" = 0 ] || end ", $skipped skipped"
end
