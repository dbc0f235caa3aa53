# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""From values that nobody wrote: pieces of what people write, put together at
random, and values of the corpus with something changed.
"""

OWN = b"alice@example.test"
FOREIGN = b"ceo@bank.test"

_SIGNS = b'<>"\\(),:;@[]. \t=?%!_\'`-+\0\x01\x7f\x80\xff'
_TOKENS = (
    OWN,
    FOREIGN,
    b"<" + OWN + b">",
    b"<" + FOREIGN + b">",
    b"alice",
    b"ceo",
    b"@",
    b"@example.test",
    b"@bank.test",
    b"sales@example.test",
    b"Alice",
    b'"Alice"',
    b'""',
    b'"',
    b'\\"',
    b"\\\\",
    b"\\,",
    b"(",
    b")",
    b"(x)",
    b"\\)",
    b"(" + FOREIGN + b")",
    b'"' + FOREIGN + b'"',
    b",",
    b", ",
    b";",
    b":",
    b":;",
    b"\r\n ",
    b"\n\t",
    b"\r\n \r\n ",
    b"\r",
    b" ",
    b".",
    b"..",
    b"[127.0.0.1]",
    b"=?utf-8?Q?",
    b"?=",
    b"=40",
    b"=?utf-8?Q?ceo=40bank.test?=",
    b"=?utf-8?B?Y2VvQGJhbmsudGVzdA==?=",
    b"=?utf-8?Q?x?=",
    b"=?iso-8859-1?Q?=22?=",
    b"=?utf-8?Q?=3C" + FOREIGN.replace(b"@", b"=40") + b"=3E?=",
    b"=?utf-8?Q?=2C?=",
    "ā".encode(),
    "Ж".encode(),
    "＠".encode(),
    "\u200b".encode(),
    "\u202e".encode(),
    "\u00a0".encode(),
    "bücher.test".encode(),
    b"xn--bcher-kva.test",
    b"@alice.test",
    b"+tag",
    b"group:",
    b"@a.test:",
)
# For encoded words, and what stands in brackets.
_SECRETS = (OWN, FOREIGN, b"Alice", b"a, b", b"<x>", b'"', b"(", b":")
_ADDRESSES = (
    OWN,
    OWN,
    b"sales@example.test",
    b'"alice"@example.test',
    b"x@alice.test",
)
_GAPS = (b"", b" ", b"  ", b"\t", b"\r\n ", b" (x) ", b"(" + FOREIGN + b")")


def _phrase(rng):
    pieces = rng.choices(_TOKENS, k=rng.randint(0, 3))
    return rng.choice((b" ", b"")).join(pieces)


def _quoted(rng):
    inner = _phrase(rng)
    if rng.random() < 0.8:
        inner = inner.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + inner + b'"'


def _comment(rng):
    inner = _phrase(rng)
    if rng.random() < 0.8:
        for sign in (b"\\", b"(", b")"):
            inner = inner.replace(sign, b"\\" + sign)
    return b"(" + inner + b")"


def _word(rng):
    text = rng.choice(_SECRETS)
    coded = b""
    for octet in text:
        must = octet in b' ()<>@,;:\\".[]?=_'
        code = must or rng.random() < 0.6
        coded += b"=%02X" % octet if code else bytes((octet,))
    return b"=?utf-8?Q?" + coded + b"?="


def _build(rng):
    """A mailbox of pieces that have a chance to be well-formed."""
    parts = [
        rng.choice((_phrase, _quoted, _comment, _word))(rng)
        for _ in range(rng.randint(0, 4))
    ]
    address = rng.choice(_ADDRESSES)
    if rng.random() < 0.8:
        blank = rng.choice((b"", b"", b" ", b"\r\n "))
        parts.append(b"<" + blank + address + rng.choice((b"", blank)) + b">")
    else:
        parts.append(address)
    for _ in range(rng.choice((0, 0, 1, 2))):
        parts.append(_comment(rng))
    value = rng.choice(_GAPS)
    for part in parts:
        value += part + rng.choice(_GAPS[:5] if rng.random() < 0.8 else _GAPS)
    return value


def _change(rng, value, others):
    at = rng.randint(0, len(value))
    kind = rng.randrange(7)
    if kind == 0:
        return value[:at] + bytes((rng.choice(_SIGNS),)) + value[at:]
    if kind <= 2:
        return value[:at] + rng.choice(_TOKENS) + value[at:]
    if kind == 3:
        return value[:at] + value[at + rng.randint(1, 3) :]
    if kind == 4:
        return value[:at] + bytes((rng.choice(_SIGNS),)) + value[at + 1 :]
    end = min(len(value), at + rng.randint(1, 20))
    if kind == 5:
        return value[:end] + value[at:]
    other = rng.choice(others)
    cut = rng.randint(0, len(other))
    return value[:at] + other[cut : cut + rng.randint(1, 40)] + value[at:]


def make(rng, values):
    """One value; VALUES are those of the corpus."""
    if rng.random() < 0.4:
        value = _build(rng)
        changes = rng.choice((0, 0, 1, 2))
    else:
        value = rng.choice(values)
        changes = rng.randint(1, 3)
    for _ in range(changes):
        value = _change(rng, value, values)
    return value
