# SPDX-License-Identifier: GPL-3.0-or-later
# configure in directories of its own: what packagers pass, what is missing,
# what is wrong, and the portable half.
set -u
c=$SRCDIR/configure
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fails=0
ok() { echo "ok $1"; }
no() { echo "FAILED $1"; sed 's/^/  | /' out; fails=$((fails + 1)); }
expect() { # NAME STATUS PATTERN COMMAND...
	name=$1 status=$2 pattern=$3
	shift 3
	rc=0
	"$@" >out 2>&1 || rc=$?
	if [ "$rc" = "$status" ] && { [ -z "$pattern" ] ||
		grep -q -e "$pattern" out; }; then ok "$name"
	else echo "exit status $rc" >>out; no "$name"; fi
}
has() { if grep -q -x -e "$2" "$1"; then ok "$2"; else cp "$1" out; no "$2"; fi; }
cc=${CC:-cc}

expect plain 0 'now: make' "$c" CC="$cc"
expect packager 0 '' "$c" -q CC="$cc" --build=x86_64-linux-gnu --prefix=/usr \
	'--includedir=${prefix}/include' '--mandir=${prefix}/share/man' \
	'--libdir=${prefix}/lib/x86_64-linux-gnu' --sysconfdir=/etc \
	--localstatedir=/var --runstatedir=/run --disable-option-checking \
	--disable-silent-rules --disable-maintainer-mode --enable-nothing \
	--disable-dependency-tracking --bindir /usr/games
[ ! -s out ] || no 'says nothing of unknown options when told so'
has Makefile 'mandir = ${prefix}/share/man'
has Makefile 'bindir = /usr/games'
rm -f Makefile
expect 'config.status' 0 '' ./config.status
has Makefile 'bindir = /usr/games'
expect unknown 0 'unrecognized options: --with-foo --enable-bar' \
	"$c" CC="$cc" --with-foo=3 --enable-bar
expect werror 0 '' "$c" -q CC="$cc" --enable-werror --without-linux
has config.h '/\* TADORU_LINUX is not set \*/'
grep -q '^std = .*-Werror$' Makefile || no '-Werror'
expect option 1 "unknown option '--zork'" "$c" --zork
expect directory 1 "expected an absolute directory, found 'x'" "$c" --prefix=x
expect compiler 1 'CC=no-such-cc' "$c" CC=no-such-cc
expect group 1 "expected tests or lab, found 'zork'" "$c" --install-deps=zork
expect cross 1 'no zork-linux-gnu-gcc found' "$c" --host=zork-linux-gnu CC=
expect library 1 'missing:.*ldns' env PKG_CONFIG_PATH= \
	PKG_CONFIG_LIBDIR=/nonexistent "$c" CC="$cc"
grep -q 'install-deps' out || no 'names the way out'
echo "$fails failed"
[ "$fails" = 0 ]
