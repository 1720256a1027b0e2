"""Faults: random ``kill -9`` of every kind of process, and disks, files and clocks that misbehave.

    python -m benchmarks.faults [--json] [--fresh] [--kills N] [--only KIND]

A round makes a workspace of its own, hurts it, and counts: ``lost`` is what was acknowledged and is gone,
``doubled`` what is there twice, ``orphans`` processes that outlive what they belong to. Each finished round
is kept, so a run that was cut short goes on. Only processes that a round started are ended, by their ids.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks._faults_environment import FAULTS, build, environment
from benchmarks._faults_kills import ROUNDS, TIMEOUT_S, import_all
from benchmarks._faults_rounds import in_a_process, scratch
from benchmarks._harness import Figure, Run, main


def figures(run: Run) -> Sequence[Figure]:
    import_all()
    hurt = [] if run.options.no_environment else list(_environment(run))
    found = list(_kills(run)) if run.options.kills else []
    totals = {
        name: sum(each[name] for each in found)
        for name in ("kills", "acknowledged", "lost", "doubled", "orphans")
    }
    for each in [*hurt, *found]:
        for note in each["notes"]:
            run.say(note)
    broken = sum(each["tracebacks"] for each in found)
    return [
        Figure(name="kills", value=totals["kills"], unit="kills", target=1000, better="higher"),
        Figure(
            name="acknowledged", value=totals["acknowledged"], unit="things", target=None, better="higher"
        ),
        *(
            Figure(name=name, value=totals[name], unit="things", target=0, better="lower")
            for name in ("lost", "doubled", "orphans")
        ),
        Figure(name="tracebacks after kills", value=broken, unit="tracebacks", target=0, better="lower"),
        Figure(name="environment faults", value=len(hurt), unit="faults", target=40, better="higher"),
        *(
            Figure(
                name=f"{name} by them",
                value=sum(each[key] for each in hurt),
                unit="things",
                target=0,
                better="lower",
            )
            for name, key in (
                ("tracebacks", "tracebacks"),
                ("not salvaged", "lost"),
                ("doubled", "doubled"),
                ("orphans", "orphans"),
            )
        ),
    ]


def _environment(run: Run) -> Iterator[dict[str, Any]]:
    with scratch() as template:
        build(template)
        yield from _faults(run, template)


def _faults(run: Run, template: Path) -> Iterator[dict[str, Any]]:
    for name in FAULTS:
        key = {"part": "environment", "fault": name}
        value = run.results.cached(
            key, lambda name=name: in_a_process(environment(name, template), name, timeout_s=TIMEOUT_S)
        )
        run.say(f"{name}: {value}"[:400])
        yield value


def _kills(run: Run) -> Iterator[dict[str, Any]]:
    """Run the kinds in turn, so that a run that is cut short has some of each."""
    n_kills, most = 0, max(n for _, n in ROUNDS.values())
    for number in range(most):
        for kind, (work, n_rounds) in ROUNDS.items():
            key = {"part": "kills", "kind": kind, "round": number}
            wanted = number < n_rounds and n_kills < run.options.kills and run.options.only in (None, kind)
            if wanted or run.results.has(key):
                value = run.results.cached(
                    key, lambda work=work, key=key: in_a_process(work, str(key), timeout_s=TIMEOUT_S)
                )
                n_kills += value["kills"]
                run.say(f"{kind} {number}: {n_kills} kills, {value}"[:300])
                yield value


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=1000, help="stop after so many kills")
    parser.add_argument("--no-environment", action="store_true", help="kills only")
    parser.add_argument("--only", choices=list(ROUNDS), help="one kind of process only")


if __name__ == "__main__":
    main("faults", figures, add_arguments=_arguments)
