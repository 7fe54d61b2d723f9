# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen's figures: start, keys under load, rest, memory.

Used as: screen.py WHAT ARGUMENT..., in a network of its own:
  start COMMAND...        from the fork to the first picture, 21 times
  whole COMMAND...        a whole run: memory after it; then CPU and wake-ups
                          while nobody does anything
  keys PROGRAM            screen_load: from a key to its picture, while 100
                          dialogues bring 10,000 lines a second
Each runs on a pseudo-terminal of 120x36. Prints figures beside their aims;
no figure is a failure.
"""
import fcntl
import mmap
import os
import pty
import re
import select
import signal
import socket
import struct
import sys
import termios
import time

ROWS, COLS = 36, 120
DIALOGUES, LINES = 100, 10000
KEYS = 300


class Program:
    """A program on a terminal; what it writes is taken in as it comes."""

    def __init__(self, argv):
        self.out = b""
        self.begun = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", ROWS, COLS, 0, 0))
            os.execvp(argv[0], argv)

    def take(self, limit):
        """Read once; False when nothing came in time, or all is over."""
        if not select.select([self.fd], [], [], max(0, limit))[0]:
            return False
        try:
            part = os.read(self.fd, 65536)
        except OSError:
            return False
        self.out += part
        if b"\x1b[6n" in part:
            os.write(self.fd, b"\x1b[1;2R")
        return bool(part)

    def until(self, pattern, limit):
        """Seconds from now until what is written matches."""
        begin, have = time.monotonic(), 0
        while time.monotonic() < begin + limit:
            if re.search(pattern, self.out[max(0, have - 64):]):
                return time.monotonic() - begin
            have = len(self.out)
            self.take(begin + limit - time.monotonic())
        return None

    def type(self, keys):
        self.out = b""
        os.write(self.fd, keys)

    def read_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.take(end - time.monotonic())
            self.out = self.out[-200:]

    def status(self, key):
        with open("/proc/%d/status" % self.pid, encoding="utf-8") as f:
            return int(re.search(key + r":\s*(\d+)", f.read()).group(1))

    def cpu(self):
        """Seconds of user and system time so far."""
        with open("/proc/%d/stat" % self.pid, encoding="utf-8") as f:
            words = f.read().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def ran(self):
        """Seconds on a processor so far, waits left out."""
        with open("/proc/%d/schedstat" % self.pid, encoding="utf-8") as f:
            return int(f.read().split()[0]) / 1e9

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        while self.take(1):
            self.out = b""
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def figure(what, value, unit, aim):
    print("  %-44s %8.1f %s  (aim %g; %.1f times)" % (
        what, value, unit, aim, value / aim) if aim else
          "  %-44s %8.1f %s" % (what, value, unit))


def median(values):
    return sorted(values)[len(values) // 2]


def start(argv):
    name = argv[-1].encode()
    first, bare, ran = [], [], []
    for _ in range(21):
        p = Program(argv)
        if p.until(re.escape(name), 10) is None:
            sys.exit("no picture: %r" % p.out[-300:])
        first.append(time.monotonic() - p.begun)
        ran.append(p.ran())
        p.end()
        p = Program(["/bin/echo", "x"])
        p.until(b"x", 10)
        bare.append(time.monotonic() - p.begun)
        p.end()
    figure("start to first picture, median of 21", median(first) * 1e3, "ms",
           30)
    figure("  on a processor", median(ran) * 1e3, "ms", 30)
    figure("  the same for /bin/echo", median(bare) * 1e3, "ms",
           0)


def whole(argv):
    p = Program(argv)
    end = time.monotonic() + 90
    # The counter of probes in the first line: quiet for 3 s, it is over.
    while time.monotonic() < end and p.take(3):
        p.out = p.out[-65536:]
    figure("memory after a whole run", p.status("VmRSS") / 1024, "MB", 40)
    figure("  at its peak", p.status("VmHWM") / 1024, "MB", 40)
    p.type(b"m")
    p.read_for(1)
    cpu, woken = p.cpu(), p.status("voluntary_ctxt_switches")
    p.read_for(10)
    figure("CPU in 10 s of nothing", (p.cpu() - cpu) * 1e3, "ms", 0)
    figure("wake-ups in 10 s of nothing",
           p.status("voluntary_ctxt_switches") - woken, "  ", 0)
    p.end()


def peer(server, sent):
    """100 connections, each brought its share of the lines ten times a s."""
    conns = [server.accept()[0] for _ in range(DIALOGUES)]
    share = LINES // DIALOGUES // 10
    at, n = time.monotonic(), 0
    while True:
        for k, c in enumerate(conns):
            c.sendall(b"".join(b"250-line %d of dialogue %d, with words\r\n"
                               % (n + i, k) for i in range(share)))
            at += 0.1 / DIALOGUES
            time.sleep(max(0, at - time.monotonic()))
        n += share
        struct.pack_into("Q", sent, 0, n * DIALOGUES)


def serve(server, sent):
    pid = os.fork()
    if pid == 0:
        try:
            peer(server, sent)
        finally:
            os._exit(0)
    return pid


def keys(argv):
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.bind(("::1", 0))
    server.listen(DIALOGUES)
    sent = mmap.mmap(-1, 8)
    child = serve(server, sent)
    p = Program([argv[0], str(server.getsockname()[1]), str(DIALOGUES)])
    server.close()
    if p.until(b"of dialogue", 10) is None:
        sys.exit("no lines come: %r" % p.out[-300:])
    p.read_for(1)
    times, lost, cpu, begun = [], 0, p.cpu(), time.monotonic()
    before = struct.unpack_from("Q", sent)[0]
    for i in range(KEYS):
        p.type(b"w")
        took = p.until(b"cut:" if i % 2 == 0 else b"wrapped", 2)
        lost += took is None
        times.append(2 if took is None else took)
        p.read_for(0.011 + 0.003 * (i % 7))
    wall = time.monotonic() - begun
    times.sort()
    figure("key to picture, median of %d" % KEYS, median(times) * 1e3, "ms",
           16)
    figure("  99th percentile", times[KEYS * 99 // 100] * 1e3, "ms", 16)
    figure("  without a picture", lost, "  ", 0)
    figure("  lines a second, in %d dialogues" % DIALOGUES,
           (struct.unpack_from("Q", sent)[0] - before) / wall, "  ", 0)
    figure("  CPU meanwhile", 100 * (p.cpu() - cpu) / wall, "%", 0)
    figure("  memory then", p.status("VmRSS") / 1024, "MB", 40)
    p.end()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


{"start": start, "whole": whole, "keys": keys}[sys.argv[1]](sys.argv[2:])
