#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""seeds.py CORPUS OUT: the inputs of a corpus as libFuzzer wants them.

Copies each input from CORPUS into the folder OUT, which is made if need be.
A file NAME.hex becomes the bytes that its hexadecimal digits stand for; '#'
starts a comment. Any other file is copied as it is.
"""

import os
import re
import sys


def content(path):
    with open(path, "rb") as file:
        data = file.read()
    if not path.endswith(".hex"):
        return data
    try:
        return bytes.fromhex(re.sub(r"#.*", "", data.decode("ascii")))
    except ValueError as error:
        sys.exit(f"cannot read {path}: {error}")


def main():
    if len(sys.argv) != 3:
        print("usage: seeds.py CORPUS OUT", file=sys.stderr)
        return 64
    corpus, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    for name in sorted(os.listdir(corpus)):
        data = content(os.path.join(corpus, name))
        target = os.path.join(out, name.removesuffix(".hex"))
        with open(target, "wb") as file:
            file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
