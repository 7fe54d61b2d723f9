# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tadoru on every domain of the lab and judge what it says.

Used as: cases.py LAB calm|hostile, with TADORU in the environment; calm are
the cases whose servers behave. For each case: the exit
status, the exact set of (id, endpoint, flags) worse than notice in the 'end'
event, the delegation object, the time. Where it has an account: the facts, that
nothing but our own mails is gone, and that the password is nowhere. Where peers are hostile: the bytes of
report and JSON, the memory, and that nothing cut off is called ok. Ends with
'N passed, N failed'.
"""
import base64
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

LAB = sys.argv[1]
MEMORY_KB = int(os.environ.get("LAB_MEMORY", "51200"))
ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c"
                     "\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")


def options(plan):
    out = ["--hints", LAB + "/hints", "--trust-anchor", LAB + "/anchor",
           "--ca-file", LAB + "/ca.pem", "--resolver", plan["resolver"]["4"]]
    for prefix in plan["prefixes"]:
        out += ["--global-prefix", prefix]
    return out


def account(case):
    if not case["account"]:
        return []
    send = case["send"]
    return ["--mailbox", case["user"],
            "--password-file", LAB + "/secret/" + case["case"],
            *(["--send-mail", "--wait", str(send)] if send else [])]


class Run:
    """One run of tadoru, to its end or to the limit."""

    def __init__(self, plan, case, form, limit):
        base = "%s/out/%s.%s" % (LAB, case["case"], form)
        argv = ["ip", "netns", "exec", case["client"], os.environ["TADORU"],
                "check", *(["--json"] if form == "json" else []),
                *options(plan), *account(case), case["domain"]]
        env = dict(os.environ, HOME=LAB + "/home", LC_ALL="C.UTF-8",
                   XDG_CONFIG_HOME=LAB + "/home", XDG_STATE_HOME=LAB + "/home",
                   XDG_DATA_HOME=LAB + "/home")
        begin, self.rss = time.monotonic(), 0
        with open(base, "wb") as out, open(base + ".err", "wb") as err:
            p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=err, env=env)
            self.status = None
            while self.status is None:
                self.watch(p, begin + limit)
                time.sleep(0.02)
        self.seconds = time.monotonic() - begin
        with open(base, "rb") as f:
            self.bytes = f.read()
        with open(base + ".err", "rb") as f:
            self.err = f.read()

    def watch(self, p, deadline):
        """Note the peak memory of the program itself, not of its parents."""
        try:
            with open("/proc/%d/status" % p.pid, encoding="utf-8") as f:
                m = re.search(r"VmHWM:\s*(\d+)", f.read())
            self.rss = max(self.rss, int(m.group(1)) if m else 0)
        except OSError:
            pass
        self.status = p.poll()
        if self.status is None and time.monotonic() > deadline:
            p.kill()


def bad_bytes(data):
    """What a terminal should never be sent."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        return "invalid UTF-8 at byte %d" % e.start
    m = ESCAPED.search(text)
    if m:
        return "unescaped U+%04X at character %d" % (ord(m.group()),
                                                     m.start())
    return None


def key(finding):
    return json.dumps({"id": finding["id"], "side": finding["side"],
                       "verdict": finding["verdict"],
                       "flags": sorted(finding["flags"]),
                       "endpoint": finding["endpoint"]}, sort_keys=True)


def readable(case, text):
    where = {a: at for at, a in case["addr"].items()}
    for addr in sorted(where, key=len, reverse=True):
        text = text.replace('"%s"' % addr, '"%s [%s]"' % (addr, where[addr]))
    return text


def difference(case, what, want, got):
    for k in sorted(want - got):
        yield "%s missing: %s" % (what, readable(case, k))
    for k in sorted(got - want):
        yield "%s not expected: %s" % (what, readable(case, k))


def judge_end(case, end):
    expect = case["expect"]
    got = {key(f) for f in end["findings"] if f["verdict"] != "notice"}
    want = {key(f) for f in expect["find"]}
    yield from difference(case, "finding", want, got)
    for part in ("parent", "delegation", "zone"):
        rows = [json.dumps(r, sort_keys=True)
                for r in end["delegation"].get(part, [])]
        if len(rows) != len(set(rows)):
            yield "delegation.%s has duplicates" % part
        want = {json.dumps(r, sort_keys=True)
                for r in expect["delegation"][part]}
        yield from difference(case, "delegation." + part, want, set(rows))


def judge_facts(case, end):
    ids = {f["id"] for f in case["expect"]["fact"]}
    left = [f["endpoint"] for f in end["facts"] if f["id"] in ids]
    for fact in case["expect"]["fact"]:
        hit = [e for e in left if e in fact["at"]]
        if hit:
            left.remove(hit[0])
        else:
            yield "fact missing: " + readable(case, json.dumps(fact))
    for e in left:
        yield "fact not expected: " + readable(case, json.dumps(e))


def judge_readers(case, events):
    """Each mail that arrived was seen at every address of every reader."""
    seen, deleted = {}, set()
    for e in events:
        if e["ev"] == "fact" and e["key"] in ("found", "deleted"):
            _, proto, _, addr, _ = e["probe"].split("/")[:5]
            if e["key"] == "deleted":
                deleted.add(e["value"]["token"])
            else:
                seen.setdefault((proto, addr), set()).add(
                    e["value"]["token"])
    arrived = len([f for f in case["fact"] if f[0] == "delivered"])
    for service in set(case["mailbox"]) - {"submission", "smtps"}:
        for f in ("4", "6"):
            n = len(seen.get((service, case["addr"]["box." + f]), ()))
            if n != arrived:
                yield "%s at box.%s has seen %d of %d mails" % (
                    service, f, n, arrived)
    if len(deleted) != arrived:
        yield "%d of %d mails deleted" % (len(deleted), arrived)


def box(case):
    """{kept file name: content} of the account's mailbox."""
    mails = {}
    for part in ("new", "cur"):
        folder = "%s/vmail/%s/%s" % (LAB, case["user"], part)
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                mails[name] = f.read()
    return mails


def judge_box(case, before):
    now = {n.partition(":")[0]: t for n, t in box(case).items()}
    if now != before:
        yield "the mailbox held %s, now %s" % (sorted(before), sorted(now))
    for name in box(case):
        if name.partition(":2,")[2]:
            yield "a mail that is not ours has new flags: " + name


def judge_secret(case, folders):
    """The password in no file, neither as it is nor in base64."""
    with open(LAB + "/secret/" + case["case"], encoding="utf-8") as f:
        secret = f.read().strip()
    plain = "\0%s\0%s" % (case["user"], secret)
    forms = [secret.encode(), base64.b64encode(secret.encode()),
             base64.b64encode(plain.encode())]
    seen = 0
    for folder in folders:
        for here, _, files in os.walk(folder):
            for name in files:
                with open(os.path.join(here, name), "rb") as f:
                    data = f.read()
                seen += case["domain"].encode() in data
                if any(form in data for form in forms):
                    yield "the password is in " + os.path.join(here, name)
    if not seen:
        yield "nothing was written about this domain"


def judge_hostile(case, end):
    cut = {case["addr"][at]: kind for at, kind in case["hostile"].items()
           if kind != "escapes"}
    for cell in end["matrix"]:
        addr = cell["endpoint"].get("addr")
        if addr in cut and cell["verdict"] == "ok":
            yield "%s peer at %s is called ok" % (cut[addr], addr)


def judge_json(case, run):
    events = []
    for number, line in enumerate(run.bytes.splitlines(), 1):
        try:
            events.append(json.loads(line))
        except ValueError:
            yield "line %d is not JSON: %r" % (number, line[:80])
            return
    ends = [e for e in events if e.get("ev") == "end"]
    if len(ends) != 1 or events[-1] is not ends[0]:
        yield "%d end events of %d" % (len(ends), len(events))
        return
    end = ends[0]
    status = {"ok": 0, "notice": 0, "warning": 1, "error": 2,
              "unknown": 3}.get(end["verdict"])
    if status != run.status:
        yield "verdict %s, exit status %d" % (end["verdict"], run.status)
    if case["hostile"]:
        yield from judge_hostile(case, end)
    else:
        yield from judge_end(case, end)
        yield from judge_facts(case, end)
        if case["send"]:
            yield from judge_readers(case, events)


def judge_run(case, run):
    if run.status not in case["exit"]:
        yield "exit status %d, expected %s" % (run.status, case["exit"])
    if run.seconds > case["within"]:
        yield "took %.1f s of %d" % (run.seconds, case["within"])
    why = bad_bytes(run.bytes) or bad_bytes(run.err)
    if why:
        yield why
    if case["hostile"] and run.rss > MEMORY_KB:
        yield "took %d kB of memory" % run.rss


def check(plan, case):
    limit = case["within"] + 15
    before = box(case) if case["account"] else {}
    run = Run(plan, case, "json", limit)
    try:
        faults = list(judge_run(case, run)) + list(judge_json(case, run))
    except (KeyError, TypeError, AttributeError) as e:
        faults = ["end event: %s %s" % (type(e).__name__, e)]
    if case["hostile"]:
        report = Run(plan, case, "text", limit)
        faults += ["report: " + f for f in judge_run(case, report)]
    if case["account"]:
        faults += judge_box(case, before)
        faults += judge_secret(case, [LAB + "/out", LAB + "/home"])
    if faults and run.err:
        faults.append("stderr: %r" % run.err[-300:])
    return run, faults


def main():
    with open(LAB + "/plan.json", encoding="utf-8") as f:
        plan = json.load(f)
    passed = failed = 0
    cases = [c for c in plan["cases"] if c["case"] in plan["asked"] and
             bool(c["hostile"]) == (sys.argv[2] == "hostile")]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case, (run, faults) in zip(cases, pool.map(
                lambda c: check(plan, c), cases)):
            print("%s lab %s (%s, %.1f s, %d kB)" % (
                "FAIL" if faults else "ok", case["case"], case["domain"],
                run.seconds, run.rss))
            for fault in faults:
                print("    " + fault)
            sys.stdout.flush()
            failed += bool(faults)
            passed += not faults
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


main()
