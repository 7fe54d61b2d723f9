# SPDX-License-Identifier: GPL-3.0-or-later
#
# Functions that build the lab: private mounts, namespaces and routes,
# certificates, signed zones, servers. Sourced by inside.sh.

LAB_DELAY=${LAB_DELAY:-}
NAMESPACES="infra nsd bind dist web mail odd client client4"

lab_keep_logs() {
	local to=${LAB_LOGS:-${TMPDIR:-/tmp}/tadoru-lab-$LAB_SEED}
	mkdir -p "$to" && cp -r $L/log $L/plan.json $L/net "$to"/ 2>/dev/null
	[ ! -d $L/out ] || cp -r $L/out "$to"/
	echo "lab: logs are in $to"
}

lab_die() {
	echo "FAIL lab: $1"
	lab_keep_logs
	echo "0 passed, 1 failed"
	exit 1
}

lab_private() {
	local resolv
	resolv=$(readlink -m /etc/resolv.conf)
	mount --make-rprivate / || lab_die "no private mounts"
	mount -t tmpfs -o mode=755 tmpfs /run || lab_die "no private /run"
	mkdir -p $L/log $L/out $L/home $L/certs /run/netns /run/lock
	mkdir -p "$(dirname "$resolv")"
	[ -e "$resolv" ] || : >"$resolv"
	: >$L/resolv.conf
	mount --bind $L/resolv.conf "$resolv" || lab_die "no resolv.conf"
	ip link set lo up
}

# Every namespace hangs on the router by one link; each address has a host
# route there. IPv4 goes by link-local IPv6 next hops, so that no address is
# spent on links.
lab_network() {
	local ns n=0 addr
	ip netns add router
	lab_sysctl router net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	ip -n router link set lo up
	for addr in $(jq -r '.router[]' $L/plan.json); do
		ip -n router addr add "$addr" dev lo
	done
	for ns in $NAMESPACES; do
		ip netns add $ns
		lab_sysctl $ns
		ip -n $ns link set lo up
		if [ "$ns" = client ] && [ -n "$LAB_DELAY" ]; then
			lab_delay_link
		else
			lab_link $ns
		fi
	done
	lab_addresses
	ip -n client4 -6 addr flush dev eth0
	lab_sysctl client4 net.ipv6.conf.all.disable_ipv6=1
	ip -n client4 -4 route replace default dev eth0
	lab_sysctl router net.ipv4.conf.client4.proxy_arp=1
	ip netns exec router nft -f $L/router.nft || lab_die "no packet filter"
}

lab_sysctl() {
	local ns=$1 word script=
	shift
	for word in net.ipv4.conf.all.rp_filter=0 \
	    net.ipv4.conf.default.rp_filter=0 \
	    net.ipv6.conf.all.disable_ipv6=0 \
	    net.ipv6.conf.default.disable_ipv6=0 \
	    net.ipv6.conf.default.accept_dad=0 "$@"
	do
		script="$script echo ${word#*=} >/proc/sys/$(
			echo "${word%%=*}" | tr . /) || exit 1;"
	done
	ip netns exec $ns sh -c "$script" || lab_die "sysctl in $ns"
}

lab_link() {
	ip link add name eth0 netns $1 type veth peer name $1 netns router ||
		lab_die "no link to $1"
	ip -n $1 addr add fe80::2/64 dev eth0 nodad
	ip -n router addr add fe80::1/64 dev $1 nodad
	ip -n $1 link set eth0 up
	ip -n router link set $1 up
	ip -n $1 -4 route add default via inet6 fe80::1 dev eth0
	ip -n $1 -6 route add default via fe80::1 dev eth0
}

lab_delay_link() {
	python3 "$LAB_SRC/delay.py" client eth0 router client "$LAB_DELAY" \
		>$L/log/delay.log 2>&1 &
	lab_until 5 grep -q ready $L/log/delay.log || lab_die "no delay link"
	ip -n client link set eth0 up txqueuelen 10000
	ip -n router link set client up txqueuelen 10000
	ip -n client -4 route add default dev eth0
	ip -n client -6 route add default dev eth0
}

lab_addresses() {
	local ns addr via4 via6
	: >$L/batch.router
	while read -r ns addr; do
		via4="via inet6 fe80::2" via6="via fe80::2"
		[ "$ns" != client4 ] || via4=
		[ "$ns$LAB_DELAY" = client ] || [ "$ns" != client ] || via4= via6=
		case $addr in
		*:*)
			echo "addr add $addr/128 dev eth0 nodad" >>$L/batch.$ns
			echo "route add $addr $via6 dev $ns" >>$L/batch.router
			;;
		*)
			echo "addr add $addr/32 dev eth0" >>$L/batch.$ns
			echo "route add $addr $via4 dev $ns" >>$L/batch.router
			;;
		esac
	done <$L/net
	for ns in router $NAMESPACES; do
		[ -s $L/batch.$ns ] || continue
		ip -n $ns -batch $L/batch.$ns || lab_die "addresses of $ns"
	done
}

# A root, an intermediate that is sent along, a key that all servers share.
lab_certificates() {
	local name kind sans ends=+90
	cd $L/certs || lab_die "no certs"
	{
		openssl ecparam -name prime256v1 -genkey -noout -out key.pem
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -keyout root.key -out root.pem -days 365 \
			-subj "/CN=Lab root" -addext basicConstraints=critical,CA:TRUE \
			-addext keyUsage=critical,keyCertSign
		openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -keyout ca.key -out ca.csr -subj "/CN=Lab issuer"
		printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,%s\n' \
			keyCertSign >ca.ext
		openssl x509 -req -in ca.csr -CA root.pem -CAkey root.key \
			-set_serial 2 -days 300 -extfile ca.ext -out ca.pem
	} >$L/log/openssl.log 2>&1 || lab_die "no private CA"
	while read -r name kind sans; do
		lab_certificate "$name" "$kind" $sans
	done <list >>$L/log/openssl.log 2>&1
	cp root.pem $L/ca.pem
	cd /
}

lab_certificate() {
	local name=$1 kind=$2 from until sans
	shift 2
	sans=$(printf 'DNS:%s,' "$@")
	if [ "$kind" = self-signed ]; then
		openssl req -x509 -new -key key.pem -subj "/CN=$name" -days 60 \
			-addext "subjectAltName=${sans%,}" -out "$name.pem"
		return
	fi
	from=$(date -u -d '-30 days' +%Y%m%d%H%M%SZ)
	until=$(date -u -d '+60 days' +%Y%m%d%H%M%SZ)
	[ "$kind" != expired ] || until=$(date -u -d '-3 days' +%Y%m%d%H%M%SZ)
	[ -e index ] || { : >index; echo 1000 >serial; lab_ca_config >ca.cnf; }
	printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' \
		"${sans%,}" >leaf.ext
	openssl req -new -key key.pem -subj "/CN=$name" -out leaf.csr
	openssl ca -config ca.cnf -batch -notext -startdate "$from" \
		-enddate "$until" -extfile leaf.ext -in leaf.csr -out leaf.pem
	cat leaf.pem ca.pem >"$name.pem"
}

lab_ca_config() {
	cat <<-END
	[ca]
	default_ca = lab
	[lab]
	dir = .
	database = index
	serial = serial
	new_certs_dir = .
	certificate = ca.pem
	private_key = ca.key
	default_md = sha256
	policy = any
	unique_subject = no
	[any]
	commonName = supplied
	END
}

# Customers first, their DS into the TLD, its DS into the root.
lab_sign() {
	local zone file key
	cd $L/zones || lab_die "no zones"
	while read -r zone file; do
		key=$(ldns-keygen -a ECDSAP256SHA256 -k "$zone") &&
			ldns-signzone -b -o "$zone" -f "$file.signed" "$file" "$key" \
				>>$L/log/sign.log 2>&1 || lab_die "cannot sign $zone"
		case $file in
		root) cp "$key.ds" $L/anchor ;;
		tld) cat "$key.ds" >>root ;;
		*) cat "$key.ds" >>tld ;;
		esac
	done <$L/sign
	cd /
}

lab_until() {
	local n=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		n=$((n - 1))
		[ $n -gt 0 ] || return 1
		sleep 0.05
	done
}

lab_in() {
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}

lab_servers() {
	local part ns
	for part in root tld_servers reverse; do
		lab_in infra nsd -d -c $L/nsd-$part.conf &
	done
	lab_in infra unbound -d -c $L/unbound.conf >$L/log/unbound.out 2>&1 &
	lab_in nsd nsd -d -c $L/nsd-customers.conf &
	lab_in bind named -f -n 1 -c $L/named.conf >$L/log/named.log 2>&1 &
	[ "$(cat $L/dist.count)" = 0 ] ||
		lab_in dist dnsdist -C $L/dnsdist.conf --supervised \
			--disable-syslog >$L/log/dnsdist.log 2>&1 &
	[ ! -s $L/hostile ] || lab_in odd python3 "$LAB_SRC/peers.py" \
		$L/hostile $L/certs >$L/log/peers.log 2>&1 &
	lab_in web nginx -c $L/nginx.conf 2>$L/log/nginx.out ||
		lab_die "nginx does not start"
	lab_mail
	lab_wait_for_servers
}

lab_mail() {
	if [ -s $L/dovecot.conf ]; then
		mkdir -p $L/dovecot
		chown -R mail:mail $L/vmail
		lab_in mail dovecot -F -c $L/dovecot.conf \
			>$L/log/dovecot.out 2>&1 &
	fi
	mkdir -p $L/spool $L/mail
	chown postfix $L/mail
	cp -r /etc/postfix/postfix-files* /etc/postfix/dynamicmaps.cf* \
		$L/postfix/ 2>/dev/null
	mount --bind $L/postfix /etc/postfix || lab_die "no postfix folder"
	lab_in mail postfix start >$L/log/postfix.out 2>&1 ||
		lab_die "postfix does not start"
}

lab_wait_for_servers() {
	local addr
	for addr in $(jq -r '(.root, .tld_servers, .reverse, {r: .resolver}) |
	    first(.[])[]' $L/plan.json) \
	    $(awk '$1 ~ /^(nsd|bind|dist)$/ && !seen[$1]++ { print $2 }' $L/net)
	do
		lab_until 10 lab_answers "$addr" || lab_die "no DNS at $addr"
	done
	for addr in $(awk '$1 == "dist" { print $2 }' $L/net); do
		lab_until 10 lab_answers "$addr" +tcp ||
			lab_die "no DNS over TCP at $addr"
	done
	[ ! -s $L/dovecot.conf ] || lab_until 10 test -S $L/dovecot/auth-smtp ||
		lab_die "dovecot does not start"
	[ ! -s $L/hostile ] || sleep 0.3
}

lab_answers() {
	lab_in "$(awk -v a="$1" '$2 == a { print $1; exit }' $L/net)" \
		dig +time=1 +tries=1 +norec "${2:-+notcp}" @"$1" . SOA
}

# What the resolver is asked during a diagnosis it has answered before, so
# that its own first walk is not part of what is timed or judged.
lab_warm() {
	jq -r '.cases[] | .names as $n |
		(($n["@"], $n.www, $n.ns1, $n.ns2, $n.mx1, $n.mx2) |
			"\(.) A", "\(.) AAAA"),
		($n.box // empty | "\(.) A", "\(.) AAAA"),
		($n["@"] | "\(.) NS", "\(.) MX", "\(.) SOA", "\(.) TXT")' \
		$L/plan.json >$L/warm
	# dig needs two passes where the first met a server slowly.
	for pass in 1 2; do
		split -n l/6 $L/warm $L/warm.
		for part in $L/warm.??; do
			lab_in client dig @"$(jq -r '.resolver["4"]' $L/plan.json)" \
				+time=5 +tries=2 +noall +comments -f $part >$part.out 2>&1 &
			warm="${warm:-} $!"
		done
		wait $warm
		warm=
	done
	cat $L/warm.??.out | grep -o 'status: [A-Z]*' | sort | uniq -c \
		>$L/log/warm.log
}
