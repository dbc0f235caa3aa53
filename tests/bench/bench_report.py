# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The table: figures, targets and verdicts, line by line as they come."""

import sys

FORMAT = "{:<28} {:<11} {:>10} {:>10} {:>6}  {:<8} {}"


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


class Report:
    def __init__(self, ours="policyd", theirs="null"):
        self.missed = []
        self._print("", "", ours, theirs, "ratio", "target", "verdict")

    def _print(self, *words):
        print(FORMAT.format(*words).rstrip())
        sys.stdout.flush()

    def _verdict(self, what, holds, aim):
        if not holds:
            self.missed.append(what)
        word = "holds" if holds else "MISSES"
        return word if aim is None else f"{word} (aim {aim:.2f})"

    def note(self, text):
        print(f"  {text}", flush=True)

    def rates(self, what, figures, targets, unit="requests/s"):
        """Rates against those of the null server: (must, want)."""
        must, want = targets
        ratio = figures.ratio("rate")
        goal, verdict = "", ""
        if must is not None:
            goal = f">= {must:.2f}"
            verdict = self._verdict(what, ratio >= must, want)
        self._ratio(what, unit, figures, "rate", (goal, verdict))

    def latencies(self, what, figures, most):
        goal, verdict = "", ""
        if most is not None:
            ratio = figures.ratio("p99_us")
            goal = f"<= {most:.2f}"
            verdict = self._verdict(f"{what}, p99", ratio <= most, None)
        self._ratio("", "p99 us", figures, "p99_us", (goal, verdict))

    def processor_time(self, figures):
        self._ratio("", "cpu us each", figures, "server_us", ("", ""))

    def _ratio(self, what, unit, figures, name, judged):
        digits = 2 if name == "server_us" else 0
        self._print(
            what,
            unit,
            number(figures.server(name), digits),
            number(figures.null(name), digits),
            number(figures.ratio(name), 2),
            *judged,
        )

    def disturbed(self, figures):
        if figures.disturbed > 0:
            self.note(
                f"{figures.disturbed} of {len(figures.pairs)} rounds were "
                "disturbed by other programs or by the host"
            )

    def costs(self, what, unit, figures, name, most=None, scale=1):
        """What each costs; MOST so many times as much as with the other."""
        ratio = figures.ratio(name)
        goal, verdict = "", ""
        if most is not None:
            goal = f"<= {most:.2f}"
            verdict = self._verdict(what, ratio <= most, None)
        self._print(
            what if most is not None else "",
            unit,
            number(figures.server(name) / scale, 0 if scale == 1 else 2),
            number(figures.null(name) / scale, 0 if scale == 1 else 2),
            number(ratio, 3),
            goal,
            verdict,
        )

    def least(self, what, unit, value, target):
        """A figure that must reach TARGET."""
        self._print(
            what,
            unit,
            number(value),
            "",
            "",
            f">= {target:g}",
            self._verdict(what, value >= target, None),
        )

    def below(self, what, unit, value, target, digits=0):
        self._print(
            what,
            unit,
            number(value, digits),
            "",
            "",
            f"< {target:g}",
            self._verdict(what, value < target, None),
        )
