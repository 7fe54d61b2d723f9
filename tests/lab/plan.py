# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw one run of the lab: which case gets which names and addresses.

Reads the case files, draws everything else from a seed, and writes plan.json.
A case file is lines of words; '#' begins a comment:

  ADDRESS is ns1.4 ns1.6 ns2.4 ns2.6, mx1.4 ... mx2.6 (the MX hosts),
  web.4a web.4b web.6a web.6b (shared by www and the apex),
  box.4 box.6 (the host of the mailbox services, where there is one),
  ns1.4old ns1.6old ... (what the glue says where it is stale).

  silent ADDRESS...          the router drops every packet to it
  silent-tcp ADDRESS...      the router drops TCP port 53 to it
  refuse ADDRESS...          nothing listens there
  aaaa drop|nxdomain NS...   that server's answers to AAAA questions
  lame NS...                 that server has no such zone
  glue ADDRESS old|dead      the referral has an older address, which still
                             answers, or is silent
  cert MX|box KIND           that host's certificate: expired, self-signed
  plain ADDRESS...           no STARTTLS there
  hostile ADDRESS KIND       a scripted peer (peers.py)
  mailbox SERVICE...         a host with these, named by SRV, and a mailbox:
                             submission smtps pop3 pop3s imap imaps
  nostls yes                 POP3 there has no STLS and takes passwords
  account good|wrong         tadoru gets the account, with this password
  send S                     and consent to send; it waits S seconds
  lost yes                   what port 25 accepts is thrown away
  signed yes|no              DNSSEC; drawn where the case does not say
  redirect yes|no            http leads to https; drawn where it does not say
  client v4                  run from a host without IPv6
  exit N...                  exit statuses that pass
  within S                   seconds the check may take
  bench yes                  also one of the domains that are timed
  find LEVEL ID WHERE FLAGS [SIDE]
      one finding worse than notice; WHERE is '-', a name (@ www ns1 mx1),
      NAME.ADDRESS/SERVICE (www.6a/https ns1.4/dns mx1.6/smtp) or
      NAME/SERVICE; FLAGS '-' or words joined by ','
  fact ID WHERE[|WHERE...]
      one fact, at one of these; all facts of that ID are to be listed
"""
import ipaddress
import json
import os
import random
import sys

SERVICES = {
    "dns": (53, "dns", "none"),
    "http": (80, "http", "none"),
    "https": (443, "https", "implicit"),
    "smtp": (25, "smtp", "starttls"),
    "submission": (587, "submission", "starttls"),
    "smtps": (465, "smtps", "implicit"),
    "pop3": (110, "pop3", "starttls"),
    "pop3s": (995, "pop3s", "implicit"),
    "imap": (143, "imap", "starttls"),
    "imaps": (993, "imaps", "implicit"),
}
V4_PREFIXES = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"]
V6_PREFIX = "2001:db8::/32"
HOSTS = ["ns1", "ns2", "mx1", "mx2"]
NS_LABELS = [("ns1", "ns2"), ("a.ns", "b.ns"), ("dns0", "dns1"),
             ("north", "south"), ("ns-x", "ns-y")]
MX_LABELS = [("mx1", "mx2"), ("mx-a", "mx-b"), ("in1", "in2"),
             ("mx10", "mx20"), ("relay", "spare")]
# Tests that are no diagnosis of one domain, and the domains they need.
PARTS = {
    "dig-forms": ["sound"],
    "by-hand": ["mailbox", "pop3-no-stls"],
    "guide": ["sound", "glue-aaaa-dead", "mailbox"],
}
BOX_LABELS = ["mail", "box", "post", "mbx"]
MECHANISMS = ["plain", "plain login", "cram-md5 plain", "plain cram-md5 login"]


class Drawer:
    """Names and addresses, each drawn once."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.names = set()
        self.v6 = set()
        self.v4 = [str(a) for p in V4_PREFIXES
                   for a in ipaddress.ip_network(p).hosts()]
        self.rnd.shuffle(self.v4)

    def word(self, syllables=3):
        while True:
            w = "".join(self.rnd.choice("kstnhmrgzdb") +
                        self.rnd.choice("aeiou")
                        for _ in range(syllables))
            if w not in self.names:
                self.names.add(w)
                return w

    def address4(self):
        return self.v4.pop()

    def address6(self):
        while True:
            text = "2001:db8:%x:%x::%x" % (
                self.rnd.randrange(1, 65536), self.rnd.randrange(1, 65536),
                self.rnd.choice([0x25, 0x53, 0x80, 1, 2,
                                 self.rnd.randrange(1, 65536)]))
            addr = str(ipaddress.ip_address(text))
            if addr not in self.v6:
                self.v6.add(addr)
                return addr

    def pair(self):
        return {"4": self.address4(), "6": self.address6()}


def fail(path, number, why):
    sys.exit("%s:%d: %s" % (path, number, why))


def read_case(path):
    case = {"case": os.path.basename(path), "silent": [], "silent-tcp": [],
            "refuse": [], "aaaa": {}, "lame": [], "glue": {}, "cert": {},
            "plain": [], "hostile": {}, "signed": None, "client": "client",
            "exit": [], "within": 30, "find": [], "bench": False,
            "mailbox": [], "nostls": False, "account": None, "send": None,
            "lost": False, "redirect": None, "fact": []}
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            key, args = words[0], words[1:]
            if key in ("silent", "silent-tcp", "refuse", "lame", "plain",
                       "mailbox"):
                case[key] += args
            elif key in ("glue", "cert", "hostile"):
                case[key][args[0]] = args[1]
            elif key == "aaaa":
                case["aaaa"].update({ns: args[0] for ns in args[1:]})
            elif key in ("signed", "bench", "nostls", "lost",
                         "redirect"):
                case[key] = args[0] == "yes"
            elif key == "client":
                case["client"] = "client4"
            elif key == "exit":
                case["exit"] = [int(a) for a in args]
            elif key in ("within", "send"):
                case[key] = int(args[0])
            elif key == "account":
                case["account"] = args[0]
            elif key == "fact":
                case["fact"].append(args)
            elif key == "find":
                if len(args) not in (4, 5):
                    fail(path, number, "find takes four or five words")
                case["find"].append(args)
            else:
                fail(path, number, "unknown word: " + key)
    return case


def draw_case(case, tld, d):
    case["domain"] = d.word(d.rnd.choice([2, 3, 4])) + "." + tld
    ns, mx = d.rnd.choice(NS_LABELS), d.rnd.choice(MX_LABELS)
    labels = dict(zip(HOSTS, ns + mx))
    case["names"] = {h: l + "." + case["domain"] for h, l in labels.items()}
    case["names"]["@"] = case["domain"]
    case["names"]["www"] = "www." + case["domain"]
    addr = {}
    for host in HOSTS:
        for family, a in d.pair().items():
            addr[host + "." + family] = a
    for which in ("4a", "4b"):
        addr["web." + which] = d.address4()
    for which in ("6a", "6b"):
        addr["web." + which] = d.address6()
    if case["mailbox"]:
        draw_mailbox(case, d)
        for family, a in d.pair().items():
            addr["box." + family] = a
    for at, how in case["glue"].items():
        old = d.address4() if at.endswith(".4") else d.address6()
        addr[at + "old"] = old
        if how == "dead":
            case["silent"].append(at + "old")
    case["addr"] = addr
    implementations = ["nsd", "bind"]
    d.rnd.shuffle(implementations)
    case["server"] = dict(zip(("ns1", "ns2"), implementations))
    if case["signed"] is None:
        case["signed"] = d.rnd.random() < 0.5
    redirect = d.rnd.random() < 0.5
    if case["redirect"] is None:
        case["redirect"] = redirect
    case["serial"] = d.rnd.randrange(1, 4000000000)
    case["title"] = d.word(4)


def draw_mailbox(case, d):
    label = d.rnd.choice(BOX_LABELS)
    case["names"]["box"] = label + "." + case["domain"]
    case["user"] = d.word(2) + "@" + case["domain"]
    case["secret"] = d.word(5).title() + "-%d" % d.rnd.randrange(100, 1000)


def endpoint(case, where):
    """The endpoint object of a finding, from the WHERE of a case file."""
    if where == "-":
        return {}
    target, _, service = where.partition("/")
    name, _, which = target.partition(".")
    e = {"name": case["names"][name]}
    if which:
        host = "web" if name in ("@", "www") else name
        e["addr"] = case["addr"][host + "." + which]
    if service:
        e["port"], e["proto"], e["tls"] = SERVICES[service]
    return e


def expected(case, tld_servers):
    finds = []
    for level, ident, where, flags, *side in case["find"]:
        finds.append({
            "id": ident, "verdict": level, "endpoint": endpoint(case, where),
            "flags": sorted(flags.split(",")) if flags != "-" else [],
            "side": side[0] if side else "domain"})
    pairs = [(h, f) for h in ("ns1", "ns2") for f in ("4", "6")]
    names, addr = case["names"], case["addr"]
    parent = [{"ns": n, "addr": a} for n, p in tld_servers.items()
              for a in p.values()]
    glue = [{"ns": names[h],
             "addr": addr.get("%s.%sold" % (h, f), addr["%s.%s" % (h, f)])}
            for h, f in pairs]
    zone = [{"ns": names[h], "addr": addr["%s.%s" % (h, f)]}
            for h, f in pairs]
    facts = [{"id": ident, "at": [endpoint(case, w) for w in
                                  where.split("|")]}
             for ident, where in case["fact"]]
    return {"find": finds, "fact": facts, "delegation": {
        "parent": parent, "delegation": glue, "zone": zone}}


def main():
    seed, folder, out = sys.argv[1], sys.argv[2], sys.argv[3]
    d = Drawer(seed)
    tld = d.word(2)
    root = d.word(2)
    servers = {n + "." + root: d.pair() for n in ("a", "b")}
    tld_servers = {n + ".nic." + tld: d.pair() for n in ("a", "b")}
    plan = {
        "seed": seed, "tld": tld, "root": servers, "tld_servers": tld_servers,
        "reverse": {n + "." + root: d.pair() for n in ("x", "y")},
        "resolver": d.pair(), "client": d.pair(), "router": d.pair(),
        "client4": {"4": d.address4()}, "noc": "noc.nic." + tld,
        "mechanisms": d.rnd.choice(MECHANISMS),
        "noc4": "noc4.nic." + tld, "prefixes": V4_PREFIXES + [V6_PREFIX],
    }
    cases = [read_case(os.path.join(folder, f))
             for f in sorted(os.listdir(folder)) if not f.startswith(".")]
    wanted = set(sys.argv[4:])
    plan["asked"] = [c["case"] for c in cases
                     if not wanted or c["case"] in wanted]
    plan["parts"] = [p for p in PARTS if not wanted or p in wanted]
    for part in plan["parts"]:
        wanted |= set(PARTS[part])
    unknown = wanted - {c["case"] for c in cases} - set(PARTS)
    if unknown:
        sys.exit("no such case: " + " ".join(sorted(unknown)))
    cases = [c for c in cases if c["case"] in wanted | set(plan["asked"])]
    d.rnd.shuffle(cases)
    for case in cases:
        draw_case(case, tld, d)
        case["expect"] = expected(case, tld_servers)
    plan["cases"] = cases
    with open(out, "w", encoding="utf-8") as f:
        json.dump(plan, f, indent=1)


main()
