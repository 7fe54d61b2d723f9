# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide and the REPL on a real terminal (tmux), on domains of the lab.

Used as: tmux.py LAB HELP guide|by-hand, in the client's namespace, with
TADORU in the environment; HELP is the folder of the texts. Keys are typed when
the screen shows what they are for: it is looked at until it does, never waited
for by the clock. Ends with 'N passed, N failed'.
"""
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import time

LAB, HELP, WHAT = sys.argv[1:4]
LIMIT = 60      # s: a state that has not shown by then never will


class Wrong(Exception):
    pass


def texts(lang):
    """The strings of one language."""
    out = {}
    with open("%s/%s/strings.txt" % (HELP, lang), encoding="utf-8") as f:
        for line in f:
            key, sep, text = line.rstrip("\n").partition(" = ")
            if sep:
                out[key] = text
    return out


class Terminal:
    """One tmux server with one window, in which a shell runs."""

    def __init__(self, name, width, height):
        self.socket = "%s/tmux-%s" % (LAB, name)
        self.folder = "%s/home-%s" % (LAB, name)
        os.makedirs(self.folder, exist_ok=True)
        env = {"PATH": os.environ["PATH"], "HOME": self.folder,
               "LC_ALL": "C.UTF-8", "TERM": "screen-256color", "PS1": "$ ",
               "TADORU": os.environ["TADORU"]}
        subprocess.run(
            ["tmux", "-u", "-S", self.socket, "-f", "/dev/null",
             "new-session", "-d", "-x", str(width), "-y", str(height),
             "cd %s && exec sh" % self.folder], env=env, check=True)
        self.until(r"^[$#] $", "a shell's prompt")

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, *words], check=True,
                              stdout=subprocess.PIPE).stdout.decode("utf-8")

    def screen(self):
        return self.tmux("capture-pane", "-p", "-N")

    def all(self):
        """The screen and what has left it above."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-")

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text, enter=True):
        if text:
            self.tmux("send-keys", "-l", "--", text)
        if enter:
            self.keys("Enter")

    def until(self, what, why, all_of_it=False):
        """Look until a pattern shows (or a function says so)."""
        end = time.monotonic() + LIMIT
        while True:
            text = self.all() if all_of_it else self.screen()
            hit = what(text) if callable(what) else re.search(
                what, text, re.M)
            if hit:
                return text
            if time.monotonic() > end:
                raise Wrong("%s does not show:\n%s" % (why, text.rstrip()))
            time.sleep(0.05)

    def must(self, condition, why):
        if not condition:
            raise Wrong("%s:\n%s" % (why, self.screen().rstrip()))

    def modes(self):
        return self.tmux("display-message", "-p", "alternate #{alternate_on} "
                         "cursor #{cursor_flag} keypad #{keypad_flag} "
                         "cursor keys #{keypad_cursor_flag} "
                         "mouse #{mouse_any_flag} wrap #{wrap_flag}").strip()

    def end(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"],
                       check=False, stderr=subprocess.DEVNULL)


def plan_of(lab):
    with open(lab + "/plan.json", encoding="utf-8") as f:
        return json.load(f)


PLAN = plan_of(LAB)


def the_case(name):
    return [c for c in PLAN["cases"] if c["case"] == name][0]


def options():
    out = ["--hints", LAB + "/hints", "--ca-file", LAB + "/ca.pem",
           "--resolver", PLAN["resolver"]["4"]]
    for prefix in PLAN["prefixes"]:
        out += ["--global-prefix", prefix]
    return out


def script(t, name, *words):
    """tadoru between two looks at the terminal's settings, as one word."""
    with open(os.path.join(t.folder, name), "w", encoding="utf-8") as f:
        f.write('stty -a >before\nclear\n"$TADORU" %s\necho "status $?"\n'
                "stty -a >after\n" % " ".join("'%s'" % w for w in words))
    before = t.modes()
    t.type("sh ./" + name)
    return before


def given_back(t, before):
    """The terminal is as it was, by stty and by tmux."""
    def settings(which):
        try:
            with open(os.path.join(t.folder, which), encoding="utf-8") as f:
                return f.read()
        except OSError:
            return ""
    t.until(lambda _: settings("after"), "the end of the script")
    t.must(settings("before") == settings("after"), "stty differs")
    t.must(t.modes() == before, "modes were %s, are %s" % (before, t.modes()))


def finished(text):
    """All that was begun has ended: 96/96 in the first line, and no sign of
    something running (an address cut in its middle has the same dots)."""
    m = re.search(r" (\d+)/(\d+)", text.splitlines()[0])
    running = re.search(r"^\S *\u2026 |v[46] \u2026", text, re.M)
    return m and m.group(1) == m.group(2) and not running


def answer(t, want):
    """The second line: for each service the signs of both families."""
    for key, v4, v6 in want:
        t.until(lambda x: "%s v4 %s v6 %s" % (key, v4, v6) in " ".join(
            x.splitlines()[1:3]), "answer line: %s" % key)


STEPS = ("here delegation servers zone resolver addresses web mail-in mailbox "
         "mail-out path summary").split()
GOOD, BAD = "\u2714", "\u2718"


def found(t, word, why):
    """Search for it, from the top: it may be below what the screen holds."""
    t.keys("g")
    t.type("/" + word)
    t.until(lambda x: word in "\n".join(x.splitlines()[3:-1]), why)


def see_views(t, s, case):
    """Each view by its key: its name and what it has to say of this domain."""
    n, a = case["names"], case["addr"]
    views = (("m", s["tui.matrix"], [n["ns1"]]),
             ("d", s["tui.map"], ["nic." + PLAN["tld"]]),
             ("c", s["tui.clients"], ["smtp "]),
             ("t", s["tui.tls"], []), ("x", s["tui.hex"], []),
             ("H", s["tui.sides"], []), ("?", s["tui.help"], ["Enter"]))
    for key, title, also in views:
        t.keys(key)
        t.until(r"^\S* ?" + re.escape(title) + " ", "view " + key)
        for word in also:
            found(t, word, "in view %s: %s" % (key, word))
        t.keys("Escape")
        t.until(r"^\S* ?" + re.escape(s["tui.steps"]) + " ", "the steps")
    t.keys("m")
    t.until(r"^\S* ?" + re.escape(s["tui.matrix"]) + " ", "the matrix")
    found(t, a["mx1.6"], "an address found")
    t.keys("Enter")
    t.until(r"EHLO ", "the dialogue of that address")
    t.keys("Escape")


def guide(case_name, lang, width, height):
    case, s = the_case(case_name), texts(lang)
    t = Terminal("%s-%s-%d" % (case_name, lang, width), width, height)
    try:
        before = script(t, "run", *options(), "--lang", lang, case["domain"])
        t.until("^ tadoru +" + re.escape(case["domain"]) + " ",
                "the first picture")
        t.until(finished, "the end of the diagnosis")
        sick = case_name == "glue-aaaa-dead"
        box = case_name == "mailbox"
        answer(t, [("DNS", GOOD, BAD if sick else GOOD),
                   (s["service.web"], GOOD, GOOD),
                   (s["service.mail-in"], GOOD, GOOD)] + (
                       [(s["service.mailbox"], GOOD, GOOD)] if box else []))
        for key, steps in (("g", range(1, 4)), ("G", range(11, 13))):
            t.keys(key)
            for n in steps:
                t.until(r"^\S \S +%d %s" % (n, re.escape(
                    s["step-name." + STEPS[n - 1]][:8])), "step %d" % n)
        if sick:
            t.keys("n")
            t.until(re.escape("1/1"), "the only problem")
            t.until("dns-timeout", "the finding's name")
            t.until(re.escape(case["addr"]["ns1.6"][:20]), "its address")
        else:
            t.must(BAD not in t.screen(), "an error on a sound domain")
        see_views(t, s, case)
        t.tmux("resize-window", "-x", "50", "-y", "12")
        t.until(re.escape(s["tui.too-small"]), "that it is too small")
        t.tmux("resize-window", "-x", str(width), "-y", str(height))
        t.until("^ tadoru +" + re.escape(case["domain"]) + " ", "the guide")
        other = {"en": "ja", "ja": "en"}[lang]
        t.keys("L")
        t.until(re.escape(texts(other)["tui.meaning"]), "the other language")
        t.keys("L")
        t.until(re.escape(s["tui.meaning"]), "the first language")
        t.keys("Q")
        t.until("^status %d$" % (2 if sick else 0), "the status")
        given_back(t, before)
    finally:
        t.end()


def repl(name, url, steps, *more):
    """Lines typed one after the other, each when the last was answered."""
    t = Terminal(name, 80, 24)
    try:
        before = script(t, "run", "repl", *options(), url)
        t.until(r"^\S*.*> *$", "a prompt")
        for line, want in steps:
            t.type(line)
            if want:
                t.until(want, want, True)
        text = t.all()
        t.keys("C-d")
        t.until(r"^status \d+$", "its end")
        given_back(t, before)
        for secret in more:
            t.must(secret not in text, "the password is on the screen")
            for here, _, files in os.walk(t.folder):
                for f in files:
                    with open(os.path.join(here, f), "rb") as data:
                        t.must(secret.encode() not in data.read(),
                               "the password is in " + f)
        return text
    finally:
        t.end()


def typed_smtp():
    case = the_case("mailbox")
    word = "token" + case["secret"][-3:] + case["title"]
    repl("smtp", "smtp://[%s]/" % case["addr"]["mx1.6"], [
        ("", r"^<- +220 "),
        ("HELO noc.example.net", r"^<- +250 "),
        ("MAIL FROM:<taro@example.net>", r"^<- +250 2\.1\.0 "),
        ("RCPT TO:<postmaster@%s>" % case["domain"], r"^<- +250 2\.1\.5 "),
        ("DATA", r"^<- +354 "),
        ("Subject: " + word, ""), ("", ""), ("Typed by hand.", ""),
        (".", r"^<- +250 2\.0\.0 Ok: queued as "),
        ("QUIT", r"^<- +221 ")][1:])
    end = time.monotonic() + LIMIT
    # A login of another case moves what is new from new to cur.
    anywhere = "%s/vmail/%s/*/*" % (LAB, glob.escape(case["user"]))
    while time.monotonic() < end:
        for path in glob.glob(anywhere):
            try:
                with open(path, encoding="utf-8") as f:
                    mail = f.read()
            except FileNotFoundError:
                continue
            if word in mail and "Typed by hand." in mail:
                os.unlink(path)
                return
        time.sleep(0.05)
    raise Wrong("the mail typed by hand does not come")


def typed_pop3():
    case = the_case("pop3-no-stls")
    repl("pop3", "pop3://[%s]/" % case["addr"]["box.6"], [
        ("USER " + case["user"], r"^<- +\+OK\s*$"),
        ("PASS " + case["secret"], r"^<- +\+OK Logged in"),
        ("STAT", r"^<- +\+OK 1 \d+"),
        ("QUIT", r"^<- +\+OK Logging out")], case["secret"])


def typed_pop3_tls():
    case = the_case("mailbox")
    repl("pop3-tls", "pop3://[%s]/" % case["addr"]["box.6"], [
        (":starttls", r"^=== TLSv1"),
        ("USER " + case["user"], r"^<~ +\+OK\s*$"),
        ("PASS " + case["secret"], r"^<~ +\+OK Logged in"),
        ("STAT", r"^<~ +\+OK \d+ \d+"),
        ("QUIT", r"^<~ +\+OK Logging out")], case["secret"])


def typed_http():
    case = the_case("mailbox")
    repl("http", "http://[%s]/" % case["addr"]["web.6a"], [
        ("GET / HTTP/1.1", ""), ("host: " + case["names"]["www"], ""),
        ("Connection: close", ""), ("", r"^<- +HTTP/1\.1 200 "),
        ("", re.escape("<h1>%s</h1>" % case["title"]))])


def main():
    tests = [("typed smtp", typed_smtp, ()), ("typed pop3", typed_pop3, ()),
             ("typed pop3 after stls", typed_pop3_tls, ()),
             ("typed http", typed_http, ())]
    if WHAT == "guide":
        tests = [("guide %s %s %dx%d" % (c, lang, w, h), guide,
                  (c, lang, w, h))
                 for c in ("sound", "glue-aaaa-dead", "mailbox")
                 for lang in ("en", "ja") for w, h in ((80, 24), (140, 40))]

    def one(test):
        try:
            test[1](*test[2])
            return None
        except (Wrong, OSError, subprocess.SubprocessError, KeyError) as e:
            return "%s: %s" % (type(e).__name__, e)

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (name, _, _), why in zip(tests, pool.map(one, tests)):
            print("%s lab %s" % ("FAIL" if why else "ok", name))
            if why:
                print("    " + why.replace("\n", "\n    "))
            sys.stdout.flush()
            bad += why is not None
    print("%d passed, %d failed" % (len(tests) - bad, bad))
    sys.exit(bad > 0)


main()
