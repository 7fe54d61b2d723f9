# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the configuration of every server of the lab from plan.json.

Used as: configs.py PLAN DIRECTORY. Zones are written unsigned; start.sh signs
them, from the customers up to the root, and then starts the servers.
"""
import ipaddress
import json
import os
import sys

BACKEND = {"nsd": "10.53.0.1", "bind": "10.53.0.2"}
SOA = ("@ 3600 IN SOA %s hostmaster.%s %d 7200 3600 1209600 3600\n")
WEB = ("4a", "4b", "6a", "6b")
PORTS = {"submission": 587, "smtps": 465, "pop3": 110, "pop3s": 995,
         "imap": 143, "imaps": 993}
DOVECOT = """protocols = imap pop3
base_dir = %(base)s
state_dir = %(base)s
instance_name = lab
log_path = %(log)s
ssl = yes
ssl_key = <%(key)s
ssl_cert = <%(cert)s
auth_mechanisms = %(mechanisms)s
auth_failure_delay = 0
mail_location = maildir:%(mail)s/%%u
first_valid_uid = 8
mail_max_userip_connections = 0
passdb {
	driver = passwd-file
	args = username_format=%%u %(users)s
}
userdb {
	driver = static
	args = uid=8 gid=8 home=%(mail)s/%%u
}
service auth {
	unix_listener auth-smtp {
		mode = 0660
		user = postfix
	}
}
service anvil {
	unix_listener anvil-auth-penalty {
		mode = 0
	}
}
service pop3-login {
%(pop3)s}
service imap-login {
%(imap)s}
"""
OTHER = """From: %(title)s <someone@%(domain)s>
To: %(user)s
Subject: Not a test
Message-ID: <other@%(domain)s>

This mail was there before.
"""


class Lab:
    def __init__(self, plan, base):
        self.plan, self.base = plan, base
        self.net = []           # namespace, address
        self.files = {}
        self.certs = []         # name, kind, subject alternative names
        self.sign = []          # zone
        self.ptr = {}           # address: name

    def put(self, path, text):
        path = os.path.join(self.base, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def home(self, namespace, addr, name=None):
        self.net.append((namespace, addr))
        if name:
            self.ptr[addr] = name

    def path(self, *parts):
        return os.path.join(self.base, *parts)


def rtype(addr):
    return "AAAA" if ":" in addr else "A"


def records(name, pair):
    return "".join("%s. 3600 IN %s %s\n" % (name, rtype(a), a)
                   for a in pair.values())


def nsd_conf(lab, name, addresses, zones):
    text = """server:
	ip-freebind: yes
	server-count: 1
	username: ""
	chroot: ""
	database: ""
	zonesdir: "%s"
	pidfile: "%s"
	xfrdfile: ""
	xfrdir: "%s"
	zonelistfile: "%s"
	logfile: "%s"
	rrl-ratelimit: 0
	hide-version: yes
""" % (lab.path("zones"), lab.path(name + ".pid"), lab.base,
       lab.path(name + ".list"),
       lab.path("log", name + ".log"))
    text += "".join("\tip-address: %s\n" % a for a in addresses)
    text += "remote-control:\n\tcontrol-enable: no\n"
    for zone, file in zones:
        text += 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' % (zone, file)
    lab.put(name + ".conf", text)


def infrastructure(lab):
    """The root, the TLD, the reverse zones, the resolver, the clients."""
    plan = lab.plan
    hints, root = "", ""
    for name, pair in plan["root"].items():
        hints += ". 3600000 IN NS %s.\n" % name + records(name, pair)
        root += "@ 86400 IN NS %s.\n" % name + records(name, pair)
        for a in pair.values():
            lab.home("infra", a, name)
    lab.put("hints", hints)
    for name, pair in plan["tld_servers"].items():
        root += "%s. 86400 IN NS %s.\n" % (plan["tld"], name)
        root += records(name, pair)
        for a in pair.values():
            lab.home("infra", a, name)
    for name, pair in plan["reverse"].items():
        root += records(name, pair)
        for zone in ("in-addr.arpa", "ip6.arpa"):
            root += "%s. 86400 IN NS %s.\n" % (zone, name)
        for a in pair.values():
            lab.home("infra", a, name)
    first = list(plan["root"])[0]
    lab.put("zones/root", SOA % (first + ".", first + ".", 1) + root)
    lab.home("infra", plan["resolver"]["4"], "res.nic." + plan["tld"])
    lab.home("infra", plan["resolver"]["6"], "res.nic." + plan["tld"])
    for namespace in ("client", "client4"):
        noc = plan["noc" if namespace == "client" else "noc4"]
        for a in plan[namespace].values():
            lab.home(namespace, a, noc)
    for service, address in BACKEND.items():
        lab.net.append((service, address))
    for part in ("root", "tld_servers", "reverse"):
        zones = {"root": [(".", "root.signed")],
                 "tld_servers": [(plan["tld"], "tld.signed")],
                 "reverse": [("in-addr.arpa", "in-addr"),
                             ("ip6.arpa", "ip6")]}[part]
        addresses = [a for p in plan[part].values() for a in p.values()]
        nsd_conf(lab, "nsd-" + part, addresses, zones)


def tld(lab):
    plan = lab.plan
    first = list(plan["tld_servers"])[0]
    text = "$ORIGIN %s.\n" % plan["tld"]
    text += SOA % (first + ".", "nic", 1)
    for name, pair in plan["tld_servers"].items():
        text += "@ 86400 IN NS %s.\n" % name + records(name, pair)
    text += records(plan["noc"], plan["client"])
    text += records(plan["noc4"], plan["client4"])
    text += records("res.nic." + plan["tld"], plan["resolver"])
    for case in plan["cases"]:
        for ns in ("ns1", "ns2"):
            text += "%s. 86400 IN NS %s.\n" % (case["domain"],
                                              case["names"][ns])
            glue = {f: case["addr"].get("%s.%sold" % (ns, f),
                                        case["addr"]["%s.%s" % (ns, f)])
                    for f in ("4", "6")}
            text += records(case["names"][ns], glue)
    lab.put("zones/tld", text)
    lab.sign += [(plan["tld"], "tld"), (".", "root")]


def reverse(lab):
    first = list(lab.plan["reverse"])[0] + "."
    for zone, file, version in (("in-addr.arpa", "in-addr", 4),
                                ("ip6.arpa", "ip6", 6)):
        text = "$ORIGIN %s.\n" % zone + SOA % (first, first, 1)
        for name in lab.plan["reverse"]:
            text += "@ 86400 IN NS %s.\n" % name
        for addr, name in lab.ptr.items():
            ip = ipaddress.ip_address(addr)
            if ip.version == version:
                text += "%s. IN PTR %s.\n" % (ip.reverse_pointer, name)
        lab.put("zones/" + file, text)


def mailbox_records(lab, case):
    name, text = case["names"]["box"], ""
    for f in ("4", "6"):
        addr = case["addr"]["box." + f]
        text += "%s. IN %s %s\n" % (name, rtype(addr), addr)
        lab.ptr[addr] = name
    for service in case["mailbox"]:
        text += "_%s._tcp IN SRV 0 1 %d %s.\n" % (
            service.replace("smtps", "submissions"), PORTS[service], name)
    return text


def customer_zone(lab, case):
    n, a = case["names"], case["addr"]
    text = "$ORIGIN %s.\n$TTL 3600\n" % case["domain"]
    text += SOA % (n["ns1"] + ".", "hostmaster", case["serial"])
    for host in ("ns1", "ns2"):
        text += "@ IN NS %s.\n" % n[host]
    for i, host in enumerate(("mx1", "mx2")):
        text += "@ IN MX %d %s.\n" % (10 * i + 10, n[host])
    for host in ("ns1", "ns2", "mx1", "mx2"):
        for f in ("4", "6"):
            addr = a["%s.%s" % (host, f)]
            text += "%s. IN %s %s\n" % (n[host], rtype(addr), addr)
            lab.ptr[addr] = n[host]
    if case["mailbox"]:
        text += mailbox_records(lab, case)
    for which in WEB:
        addr = a["web." + which]
        lab.ptr[addr] = n["www"]
        for name in ("@", "www"):
            text += "%s IN %s %s\n" % (name, rtype(addr), addr)
    text += '@ IN TXT "v=spf1 mx -all"\n'
    text += '_dmarc IN TXT "v=DMARC1; p=reject"\n'
    lab.put("zones/" + case["domain"], text)
    if case["signed"]:
        lab.sign.insert(0, (case["domain"], case["domain"]))


def customer_dns(lab):
    nsd, bind, dist, zones = [BACKEND["nsd"]], [], [], []
    rules, named = "", ""
    for case in lab.plan["cases"]:
        customer_zone(lab, case)
        domain = case["domain"]
        file = domain + (".signed" if case["signed"] else "")
        served = {"nsd": True, "bind": True}
        for ns in case["lame"]:
            served[case["server"][ns]] = False
        if served["nsd"]:
            zones.append((domain, file))
        if served["bind"]:
            named += 'zone "%s" { type primary; file "%s"; };\n' % (
                domain, lab.path("zones", file))
        for at, addr in case["addr"].items():
            ns = at.partition(".")[0]
            if not ns.startswith("ns"):
                continue
            if at in case["hostile"]:
                lab.home("odd", addr)
            elif ns in case["aaaa"]:
                lab.home("dist", addr)
                dist.append(addr)
            else:
                where = case["server"][ns]
                lab.home(where, addr)
                (nsd if where == "nsd" else bind).append(addr)
        for ns, what in case["aaaa"].items():
            action = {"drop": "DropAction()", "nxdomain":
                      "RCodeAction(DNSRCode.NXDOMAIN, {aa=true})"}[what]
            rules += ('zone = newSuffixMatchNode()\n'
                      'zone:add(newDNSName("%s."))\n'
                      'addAction(AndRule({SuffixMatchNodeRule(zone), '
                      'QTypeRule(DNSQType.AAAA)}), %s)\n' % (domain, action))
    nsd_conf(lab, "nsd-customers", nsd, zones)
    lab.put("named.conf", """options {
	directory "%s";
	pid-file "%s";
	session-keyfile none;
	managed-keys-directory "%s";
	listen-on { any; };
	listen-on-v6 { any; };
	recursion no;
	notify no;
	allow-transfer { none; };
	dnssec-validation no;
	empty-zones-enable no;
};
controls { };
""" % (lab.path("zones"), lab.path("named.pid"), lab.path("zones")) + named)
    lab.put("dnsdist.conf", "".join(
        'addLocal("%s")\n' % (a if "." in a else "[%s]:53" % a)
        for a in dist) + """setACL({"0.0.0.0/0", "::/0"})
newServer({address="%s", healthCheckMode="up"})
getServer(0):setUp()
""" % BACKEND["nsd"] + rules)
    lab.put("dist.count", "%d\n" % len(dist))


def resolver(lab):
    plan = lab.plan
    text = """server:
	interface: %s
	interface: %s
	outgoing-interface: %s
	outgoing-interface: %s
	access-control: 0.0.0.0/0 allow
	access-control: ::/0 allow
	directory: "%s"
	chroot: ""
	username: ""
	pidfile: "%s"
	logfile: "%s"
	use-syslog: no
	root-hints: "%s"
	trust-anchor-file: "%s"
""" % ((plan["resolver"]["4"], plan["resolver"]["6"]) * 2 + (
        lab.base, lab.path("unbound.pid"), lab.path("log", "unbound.log"),
        lab.path("hints"), lab.path("anchor")))
    for zone in ("2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.",
                 "113.0.203.in-addr.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa."):
        text += '\tlocal-zone: "%s" nodefault\n' % zone
    # What the resolver says must not depend on which server it happens to
    # ask, so it is told of the faulty ones.
    for case in plan["cases"]:
        bad = set(case["silent"]) | set(case["hostile"])
        for ns in list(case["aaaa"]) + case["lame"]:
            bad |= {ns + ".4", ns + ".6"}
        for at in sorted(bad):
            if at.startswith("ns"):
                text += "\tdo-not-query-address: %s\n" % case["addr"][at]
    lab.put("unbound.conf", text + "remote-control:\n\tcontrol-enable: no\n")
    lab.put("resolv.conf", "nameserver %s\n" % plan["resolver"]["4"])


def listen(addr, rest):
    return "listen %s:%s;" % ("[%s]" % addr if ":" in addr else addr, rest)


def web(lab):
    text = """worker_processes 1;
pid %s;
error_log %s;
events { worker_connections 512; }
http {
	access_log %s;
	server_names_hash_bucket_size 128;
	types { text/html html; }
	default_type text/html;
	ssl_protocols TLSv1.2 TLSv1.3;
""" % (lab.path("nginx.pid"), lab.path("log", "nginx.log"),
       lab.path("log", "access.log"))
    for case in lab.plan["cases"]:
        domain, www = case["domain"], case["names"]["www"]
        lab.certs.append((domain, "good", domain, www))
        plain, tls = [], []
        for which in WEB:
            addr = case["addr"]["web." + which]
            hostile = "web." + which in case["hostile"]
            lab.home("odd" if hostile else "web", addr)
            if "web." + which in case["refuse"] or hostile:
                continue
            plain.append(listen(addr, "80"))
            tls.append(listen(addr, "443 ssl"))
        lab.put("www/%s/index.html" % domain, """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>%s</title></head>
<body><h1>%s</h1><p>Welcome.</p></body></html>
""" % (case["title"], case["title"]))
        names = "server_name %s %s;" % (domain, www)
        root = "root %s;" % lab.path("www", domain)
        text += "\tserver { %s %s %s }\n" % (
            " ".join(plain), names, "return 301 https://$host$request_uri;"
            if case["redirect"] else root)
        text += ("\tserver { %s %s %s ssl_certificate %s; "
                 "ssl_certificate_key %s; }\n" % (
                     " ".join(tls), names, root,
                     lab.path("certs", domain + ".pem"),
                     lab.path("certs", "key.pem")))
    lab.put("nginx.conf", text + "}\n")


def mail(lab):
    domains = [c["domain"] for c in lab.plan["cases"] if not c["mailbox"]]
    boxes = [c for c in lab.plan["cases"] if c["mailbox"]]
    lab.put("postfix/main.cf", """compatibility_level = 3.6
queue_directory = %s
data_directory = %s
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = %s
maillog_file = %s
myhostname = %s
mydestination = %s
local_recipient_maps =
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_client_connection_count_limit = 0
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = %s
virtual_mailbox_domains = %s
virtual_mailbox_base = %s
virtual_mailbox_maps = texthash:%s
virtual_minimum_uid = 8
virtual_uid_maps = static:8
virtual_gid_maps = static:8
""" % (lab.path("spool"), lab.path("mail"), lab.base,
       lab.path("log", "mail.log"), domains[0] if domains else "mail",
       " ".join(domains), lab.path("dovecot", "auth-smtp"),
       " ".join(c["domain"] for c in boxes), lab.path("vmail"),
       lab.path("vmail-map")))
    lab.put("vmail-map", "".join(
        "%s %s/\n" % (a, c["user"]) for c in boxes
        for a in (c["user"], "postmaster@" + c["domain"])))
    text = """cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
local unix - n n - - local
error unix - - n - - error
virtual unix - n n - - virtual
discard unix - - n - - discard
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
    for case in lab.plan["cases"]:
        for host in ("mx1", "mx2"):
            name = case["names"][host]
            lab.certs.append((name, case["cert"].get(host, "good"), name))
            for f in ("4", "6"):
                at = "%s.%s" % (host, f)
                addr, hostile = case["addr"][at], at in case["hostile"]
                lab.home("odd" if hostile else "mail", addr)
                if at in case["refuse"] or hostile:
                    continue
                text += "%s:25 inet n - n - - smtpd\n" % (
                    "[%s]" % addr if ":" in addr else addr)
                text += "  -o myhostname=%s\n" % name
                text += "  -o smtpd_tls_chain_files=%s,%s\n" % (
                    lab.path("certs", "key.pem"),
                    lab.path("certs", name + ".pem"))
                if at in case["plain"]:
                    text += "  -o smtpd_tls_security_level=none\n"
                if case["lost"]:
                    text += "  -o content_filter=discard:\n"
        text += submission(lab, case)
    lab.put("postfix/master.cf", text)


def submission(lab, case):
    text = ""
    for service in ("submission", "smtps"):
        for f in ("4", "6"):
            if service not in case["mailbox"]:
                continue
            addr, name = case["addr"]["box." + f], case["names"]["box"]
            text += "%s:%d inet n - n - - smtpd\n" % (
                "[%s]" % addr if ":" in addr else addr, PORTS[service])
            text += "  -o myhostname=%s\n" % name
            text += "  -o smtpd_tls_chain_files=%s,%s\n" % (
                lab.path("certs", "key.pem"),
                lab.path("certs", name + ".pem"))
            text += "  -o smtpd_sasl_auth_enable=yes\n"
            text += "  -o smtpd_tls_auth_only=yes\n"
            text += ("  -o smtpd_recipient_restrictions="
                     "permit_sasl_authenticated,reject\n")
            if service == "smtps":
                text += "  -o smtpd_tls_wrappermode=yes\n"
    return text


def dovecot(lab):
    """One server for every mailbox host, with an account in each."""
    cases = [c for c in lab.plan["cases"] if c["mailbox"]]
    if not cases:
        return
    login = {"pop3": "", "imap": ""}
    for service in ("pop3", "pop3s", "imap", "imaps"):
        addresses = [c["addr"]["box." + f] for c in cases
                     for f in ("4", "6") if service in c["mailbox"]]
        tls = "\t\tssl = yes\n" if service[-1] == "s" else ""
        login[service[:4]] += (
            "\tinet_listener %s {\n\t\tport = %d\n\t\taddress = %s\n"
            "%s\t}\n" % (service, PORTS[service] if addresses else 0,
                        " ".join(addresses), tls))
    text = DOVECOT % {
        "base": lab.path("dovecot"), "log": lab.path("log", "dovecot.log"),
        "mechanisms": lab.plan["mechanisms"], "users": lab.path("users"),
        "mail": lab.path("vmail"), "key": lab.path("certs", "key.pem"),
        "cert": lab.path("certs", cases[0]["names"]["box"] + ".pem"),
        "pop3": login["pop3"], "imap": login["imap"]}
    for case in cases:
        name = case["names"]["box"]
        lab.certs.append((name, case["cert"].get("box", "good"), name))
        for f in ("4", "6"):
            addr = case["addr"]["box." + f]
            lab.home("mail", addr)
            text += "local %s {\n\tssl_cert = <%s\n" % (
                addr, lab.path("certs", name + ".pem"))
            if case["nostls"]:
                text += ("\tprotocol pop3 {\n\t\tssl = no\n"
                         "\t\tdisable_plaintext_auth = no\n\t}\n")
            text += "}\n"
    lab.put("dovecot.conf", text)
    lab.put("users", "".join("%s:{PLAIN}%s\n" % (c["user"], c["secret"])
                             for c in cases))
    for case in cases:
        wrong = "-no" if case["account"] == "wrong" else ""
        lab.put("secret/" + case["case"], case["secret"] + wrong + "\n")
        lab.put("vmail/%s/new/1000000000.M1P1.other" % case["user"],
                OTHER % {"user": case["user"], "domain": case["domain"],
                         "title": case["title"]})


def network(lab):
    drops = ""
    for case in lab.plan["cases"]:
        for key, match in (("silent", ""), ("silent-tcp", " tcp dport 53")):
            for at in case[key]:
                addr = case["addr"][at]
                drops += "\t\t%s daddr %s%s drop\n" % (
                    "ip6" if ":" in addr else "ip", addr, match)
    lab.put("router.nft", "table inet lab {\n\tchain forward {\n\t\ttype "
            "filter hook forward priority 0; policy accept;\n" + drops +
            "\t}\n}\n")
    lab.put("net", "".join("%s %s\n" % pair for pair in lab.net))
    hostile = []
    for case in lab.plan["cases"]:
        for at, kind in case["hostile"].items():
            hostile.append("%s %s %s %s\n" % (
                {"n": "dns", "w": "web", "m": "mail"}[at[0]],
                case["addr"][at], kind, case["domain"]))
    lab.put("hostile", "".join(hostile))


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        lab = Lab(json.load(f), sys.argv[2])
    lab.put("log/.keep", "")
    infrastructure(lab)
    tld(lab)
    customer_dns(lab)
    resolver(lab)
    web(lab)
    mail(lab)
    dovecot(lab)
    reverse(lab)
    network(lab)
    lab.put("certs/list", "".join(" ".join(c) + "\n" for c in lab.certs))
    lab.put("sign", "".join("%s %s\n" % s for s in lab.sign))


main()
