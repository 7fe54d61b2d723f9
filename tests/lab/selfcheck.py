# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the faults of the lab there, and nothing else?

Asks every address of every domain with dig, curl, openssl and swaks, and
compares what they see with what the case file says. Runs in the client's
namespace: selfcheck.py PLAN CAFILE. Ends with 'N passed, N failed'.
"""
import concurrent.futures
import json
import socket
import subprocess
import sys
import time

CA = sys.argv[2]
PORTS = {"smtp": 25, "submission": 587, "smtps": 465, "pop3": 110,
         "pop3s": 995, "imap": 143, "imaps": 993}


def run(*argv, stdin=b"", limit=20):
    try:
        p = subprocess.run(argv, input=stdin, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=limit,
                           check=False)
        return p.returncode, p.stdout.decode("latin-1")
    except subprocess.TimeoutExpired:
        return -1, ""


def dig(addr, name, qtype, *how):
    code, out = run("dig", "@" + addr, name, qtype, "+norec", "+time=1",
                    "+tries=2", "+noall", "+comments", "+answer", *how)
    if code == 9 or "timed out" in out or "no servers" in out:
        return "silent"
    status = out.partition("status: ")[2].partition(",")[0]
    aa = " aa" in out.partition("flags:")[2].partition(";")[0]
    if status == "NOERROR" and aa and "\tIN\t" + qtype + "\t" in out:
        return "answer"
    return status or out


def curl(name, port, addr, url):
    host = "[%s]" % addr if ":" in addr else addr
    code, out = run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
                    "--cacert", CA, "--connect-timeout", "2", "--resolve",
                    "%s:%d:%s" % (name, port, host), url + name + "/")
    return {7: "refused", 28: "silent"}.get(code, out if code == 0 else
                                            "curl %d" % code)


def smtp(name, addr):
    host = "[%s]" % addr if ":" in addr else addr
    code, out = run("openssl", "s_client", "-starttls", "smtp", "-connect",
                    host + ":25", "-name", "client.invalid", "-CAfile", CA,
                    "-verify_hostname", name, "-brief", stdin=b"QUIT\r\n")
    if "Connection refused" in out:
        return "refused"
    if "Didn't find STARTTLS" in out:
        return "plain"
    if "certificate has expired" in out:
        return "expired"
    return "good" if "Verification: OK" in out else out


def swaks(name, addr):
    """The same port by another hand: is STARTTLS offered?"""
    code, out = run("swaks", "--server", addr, "--quit-after", "EHLO",
                    "--ehlo", "client.invalid", "--timeout", "5s",
                    *(["-6"] if ":" in addr else ["-4"]))
    if code == 0:
        return "STARTTLS" if "STARTTLS" in out else "plain"
    return "refused" if "refused" in out else out


def verified(name, addr, port, starttls):
    """The certificate of a mailbox service."""
    host = "[%s]" % addr if ":" in addr else addr
    _, out = run("openssl", "s_client", "-connect", "%s:%d" % (host, port),
                 "-CAfile", CA, "-brief", "-verify_hostname", name,
                 *(["-starttls", starttls] if starttls else []),
                 stdin=b"QUIT\r\n")
    if "self-signed certificate" in out:
        return "self-signed"
    return "good" if "Verification: OK" in out else out


def capa(addr):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(5)
        s.connect((addr, 110))
        s.sendall(b"CAPA\r\nQUIT\r\n")
        with s.makefile("rb") as f:
            text = f.read().decode("latin-1")
    if "\nUSER\r" not in text:
        return text
    return "STLS" if "\nSTLS\r" in text else "plain"


def banner(addr, port):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.settimeout(5)
            return "open" if s.connect_ex((addr, port)) == 0 else "refused"
    except OSError as e:
        return str(e)


def reader(case, secret, service, addr, what=None):
    """curl as the mail program: the mails' subjects, or what it is told."""
    host, port = case["names"]["box"], PORTS[service]
    at = "[%s]" % addr if ":" in addr else addr
    code, out = run(
        "curl", "-sS", "--cacert", CA, "--connect-timeout", "5",
        "--resolve", "%s:%d:%s" % (host, port, at), "--user",
        "%s:%s" % (case["user"], secret),
        *([] if service[-1] == "s" else ["--ssl-reqd"]),
        "%s://%s:%d/%s" % (service, host, port, what or ""))
    return "refused" if code == 67 else out if code == 0 else (
        "curl %d %s" % (code, out))


def logs_in(case, secret, service, addr):
    if service in ("submission", "smtps"):
        return send(case, secret, service, addr, "", True)
    got = reader(case, secret, service, addr)
    return got if got == "refused" or got.startswith("curl") else "good"


def send(case, secret, service, addr, subject, quit_early=False):
    code, out = run(
        "swaks", "--server", addr, "--port", str(PORTS[service]),
        "-6" if ":" in addr else "-4", "--timeout", "10s",
        "--ehlo", "client.invalid", "--from", case["user"],
        "--to", case["user"], "--header", "Subject: " + subject,
        *(["--quit-after", "AUTH"] if quit_early else []),
        *([] if service == "smtp" else
          ["--auth-user", case["user"], "--auth-password", secret]),
        *{"smtp": [], "submission": ["--tls"], "smtps":
          ["--tls-on-connect"]}[service])
    return "good" if code == 0 else "refused" if code == 28 else (
        "swaks %d %s" % (code, out))


def subjects(case, secret, service, addr):
    """Of every mail in the box, as this reader sees them."""
    imap = service.startswith("imap")
    listed = reader(case, secret, service, addr, "INBOX?ALL" if imap else "")
    if listed.startswith("curl"):
        return {listed}
    numbers = (listed.split()[2:] if imap else
               [l.split()[0] for l in listed.splitlines() if l.strip()])
    out = set()
    for n in numbers:
        text = reader(case, secret, service, addr, "INBOX;MAILINDEX=%s" % n
                      if imap else n)
        out |= {l[9:].strip() for l in text.splitlines()
                if l.startswith("Subject: ")}
    return out


def round_trip(case, secret):
    """Mails by every way and address; who of the readers sees which?"""
    ways = {"%s-%s" % (s, f): (s, case["addr"][("mx1." if s == "smtp" else
                                                "box.") + f])
            for s in ("smtp", "submission", "smtps") for f in ("4", "6")}
    for subject, (service, addr) in ways.items():
        if send(case, secret, service, addr, subject) != "good":
            return "%s is not taken" % subject
    want = {s for s in ways if not (case["lost"] and s[:5] == "smtp-")}
    want.add("Not a test")
    seen, deadline = {}, time.monotonic() + 10
    while time.monotonic() < deadline:
        seen = {(s, f): subjects(case, secret, s, case["addr"]["box." + f])
                for s in set(case["mailbox"]) - {"submission", "smtps"}
                for f in ("4", "6")}
        if all(got >= want for got in seen.values()):
            break
        time.sleep(0.3)
    bad = {k: got ^ want for k, got in seen.items() if got != want}
    return "as sent" if seen and not bad else str(bad)


def box_checks(case):
    c, name, secret = case["case"], case["names"]["box"], case["secret"]
    for service, port in PORTS.items():
        for f in ("4", "6"):
            if service == "smtp":
                continue
            addr, at = case["addr"]["box." + f], "box.%s/%s" % (f, service)
            if service not in case["mailbox"]:
                yield c, at, "refused", banner, (addr, port)
                continue
            starttls = {"submission": "smtp", "pop3": "pop3",
                        "imap": "imap"}.get(service)
            cert = case["cert"].get("box", "good")
            if case["nostls"] and service == "pop3":
                yield c, at, "plain", capa, (addr,)
                continue
            yield c, at, cert, verified, (name, addr, port, starttls)
            if cert != "good":
                continue
            yield c, at, "good", logs_in, (case, secret, service, addr)
            yield c, at, "refused", logs_in, (case, secret + "-no", service,
                                              addr)
    if case["send"]:
        yield c, "box", "as sent", round_trip, (case, secret)


def speaks(addr, service):
    """Does a scripted peer say anything at all?"""
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    port = {"dns": 53, "web": 80, "mail": 25}[service]
    try:
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.settimeout(5)
            s.connect((addr, port))
            if service == "web":
                s.sendall(b"GET / HTTP/1.1\r\n\r\n")
            if service == "dns":
                s.sendall(b"\0\x15\1\2\0\0\0\1\0\0\0\0\0\0" +
                          b"\3a.b\0\0\1\0\1")
            return "speaks" if s.recv(1) else "closed"
    except OSError as e:
        return str(e)


def glue(server, domain):
    _, out = run("dig", "@" + server, domain, "NS", "+norec", "+noall",
                 "+additional", "+authority")
    seen = set()
    for line in out.splitlines():
        words = line.split()
        if len(words) == 5 and words[3] in ("A", "AAAA"):
            seen.add((words[0].rstrip("."), words[4]))
    return seen


def plan_checks(plan):
    """(case, what, wanted, function, arguments)"""
    parents = [a for p in plan["tld_servers"].values() for a in p.values()]
    for case in plan["cases"]:
        if case["case"] not in plan["asked"]:
            continue
        c, names = case["case"], case["names"]
        if case["mailbox"]:
            yield from box_checks(case)
        for parent in parents:
            want = {(p["ns"], p["addr"])
                    for p in case["expect"]["delegation"]["delegation"]}
            yield c, "referral @" + parent, want, glue, (parent,
                                                         case["domain"])
        for at, addr in case["addr"].items():
            host, _, which = at.partition(".")
            if host == "box":
                continue
            if at in case["hostile"]:
                kind = {"n": "dns", "w": "web", "m": "mail"}[host[0]]
                yield c, at, "speaks", speaks, (addr, kind)
            elif host.startswith("ns"):
                yield from dns_checks(case, at, host, addr)
            elif host == "web":
                for name in (names["@"], names["www"]):
                    want = ("silent" if at in case["silent"] else
                            "refused" if at in case["refuse"] else None)
                    http = want or ("301" if case["redirect"] else "200")
                    yield c, at, http, curl, (name, 80, addr, "http://")
                    yield c, at, want or "200", curl, (name, 443, addr,
                                                       "https://")
            else:
                want = ("refused" if at in case["refuse"] else
                        "plain" if at in case["plain"] else None)
                yield (c, at, want or case["cert"].get(host, "good"), smtp,
                       (names[host], addr))
                yield c, at, want or "STARTTLS", swaks, (names[host], addr)


def dns_checks(case, at, host, addr):
    www = case["names"]["www"]
    want = ("silent" if at in case["silent"] else
            "REFUSED" if host in case["lame"] else "answer")
    aaaa = {"drop": "silent", "nxdomain": "NXDOMAIN"}.get(
        case["aaaa"].get(host), want)
    tcp = "silent" if at in case["silent-tcp"] else want
    yield case["case"], at, want, dig, (addr, www, "A")
    yield case["case"], at, aaaa, dig, (addr, www, "AAAA")
    yield case["case"], at, tcp, dig, (addr, www, "A", "+tcp")
    yield case["case"], at, want, dig, (addr, case["domain"], "SOA")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        plan = json.load(f)
    checks = list(plan_checks(plan))
    bad = {}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        seen = pool.map(lambda c: c[3](*c[4]), checks)
        for (case, what, want, how, args), got in zip(checks, seen):
            bad.setdefault(case, 0)
            if got != want:
                bad[case] += 1
                print("%s: %s %s %s: wanted %s, got %s" % (
                    case, what, how.__name__, " ".join(map(str, args)), want,
                    str(got)[-300:]))
    for case in sorted(bad):
        print("%s selfcheck %s" % ("FAIL" if bad[case] else "ok", case))
    failed = sum(1 for n in bad.values() if n)
    print("lab: %d observations" % len(checks))
    print("%d passed, %d failed" % (len(bad) - failed, failed))
    sys.exit(failed > 0)


main()
