#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""seeds.py CORPUS OUT: the inputs of a corpus as libFuzzer wants them.

Copies each input from CORPUS into the folder OUT, which is made if need be.
A file NAME.hex becomes the bytes that its hexadecimal digits stand for; '#'
starts a comment. Any other file is copied as it is. What unit tests have as
samples of the same name, in tests/corpus/NAME, is copied, too.
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


def inputs(corpus):
    """The paths of a corpus, and of the samples of its name."""
    fuzz, name = os.path.split(os.path.normpath(corpus))
    samples = os.path.join(fuzz, "..", "..", "corpus", name)
    for folder in (corpus, samples):
        if folder == corpus or os.path.isdir(folder):
            for entry in sorted(os.listdir(folder)):
                yield os.path.join(folder, entry)


def main():
    if len(sys.argv) != 3:
        print("usage: seeds.py CORPUS OUT", file=sys.stderr)
        return 64
    corpus, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    for path in inputs(corpus):
        data = content(path)
        name = os.path.basename(path)
        target = os.path.join(out, name.removesuffix(".hex"))
        with open(target, "wb") as file:
            file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
