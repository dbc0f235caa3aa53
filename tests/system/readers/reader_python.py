#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""reader_python.py headerregistry|getaddresses: reads From values, a line of
hex digits each, with Python's own library, and prints what it sees as a line of
JSON: [[address, name], ...].
"""

import email
import json
import re
import sys
from email import header, policy, utils


WORD = r"=\?[^?]*\?[BbQq]\?[^?]*\?="
WORDS = re.compile(rf"{WORD}(?:\s*{WORD})*")


def decoded(match):
    try:
        return str(header.make_header(header.decode_header(match.group())))
    except (LookupError, ValueError, header.HeaderParseError):
        return match.group()


def shown(name):
    """decode_header() would escape letters beyond ASCII beside the words."""
    return WORDS.sub(decoded, name)


def headerregistry(value):
    """The modern interface."""
    block = b"From:" + value + b"\r\n\r\n"
    message = email.message_from_bytes(block, policy=policy.default)
    field = message["From"]
    if field is None:
        return []
    return [[a.addr_spec, a.display_name] for a in field.addresses]


def getaddresses(value):
    """The one that most programs use."""
    text = value.decode("utf-8", "surrogateescape")
    text = text.replace("\r\n", "").replace("\n", "")
    pairs = utils.getaddresses([text])
    return [[address, shown(name)] for name, address in pairs if address]


def main():
    read = {"headerregistry": headerregistry, "getaddresses": getaddresses}[
        sys.argv[1]
    ]
    for line in sys.stdin:
        try:
            seen = read(bytes.fromhex(line))
        # Its own defects on hostile input are not what is tested here.
        except Exception:
            seen = []
        print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
