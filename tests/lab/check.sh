# SPDX-License-Identifier: GPL-3.0-or-later
#
# tadoru on every domain of the lab, then its REPL beside dig, and both on a
# terminal; sourced by inside.sh.

lab_sum="0 0" code=0

# lab_part NAME COMMAND...: as many tests as its last line says
lab_part() {
	local name=$1 last
	shift
	"$@" 2>&1 | tee $L/out/summary-$name | sed -u '/^[0-9]* passed/d'
	[ "${PIPESTATUS[0]}" = 0 ] || code=1
	last=$(tail -n 1 $L/out/summary-$name)
	case $last in
	[0-9]*" passed, "[0-9]*" failed") ;;
	*) last="0 passed, 1 failed" code=1 ;;
	esac
	set -- $lab_sum $last
	lab_sum="$(($1 + $3)) $(($2 + $5))"
}

lab_terminal() {
	local part
	for part in $(jq -r '.parts[]' $L/plan.json); do
		case $part in
		dig-forms)
			lab_part $part ip netns exec client python3 \
				"$LAB_SRC/digs.py" $L/plan.json \
				"$LAB_SRC/../unit/test_paste.c" $L/hints ;;
		*)
			lab_part $part ip netns exec client python3 \
				"$LAB_SRC/tmux.py" $L "$LAB_SRC/../../help" \
				$part ;;
		esac
	done
	echo "$lab_sum $code" >$L/out/terminal
}

# Hostile peers take their time: the rest is done meanwhile.
lab_part calm python3 "$LAB_SRC/cases.py" $L calm
(lab_sum="0 0" code=0 && lab_terminal) >$L/out/terminal.txt 2>&1 &
lab_part hostile python3 "$LAB_SRC/cases.py" $L hostile
wait $!
cat $L/out/terminal.txt
read -r passed failed status <$L/out/terminal || {
	passed=0 failed=1 status=1
}
[ "$status" = 0 ] || code=1
set -- $lab_sum $passed $failed
lab_sum="$(($1 + $3)) $(($2 + $4))"
set -- $lab_sum
closing="$1 passed, $2 failed"
(exit $code)
