"""Of 120 everyday idioms of pandas, how many does the frame answer as pandas does?

    python -m benchmarks.idioms --json [--show] [--only NAME,NAME] [--drawn]

The idioms (``_pandas_idioms``) were written from public habits before the frame knew what they need. Each is
run by pandas and by a plan of the frame: fitted on one table, applied to it, to later rows with unseen and
missing values, and to each row alone, in every form of rows (dicts, columns, pandas, Polars) on every layout.
``equal`` is equal in all of these; ``refused by name`` raises an error that names what is refused and says
what to do; ``silently different`` and ``refused without a usable word`` should not be. ``whole numbers made
floats`` counts idioms in which a column of whole numbers in pandas comes back as floats. ``--show`` lists
what is not equal on stderr. ``--drawn`` runs 30 others, drawn from public code once these were answered.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from benchmarks._harness import Figure, Run, main
from benchmarks._idioms_outcomes import outcome
from benchmarks._pandas_idioms import IDIOMS
from benchmarks._pandas_idioms_drawn import DRAWN


def figures(run: Run) -> list[Figure]:
    """Return how many idioms have each outcome."""
    only = set(run.options.only.split(",")) - {""}
    idioms = DRAWN if run.options.drawn else IDIOMS
    outcomes = {idiom.name: outcome(idiom) for idiom in idioms if not only or idiom.name in only}
    if run.options.show:
        for name, one in outcomes.items():
            if one.verdict != "equal" or one.made_floats:
                floats = f" whole numbers made floats: {sorted(one.made_floats)}" if one.made_floats else ""
                sys.stderr.write(f"{name}: {one.verdict}. {one.why}{floats}\n")
    counts = Counter(one.verdict for one in outcomes.values())
    n_floats = sum(bool(one.made_floats) for one in outcomes.values())
    return [
        Figure(
            name="equal",
            value=counts["equal"],
            unit="idioms",
            target=None if run.options.drawn else 100,
            better="higher",
        ),
        Figure(
            name="refused by name", value=counts["refused by name"], unit="idioms", target=20, better="lower"
        ),
        Figure(
            name="silently different",
            value=counts["silently different"],
            unit="idioms",
            target=0,
            better="lower",
        ),
        Figure(
            name="refused without a usable word",
            value=counts["refused without a usable word"],
            unit="idioms",
            target=0,
            better="lower",
        ),
        Figure(name="whole numbers made floats", value=n_floats, unit="idioms", target=0, better="lower"),
    ]


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--show", action="store_true", help="list what is not equal")
    parser.add_argument("--drawn", action="store_true", help="30 drawn from public code afterwards instead")
    parser.add_argument("--only", default="", help="names of idioms, with commas between")


if __name__ == "__main__":
    main("idioms", figures, add_arguments=_add_arguments)
