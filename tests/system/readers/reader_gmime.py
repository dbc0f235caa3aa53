#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Reads From values, a line of hex digits each, with GMime, and prints what it
sees as a line of JSON: [[address, name], ...].
"""

import json
import sys

import gi

gi.require_version("GMime", "3.0")
from gi.repository import GMime


def members(addresses):
    for number in range(addresses.length()):
        item = addresses.get_address(number)
        if isinstance(item, GMime.InternetAddressGroup):
            yield ["", item.get_name() or ""]
            yield from members(item.get_members())
        else:
            yield [item.get_addr() or "", item.get_name() or ""]


def read(value):
    text = value.decode("utf-8", "replace").replace("\0", "\ufffd")
    addresses = GMime.InternetAddressList.parse(None, text)
    return [] if addresses is None else list(members(addresses))


def main():
    GMime.init()
    for line in sys.stdin:
        print(json.dumps(read(bytes.fromhex(line))), flush=True)


if __name__ == "__main__":
    main()
