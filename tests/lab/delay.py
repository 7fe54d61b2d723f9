# SPDX-License-Identifier: GPL-3.0-or-later
"""A link with a delay, in user space, for kernels without netem.

Used as: delay.py NAMESPACE INTERFACE NAMESPACE INTERFACE MILLISECONDS. Makes
one TUN interface in each namespace and carries packets between them, each
after the given delay in either direction.
"""
import collections
import ctypes
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
CLONE_NEWNET = 0x40000000


def tun(namespace, name):
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + namespace, os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns " + namespace)
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(),
                                           IFF_TUN | IFF_NO_PI))
    libc.setns(home, CLONE_NEWNET)
    os.close(there)
    os.close(home)
    return fd


def main():
    a, b = tun(*sys.argv[1:3]), tun(*sys.argv[3:5])
    delay = float(sys.argv[5]) / 1000
    other, queue = {a: b, b: a}, collections.deque()
    print("ready", flush=True)
    while True:
        wait = max(0, queue[0][0] - time.monotonic()) if queue else None
        for fd in select.select([a, b], [], [], wait)[0]:
            try:
                while True:
                    packet = os.read(fd, 65536)
                    queue.append((time.monotonic() + delay, other[fd],
                                  packet))
            except (BlockingIOError, OSError):
                pass
        while queue and queue[0][0] <= time.monotonic():
            _, fd, packet = queue.popleft()
            try:
                os.write(fd, packet)
            except OSError:
                pass


main()
