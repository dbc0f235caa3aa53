# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""postern.conf from Python values."""


def _value(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "{ " + ", ".join(_value(item) for item in value) + " }"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(head, settings):
    lines = [f"    {name} = {_value(v)}\n" for name, v in settings.items()]
    return head + " {\n" + "".join(lines) + "}\n"


def render(plans, sender=None, notice=None, **settings):
    """PLANS maps a plan's name to its keys; a key of None is left out."""
    text = "".join(
        f"{name} = {_value(value)}\n"
        for name, value in settings.items()
        if value is not None
    )
    for name, keys in plans.items():
        text += _block(f"plan {name}", keys)
    if sender:
        text += _block("sender", sender)
    if notice:
        text += _block("notice", notice)
    return text
