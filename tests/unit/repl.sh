#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tadoru repl as a script against a peer on loopback: status 0 all met, 1 one
# not met, 3 no connection, 64 no such URL; no password in what is printed or
# recorded. In a network of its own, so that nothing can leave this host.
set -u
LC_ALL=C.UTF-8
export LC_ALL
unset LANGUAGE XDG_CONFIG_HOME
unshare -rn true 2>/dev/null || {
	echo 'SKIP namespaces: no network namespace of our own'
	exit 77
}
python=
for p in /usr/bin/python3 python3; do
	$p -c 'import socket' 2>/dev/null && { python=$p; break; }
done
[ -n "$python" ] && command -v ip >/dev/null || {
	echo 'SKIP peer: no python3 or ip for a peer on loopback'
	exit 77
}
if [ "${1-}" != inside ]; then
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	TMP=$tmp unshare -rn sh "$0" inside
	exit
fi
ip link set lo up || exit 1
HOME=$TMP
export HOME
cat >"$TMP/peer" <<'PEER'
import socket
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('::1', 25))
s.listen(5)
print('ready', flush=True)
while True:
    c, _ = s.accept()
    c.sendall(b'220 mx.example.jp ESMTP\r\n')
    for line in c.makefile('rb'):
        line = line.rstrip(b'\r\n')
        verb = line[:4].upper()
        if verb == b'EHLO':
            c.sendall(b'250-mx.example.jp\r\n250 AUTH PLAIN\r\n')
        elif verb == b'QUIT':
            c.sendall(b'221 bye\r\n')
            break
        else:
            c.sendall(b'500 what is "' + line + b'"\r\n')
    c.close()
PEER
"$python" "$TMP/peer" >"$TMP/ready" &
peer=$!
trap 'kill $peer 2>/dev/null' EXIT
i=0
while ! grep -q ready "$TMP/ready" && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
bad=0
# play STATUS WORDS URL, the script on stdin
play() {
	want=$1 words=$2
	shift 2
	timeout 60 "$TADORU" repl --record "$TMP/record" "$@" \
		>"$TMP/out" 2>&1
	rc=$?
	if [ $rc != "$want" ] || ! grep -qF -e "$words" "$TMP/out"; then
		echo "FAULT: $*: status $rc, expected $want and $words"
		sed 's/^/  /' "$TMP/out"
		bad=$((bad + 1))
	fi
	if grep -q geheim-77 "$TMP/out" "$TMP/record" 2>/dev/null; then
		echo "FAULT: $*: the password is told"
		bad=$((bad + 1))
	fi
}
printf '%s\n' ':expect 220' 'EHLO noc.example.net' ':expect 250' \
	'AUTH PLAIN geheim-77' ':expect 500' 'PASS geheim-77' QUIT \
	':expect 221' >"$TMP/script"
play 0 'met: 221' 'smtp://[::1]/' <"$TMP/script"
printf ':expect 554\n' >"$TMP/script"
play 1 'not met: expected 554' 'smtp:[::1]' <"$TMP/script"
printf ':expect 220\n' | play 3 'Refused' 'smtp://[::1]:26/'
printf ':addr 2001:DB8::1' | play 0 'http://[2001:db8::1]/'
play 0 '' 'smtp://[::1]/' </dev/null
play 64 'before the colon' 'ftp://x/' </dev/null
play 64 'expected a port' 'tcp://x/' </dev/null
# What stands behind a login that is refused may be its password.
printf ':expect 220\n:login bob\ngeheim-77\nQUIT\n' |
	play 1 'the script ends here' 'smtp://[::1]/'
printf 'telnet ::1 25\n:expect 220\n' | play 0 'met: 220'
printf 'dig @127.0.0.1 +time=1 +tries=1 x.example\n' | play 3 'no reply'
[ $bad = 0 ]
