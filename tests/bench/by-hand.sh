#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an operator types to look at one domain, one command after another:
# by-hand.sh ENDPOINTS CAFILE RESOLVER. ENDPOINTS has a line an address:
#   root|parent|ns|web|mx NAME ADDRESS
# Time-outs are tadoru's own: three datagrams over 3 s, 4 s to connect, 15 s
# for a reply; an address that was silent is not asked the rest. The last line
# of output is the number of commands.

list=$1 ca=$2 resolver=$3
domain=$(awk '$1 == "domain" { print $2 }' "$list")
count=0

dig_udp() {
	count=$((count + 1))
	dig "$@" +norec +time=1 +tries=3
}

dig_tcp() {
	count=$((count + 1))
	dig "$@" +norec +tcp +time=4 +tries=1
}

literal() {
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}

names() {
	awk '$1 == "mx" || $1 == "web" { print $2 }' "$list" | sort -u
}

by_hand_ns() {
	dig_udp @"$2" "$domain" SOA || return 0
	for qtype in NS MX; do
		dig_udp @"$2" "$domain" $qtype
	done
	for name in $(names); do
		for qtype in A AAAA A; do
			dig_udp @"$2" "$name" $qtype
		done
	done
	dig_tcp @"$2" "$domain" SOA || return 0
	for name in $(names); do
		for qtype in A AAAA A; do
			dig_tcp @"$2" "$name" $qtype
		done
	done
}

by_hand_web() {
	at=$(literal "$2")
	for try in 1 2 3; do
		count=$((count + 2))
		curl -sv --connect-timeout 4 -m 19 --resolve "$1:80:$at" \
			"http://$1/" || continue
		curl -sv --connect-timeout 4 -m 19 --resolve "$1:443:$at" \
			--cacert "$ca" "https://$1/" || continue
	done
	count=$((count + 1))
	timeout 19 openssl s_client -connect "$at:443" -servername "$1" \
		-CAfile "$ca" -verify_hostname "$1" -showcerts </dev/null
}

by_hand_mx() {
	count=$((count + 2))
	swaks --server "$2" --timeout 15s --tls --quit-after EHLO \
		--ehlo client.invalid
	echo QUIT | timeout 19 openssl s_client -starttls smtp -crlf \
		-connect "$(literal "$2"):25" -CAfile "$ca" -showcerts \
		-verify_hostname "$1"
}

by_hand() {
	while read -r what name addr; do
		case $what in
		root | parent) dig_udp @"$addr" "$domain" NS ;;
		ns) by_hand_ns "$name" "$addr" ;;
		web) by_hand_web "$name" "$addr" ;;
		mx) by_hand_mx "$name" "$addr" ;;
		esac
		case $what in
		ns | web | mx)
			count=$((count + 1))
			dig @"$resolver" -x "$addr" +time=1 +tries=3
			;;
		esac </dev/null
	done <"$list"
	for name in $(names); do
		for qtype in A AAAA; do
			count=$((count + 1))
			dig @"$resolver" "$name" $qtype +time=1 +tries=3
		done
	done
}

by_hand >"${BY_HAND_LOG:-/dev/null}" 2>&1
echo $count
