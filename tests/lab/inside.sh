# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs as the first process of the lab's own mount, pid and network
# namespaces: makes the networks, starts the servers, does what was asked.

set -u
umask 022
L=/run/lab
mode=cases
extra=
case "${1:-}" in
--selfcheck) mode=selfcheck; shift ;;
--shell) mode=shell; shift ;;
--with) mode=with; extra=$2; shift 2 ;;
esac

. "$LAB_SRC/start.sh"

echo "lab: seed $LAB_SEED"
begin=$(date +%s)
lab_private
python3 "$LAB_SRC/plan.py" "$LAB_SEED" "$LAB_SRC/cases" $L/plan.json "$@" &&
	python3 "$LAB_SRC/configs.py" $L/plan.json $L || lab_die "no plan"
lab_network
lab_certificates
lab_sign
lab_servers
lab_warm
echo "lab: ready after $(($(date +%s) - begin)) s," \
	"$(jq '.cases | length' $L/plan.json) domains below" \
	"$(jq -r .tld $L/plan.json)"
case $mode in
selfcheck) . "$LAB_SRC/selfcheck.sh" ;;
shell) bash -i ;;
with) . "$extra" ;;
cases) . "$LAB_SRC/check.sh" ;;
esac
status=$?
[ $status = 0 ] || lab_keep_logs
echo "lab: $(($(date +%s) - begin)) s, seed $LAB_SEED"
[ -z "${closing:-}" ] || echo "$closing"
exit $status
