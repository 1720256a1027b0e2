"""What strangers bring: hostile files, requests and bundles. Words or the truth, never a traceback.

    python -m benchmarks.hostile --json [--part files,requests,answers,bundles,forecasts]

``files``: files of every format that Litmus reads, each of which a reference reader reads as well
(``_hostile_files``). ``requests``: requests to an endpoint (``_hostile_requests``). ``answers``: what servers
answer that tables are read from (``_hostile_answers``). ``bundles``: bundles with bytes changed
(``_hostile_bundles``). ``forecasts``: folders of forecasts with numbers changed (``_hostile_forecasts``).
Each part is a module with ``figures(run)``.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks._harness import Figure, Run, main

PARTS = ("files", "requests", "answers", "bundles", "forecasts")


def figures(run: Run) -> list[Figure]:
    """Return the figures of each part that is asked for, in order."""
    wanted = run.options.part.split(",")
    return [
        figure
        for part in PARTS
        if part in wanted
        for figure in import_module(f"benchmarks._hostile_{part}").figures(run)
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of all parts."""
    parser.add_argument("--part", default=",".join(PARTS), help="parts to run, with commas between them")
    parser.add_argument("--bundles", type=int, default=5_000, help="bundles to mutate")
    parser.add_argument("--seed", type=int, default=0, help="of the mutations")


if __name__ == "__main__":
    main("hostile", figures, add_arguments=add_arguments)
