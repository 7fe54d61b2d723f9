# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripted peers that misbehave as no real server does.

Used as: peers.py LIST CERTIFICATES, where LIST has lines of
'dns|web|mail ADDRESS KIND DOMAIN'. One thread a connection; a peer gives up
when the other side closes.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

NASTY = (b"\x1b[2J\x1b]0;owned\x07\x1b[31m\x00\x01\x7f\x9b1m \xc2\x9b1m "
         b"\xe2\x80\xae\xe2\x81\xa6 \xff\xfe\xc0\xaf\xed\xa0\x80 \x08\x0b")


def send_endless(conn, line):
    block = line * (65536 // len(line) + 1)
    while True:
        conn.sendall(block)


def send_long(conn, before, after):
    conn.sendall(before)
    for _ in range(160):
        conn.sendall(b"a" * 65536)
    conn.sendall(after)


def drip(conn, text):
    while True:
        for i in range(len(text)):
            conn.sendall(text[i:i + 1])
            time.sleep(1)


def web(conn, kind):
    conn.recv(65536)
    head = b"HTTP/1.1 200 OK\r\n"
    if kind == "escapes":
        body = b"<html><title>" + NASTY + b"</title>" + NASTY + b"</html>\r\n"
        conn.sendall(head + b"Server: " + NASTY.replace(b"\0", b"") +
                     b"\r\nContent-Type: text/html\r\nContent-Length: " +
                     b"%d\r\nConnection: close\r\n\r\n" % len(body) + body)
    elif kind == "long-line":
        send_long(conn, head + b"X-Long: ", b"\r\n\r\n")
    elif kind == "endless":
        conn.sendall(head)
        send_endless(conn, b"X-More: and more\r\n")
    elif kind == "drip":
        drip(conn, head + b"X-Slow: " + b"z" * 200 + b"\r\n")


def mail(conn, kind):
    if kind == "long-line":
        send_long(conn, b"220 ", b"\r\n")
    elif kind == "endless":
        send_endless(conn, b"220-wait for it\r\n")
    elif kind == "drip":
        drip(conn, b"220-" + b"z" * 200 + b"\r\n")
    elif kind == "escapes":
        conn.sendall(b"220 " + NASTY + b" ESMTP\r\n")
    while True:
        line = conn.recv(4096)
        if not line:
            return
        verb = line[:4].upper()
        if verb == b"EHLO":
            conn.sendall(b"250-" + NASTY + b"\r\n250-X" + NASTY +
                         b"\r\n250 8BITMIME\r\n")
        elif verb == b"QUIT":
            conn.sendall(b"221 " + NASTY + b"\r\n")
            return
        else:
            conn.sendall(b"502 " + NASTY + b"\r\n")


def labels(name):
    return b"".join(bytes([len(l)]) + l.encode() for l in
                    name.split(".")) + b"\0"


def question_end(query):
    at = 12
    while at < len(query) and query[at]:
        at += query[at] + 1
    return at + 5


def dns_reply(query, kind, domain, tcp):
    """A reply to query; None where the peer says nothing."""
    if len(query) < 17:
        return None
    question = query[12:question_end(query)]

    def message(flags, count, answers):
        return (query[:2] + struct.pack(">HHHHH", flags, 1, count, 0, 0) +
                question + answers)

    if kind == "loop":
        at = 12 + len(question)
        pointer = struct.pack(">H", 0xc000 | at)
        return message(0x8400, 2, pointer + b"\0\1\0\1\0\0\0\1\0\4\1\1\1\1" +
                       b"\1a" + struct.pack(">H", 0xc000 | (at + 16)) +
                       b"\0\1\0\1\0\0\0\1\0\4\1\1\1\1")
    if kind == "big":
        if not tcp:
            return message(0x8600, 0, b"")
        one = (b"\xc0\x0c\0\x10\0\1\0\0\0\1" + struct.pack(">H", 256) +
               b"\xff" + (NASTY * 8)[:255])
        n = (65535 - 12 - len(question)) // len(one)
        reply = message(0x8400, n, one * n)
        return reply + b"\0" * (65535 - len(reply))
    if kind == "many":
        if not tcp:
            return message(0x8600, 0, b"")
        out = b""
        for i in range(500):
            name = labels("n%d.%s" % (i, domain))
            out += (b"\xc0\x0c\0\2\0\1\0\0\0\1" +
                    struct.pack(">H", len(name)) + name)
        return message(0x8400, 500, out)
    return None


def dns_udp(addr, kind, domain):
    sock = bound(addr, 53, socket.SOCK_DGRAM)
    while True:
        query, peer = sock.recvfrom(65536)
        reply = dns_reply(query, kind, domain, False)
        if reply:
            sock.sendto(reply, peer)


def dns_tcp(conn, kind, domain):
    while True:
        head = conn.recv(2, socket.MSG_WAITALL)
        if len(head) < 2:
            return
        query = conn.recv(struct.unpack(">H", head)[0], socket.MSG_WAITALL)
        reply = dns_reply(query, kind, domain, True)
        if reply:
            conn.sendall(struct.pack(">H", len(reply)) + reply)


def bound(addr, port, kind):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((addr, port))
    return sock


def serve(addr, port, talk, *args, tls=None):
    sock = bound(addr, port, socket.SOCK_STREAM)
    sock.listen(64)

    def one(conn):
        try:
            with conn:
                conn.settimeout(120)
                if tls:
                    with tls.wrap_socket(conn, server_side=True) as c:
                        talk(c, *args)
                else:
                    talk(conn, *args)
        except OSError:
            pass

    while True:
        conn, _ = sock.accept()
        threading.Thread(target=one, args=(conn,), daemon=True).start()


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        rows = [line.split() for line in f]

    def start(target, *args, **kw):
        threading.Thread(target=target, args=args, kwargs=kw,
                         daemon=True).start()

    for service, addr, kind, domain in rows:
        if service == "dns":
            start(dns_udp, addr, kind, domain)
            start(serve, addr, 53, dns_tcp, kind, domain)
        elif service == "mail":
            start(serve, addr, 25, mail, kind)
        else:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(os.path.join(sys.argv[2], domain + ".pem"),
                                os.path.join(sys.argv[2], "key.pem"))
            start(serve, addr, 80, web, kind)
            start(serve, addr, 443, web, kind, tls=tls)
    threading.Event().wait()


main()
