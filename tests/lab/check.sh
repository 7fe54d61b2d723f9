# SPDX-License-Identifier: GPL-3.0-or-later
#
# tadoru on every domain of the lab; sourced by inside.sh.

python3 "$LAB_SRC/cases.py" $L | tee $L/out/summary | sed -u '/^[0-9]* passed/d'
code=${PIPESTATUS[0]}
closing=$(tail -n 1 $L/out/summary)
case $closing in
*passed*) ;;
*) closing="0 passed, 1 failed" ;;
esac
(exit $code)
