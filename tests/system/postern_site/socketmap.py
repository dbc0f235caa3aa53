#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A socketmap server, as a process that can be stopped.

socketmap.py SOCKET FILE: each line of FILE is "KEY REPLY"; a key that it does
not have is not found.  The file is read anew with each request; each request
is printed.
"""

import socket
import sys
import threading
from pathlib import Path


def _replies(file):
    lines = file.read_text().splitlines()
    return dict(line.split(" ", 1) for line in lines)


def _read(stream):
    """One netstring, or None at the end."""
    digits = b""
    while not digits.endswith(b":"):
        byte = stream.read(1)
        if not byte:
            return None
        digits += byte
    return stream.read(int(digits[:-1]) + 1)[:-1].decode()


def _serve(link, file):
    with link, link.makefile("rb") as stream:
        while (request := _read(stream)) is not None:
            print(request, flush=True)
            key = request.split(" ", 1)[1]
            reply = _replies(file).get(key, "NOTFOUND ").encode()
            link.sendall(b"%d:%s," % (len(reply), reply))


def main():
    path, file = Path(sys.argv[1]), Path(sys.argv[2])
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen(50)
    print("ready", flush=True)
    while True:
        link, _ = listener.accept()
        args = (link, file)
        threading.Thread(target=_serve, args=args, daemon=True).start()


if __name__ == "__main__":
    main()
