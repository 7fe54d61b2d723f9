# SPDX-License-Identifier: GPL-3.0-or-later
"""Each dig line of the table of pasted forms, given to dig and to tadoru.

Used as: digs.py PLAN TABLE HINTS, in the client's namespace, with TADORU in the
environment. TABLE is tests/unit/test_paste.c: its lines are asked of the
lab's sound domain, names and addresses put in their places. What came back is
compared: rcode, flags, the question, records of each section sorted. Ends
with 'N passed, N failed'.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata

SECTIONS = ("ANSWER", "AUTHORITY", "ADDITIONAL")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
                           "\u30fc\uff0d"), "-")
QUOTES = {0x201c: '"', 0x201d: '"', 0x2018: "'", 0x2019: "'",
          0x200b: None, 0x3002: "."}


def literals(text):
    """Adjacent C string literals as one string."""
    out = b""
    for part in re.findall(r'"((?:\\.|[^"\\])*)"', text):
        out += part.encode("latin-1").decode("unicode_escape").encode(
            "latin-1")
    return out.decode("utf-8")


def forms(path):
    """Lines of the table that mean a question and are dig's own."""
    with open(path, encoding="ascii") as f:
        table = re.sub(r"/\*.*?\*/", "", f.read().partition(
            "struct form forms[]")[2].partition("\n};")[0])
    text = r'((?:"(?:\\.|[^"\\])*"\s*)+)'
    for line, want in re.findall(r"\{\s*%s,\s*%s\}" % (text, text), table):
        line, want = literals(line), literals(want)
        if want.startswith("dig ") and re.search(
                r"(^|\W)dig\s", repaired(line), re.I):
            yield line


def repaired(line):
    """What a shell would have been given, had the line not been pasted."""
    line = unicodedata.normalize("NFKC", line.translate(DASHES)
                                 ).translate(QUOTES)
    line = re.sub(r"^.*?(?=\bdig\b)", "", line, flags=re.I)
    return re.sub(r"@\s*\[?([^\s\]]+)\]?", r"@\1", line)


def placed(plan, case, line):
    """The same form about the lab: every name and address there is one."""
    n, a = case["names"], case["addr"]
    root = next(iter(plan["root"].values()))
    wide = str.maketrans({"\u3002": ".", "\uff0e": "."})
    line = line.translate(wide)
    for old, new in (
            ("ns1.example.jp", n["ns1"]), ("example.jp", case["domain"]),
            ("@ 2001:db8::53", "@ " + a["ns1.6"]),
            ("2001:db8::53", a["ns1.6"]), ("192.0.2.53", a["ns1.4"]),
            ("198.41.0.4", root["4"]), ("-p 5353", "-p 53")):
        line = line.replace(old, new)
    if " -6" in line and "@" not in line:
        line += " @" + a["ns1.6"]
    line = re.sub(r"192\.0\.2\.1(?!\d)", a["mx1.4"], line) \
        if a["ns1.4"] != "192.0.2.1" else line
    return line.replace("2001:db8::1 ", a["mx1.6"] + " ") if (
        "2001:db8::1 " in line) else re.sub(r"2001:db8::1$", a["mx1.6"], line)


def record(line):
    """owner, ttl, type, data: in one form for both programs."""
    owner, ttl, _, rtype, data = line.split(None, 4)
    if rtype in ("DNSKEY", "RRSIG", "DS", "NSEC3"):
        words = data.partition(";")[0].replace("(", " ").replace(
            ")", " ").split()
        data = " ".join(words[:3]) + " " + "".join(words[3:])
    if rtype == "DS":
        data = data.upper()
    return owner.lower(), int(ttl), rtype, data


def joined(text):
    """Records over several lines in parentheses as one line each."""
    depth, out = 0, ""
    for line in text.splitlines():
        if not line.startswith(";"):
            line = line.partition(" ;")[0]
        out += (" " if depth else "\n") + line
        if not line.startswith(";"):
            depth += line.count("(") - line.count(")")
    return out.splitlines()


def messages(text):
    """Every message of the output: {rcode, flags, question, sections}."""
    out, now = [], None
    loose = []
    for line in joined(text):
        m = re.match(r";; ->>HEADER<<-.*status: (\w+)", line)
        if m:
            out.append({"rcode": m.group(1)})
            now = None
        m = re.match(r";; flags: ([a-z ]*);", line)
        if m:
            out[-1]["flags"] = sorted(m.group(1).split())
        m = re.match(r";; (\w+) SECTION:", line)
        if m:
            now = m.group(1)
        elif line.startswith(";") and not line.startswith(";;"):
            if now == "QUESTION":
                out[-1]["question"] = line[1:].split()
        elif not line.strip():
            now = None
        elif not line.startswith(";"):
            if now in SECTIONS:
                out[-1].setdefault(now, []).append(record(line))
            elif not line.startswith("put right ("):
                loose.append(line)
    return out, loose


def near(a, b):
    """The same records; a cache's TTL may have gone down in between."""
    a, b = sorted(a), sorted(b)
    plain = [[r[:1] + r[2:] for r in x] for x in (a, b)]
    return sorted(plain[0]) == sorted(plain[1]) and all(
        abs(x - y) <= 20 for x, y in zip(sorted(r[1] for r in a),
                                         sorted(r[1] for r in b)))


def differ(line, dig, tadoru):
    """Why the two are not the same, or None."""
    d, loose_d = messages(dig)
    t, loose_t = messages(tadoru)
    if "+trace" in line:
        last = sorted(r for r in map(record, filter(
            lambda l: "\tAAAA\t" in l, loose_d)))
        return None if last and near(last, t[-1].get("ANSWER", []) if t else ()) else (
            "end of the trace: %s / %s" % (last, t[-1:]))
    if not d and not loose_d:
        return "dig says nothing: " + dig[-200:]
    if len(d) != len(t):
        return "%d messages, tadoru has %d: %s" % (len(d), len(t),
                                                   tadoru[-300:])
    for one, other in zip(d, t):
        for part in ("rcode", "flags", "question"):
            if one.get(part) != other.get(part):
                return "%s: dig %s, tadoru %s" % (part, one.get(part),
                                                  other.get(part))
        for part in SECTIONS:
            if not near(one.get(part, []), other.get(part, [])):
                return "%s: dig %s, tadoru %s" % (
                    part, one.get(part), other.get(part))
    if d:
        return None
    if loose_d and len(loose_d[0].split()) > 4 and "+short" not in line:
        same = near([record(l) for l in loose_d],
                    [record(l) for l in loose_t])
    else:
        same = sorted(loose_d) == sorted(loose_t)
    return None if same else "dig %s, tadoru %s" % (loose_d, loose_t)


def run(argv, stdin=""):
    env = dict(os.environ, LC_ALL="C.UTF-8", HOME="/nonexistent")
    return subprocess.run(argv, input=stdin.encode(), check=False, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=60).stdout.decode("utf-8")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        plan = json.load(f)
    case = [c for c in plan["cases"] if c["case"] == "sound"][0]
    passed, bad = 0, []
    for form in forms(sys.argv[2]):
        line = placed(plan, case, form)
        pasted = repaired(line).strip()
        for say in (":dig" + pasted[3:], line):
            argv = shlex.split(repaired(line), comments=True)[1:]
            dig = run(["dig"] + argv)
            ours = run([os.environ["TADORU"], "repl", "--no-record",
                        "--hints", sys.argv[3]], say + "\n")
            why = differ(line, dig, ours)
            if why:
                bad.append(form)
                print("    %s\n      %s" % (say, why))
                break
        passed += form not in bad
    print("%s lab dig-forms (%d forms, each asked of both)" % (
        "FAIL" if bad or passed < 40 else "ok", passed + len(bad)))
    failed = bool(bad or passed < 40)
    print("%d passed, %d failed" % (not failed, failed))
    sys.exit(failed)


main()
