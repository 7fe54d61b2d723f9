# SPDX-License-Identifier: GPL-3.0-or-later
#
# The measurements; sourced inside the lab by tests/lab/inside.sh.

bench_case() {
	jq -r --arg c "$1" '.cases[] | select(.case == $c) | '"$2" $L/plan.json
}

bench_endpoints() {
	jq -r --arg c "$1" '
		def rows(w): to_entries[] | .key as $n | .value[] | "\(w) \($n) \(.)";
		(.root | rows("root")), (.tld_servers | rows("parent")),
		(.cases[] | select(.case == $c) | .names as $n | .addr as $a |
			"domain \($n["@"])",
			($a | to_entries[] | (.key | split(".")[0]) as $h |
			if $h == "web" then
				"web \($n["@"]) \(.value)", "web \($n.www) \(.value)"
			elif ($h | startswith("ns")) then "ns \($n[$h]) \(.value)"
			else "mx \($n[$h]) \(.value)" end))' $L/plan.json
}

bench_here() {
	ip netns exec client env HOME=$L/home XDG_CONFIG_HOME=$L/home \
		LC_ALL=C.UTF-8 "$@"
}

bench_time() {
	local out=$1
	shift
	bench_here python3 "$BENCH_SRC/time.py" "$out" "$@"
}

bench_options() {
	echo --hints $L/hints --trust-anchor $L/anchor --ca-file $L/ca.pem \
		--resolver "$(jq -r '.resolver["4"]' $L/plan.json)"
	jq -r '.prefixes[] | "--global-prefix \(.)"' $L/plan.json
}

bench_tadoru() {
	local out=$1
	shift
	bench_time "$out" "${TADORU:-tadoru}" check $(bench_options) "$@"
}

# The guide on a terminal: a domain of the lab, and many dialogues at once.
bench_screen() {
	local screen="python3 $BENCH_SRC/screen.py" domain
	domain=$(bench_case sound .domain)
	echo
	echo "screen"
	bench_here $screen start "$TADORU" --no-record $(bench_options) \
		"$domain"
	bench_here $screen whole "$TADORU" --no-record $(bench_options) \
		"$domain"
	ip -n client link set lo up
	bench_here $screen keys "$BUILDDIR/obj/screen_load"
}

bench_ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		if (a > 0 && b != "-") printf "%.1f", b / a; else print "-" }'
}

bench_domain() {
	local case=$1 domain t d h z commands
	domain=$(bench_case "$case" .domain)
	bench_endpoints "$case" >$L/endpoints
	t=$(bench_tadoru $L/out/$case.tadoru "$domain")
	d=$(bench_tadoru $L/out/$case.dns --only delegation,servers,zone \
		"$domain")
	h=$(bench_time $L/out/$case.by-hand env BY_HAND_LOG=$L/out/$case.log \
		sh "$BENCH_SRC/by-hand.sh" $L/endpoints $L/ca.pem \
		"$(jq -r '.resolver["4"]' $L/plan.json)")
	commands=$(tail -n 1 $L/out/$case.by-hand)
	z="- - -"
	[ ! -s $L/profile.json ] || z=$(bench_time $L/out/$case.zonemaster \
		zonemaster-cli --raw --no-progress --profile $L/profile.json \
		--hints $L/hints --level info "$domain")
	bench_print "$case" "$commands" $t $d $h $z
}

# name, commands, then seconds, kB, status of each of the four.
bench_print() {
	echo
	echo "$1"
	printf '  %-34s %8s s  %8s kB  status %s\n' \
		"tadoru check" "$3" "$4" "$5" \
		"tadoru check, DNS steps" "$6" "$7" "$8"
	printf '  %-34s %8s s  %8s times tadoru\n' \
		"by hand, $2 commands" "$9" "$(bench_ratio "$3" "$9")" \
		"zonemaster-cli (its status ${14})" "${12}" \
		"$(bench_ratio "$6" "${12}")"
}

if command -v zonemaster-cli >/dev/null; then
	zonemaster-cli --dump-profile 2>/dev/null |
		jq '.test_cases -= ["connectivity03", "connectivity04"]' \
		>$L/profile.json
else
	echo "bench: no zonemaster-cli, left out"
fi
rtt=$(lab_in client dig +norec @"$(jq -r '.root[]["6"]' $L/plan.json |
	head -n 1)" . SOA | sed -n 's/^;; Query time: //p')
echo "bench: round trip $rtt"
for case in $(jq -r '.cases[] | select(.bench) | .case' $L/plan.json |
    sort); do
	bench_domain "$case"
done
bench_screen
closing="bench done"
true
