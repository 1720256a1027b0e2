"""Would a test notice? Small changes of Litmus' code, each run against the tests that run the changed line.

``sample``: N statements of ``litmus_core`` and ``app``, each with one change: deleted, without an argument of
a call, with a flipped comparison, or with another constant. ``parameters``: each parameter of a public door
that has a default, dropped. First it is recorded which tests run which lines, folder by folder
(``--folders``; a recording holds until a module changes). Then each change is made in a copy of the checkout,
and the tests that run the line are asked, the cheapest first, until one fails, or for ``--seconds``. On
stderr: each survivor, with file, line and what it reads.

    python -m benchmarks.mutants [--json] [--fresh] [--sample 400] [--seed 0] [--part sample,parameters]
        [--folders tests/store,tests/data] [--seconds 60] [--only litmus_core/store] [--kinds statement]
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks._harness import Figure, Run, code_hash, main
from benchmarks._mutants_copy import ROOT, copied
from benchmarks._mutants_places import KINDS, Mutant, sample
from benchmarks._mutants_probes import PACKAGES, place_probes
from benchmarks._mutants_records import Records, folders, is_recorded, record
from benchmarks._mutants_trial import Outcome, Trials

PARTS, PARAMETER = ("sample", "parameters"), "parameter"
_JUDGED = ("statement", "argument", "comparison")
_Z = 1.645  # one-sided 95 %
_TARGETS = {"statement, argument": 0.85, "comparison": 0.80, PARAMETER: 1.0}


def figures(run: Run) -> list[Figure]:
    """Record what is not recorded, run the mutants that were not run, and count what was caught."""
    n_recorded = _record(run)
    mutants = _mutants(run)
    found = _run(run, mutants) if mutants else {}
    n_folders = len(folders())
    return [
        *rates(found),
        Figure(
            name="not run by any test", value=_n_unseen(found), unit="mutants", target=None, better="lower"
        ),
        Figure(name="folders recorded", value=n_recorded / n_folders, unit="", target=None, better="higher"),
    ]


def _record(run: Run) -> int:
    """Record the folders that were not yet; return how many of all are."""
    kept = run.results.folder / "records"
    wanted = run.options.folders.split(",") if run.options.folders else folders()
    missing = [] if wanted == ["none"] else [each for each in wanted if not is_recorded(each, kept)]
    if missing:
        code = code_hash(*(ROOT / each for each in PACKAGES))
        with copied() as copy:
            table = place_probes(copy)
            for path in missing:
                ended = record(copy, table, path, kept / code)
                run.say(f"recorded {path}: {ended.output.strip().splitlines()[-1:]}")
    return sum(is_recorded(each, kept) for each in folders())


def _mutants(run: Run) -> list[Mutant]:
    wanted, found = run.options.part.split(","), []
    if "sample" in wanted:
        found += sample(ROOT, n=run.options.sample, seed=run.options.seed)
    if "parameters" in wanted:
        from benchmarks._mutants_doors import parameters  # imports what the commands do

        found += parameters()
    kinds = run.options.kinds.split(",")
    return [each for each in found if each.path.startswith(run.options.only) and each.kind in kinds]


def _run(run: Run, mutants: Sequence[Mutant]) -> dict[Mutant, Outcome]:
    records, found = Records(run.results.folder / "records"), {}
    with ExitStack() as stack:
        copy = stack.enter_context(copied())
        trials = Trials(copy, records, run.results.folder / "mutants", seconds=run.options.seconds)
        for n, mutant in enumerate(mutants, 1):
            outcome = found[mutant] = trials.outcome(mutant)
            end = f"caught by {outcome.by}" if outcome.caught else f"SURVIVED {told(outcome)}"
            shown = "" if outcome.caught else f": {mutant.shown((ROOT / mutant.path).read_bytes())}"
            run.say(f"{n}/{len(mutants)} {mutant.path}:{mutant.line} {mutant.kind} {end}{shown}")
    return found


def told(outcome: Outcome) -> str:
    """Say how many tests did not notice, and how many were not asked."""
    left = f", {outcome.n_left} not asked" if outcome.n_left else ""
    return f"{outcome.n_tests} tests{left}"


def rates(found: dict[Mutant, Outcome]) -> list[Figure]:
    """Return the share that was caught, of each kind and together, with its lower bound."""
    groups: dict[str, tuple[str, ...]] = {each: (each,) for each in (*KINDS, PARAMETER)}
    groups |= {"statement, argument": ("statement", "argument")}
    made: list[Figure] = []
    for name, kinds in groups.items():
        n_caught, n = _count(found, kinds)
        if n:
            target = _TARGETS.get(name)
            made.append(_rate(f"caught: {name}", n_caught / n, target))
            made.append(_rate(f"lower bound: {name}", lower_bound(n_caught, n), None))
            made.append(Figure(name=f"mutants: {name}", value=n, unit="", target=None, better="higher"))
    n_caught, n = _count(found, _JUDGED)
    if n:
        made.append(_rate("lower bound: all but constants", lower_bound(n_caught, n), 0.8))
    return made


def _rate(name: str, value: float, target: float | None) -> Figure:
    return Figure(name=name, value=round(value, 3), unit="", target=target, better="higher")


def _count(found: dict[Mutant, Outcome], kinds: Sequence[str]) -> tuple[int, int]:
    counts = Counter(outcome.caught for mutant, outcome in found.items() if mutant.kind in kinds)
    return counts[True], counts.total()


def lower_bound(n_caught: int, n: int) -> float:
    """Return the lower end of Wilson's one-sided 95 % interval of a share."""
    share = n_caught / n
    middle = share + _Z**2 / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, (middle - half) / (1 + _Z**2 / n))


def _n_unseen(found: dict[Mutant, Outcome]) -> int:
    return sum(outcome.n_tests == 0 for outcome in found.values())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is drawn, recorded and asked."""
    parser.add_argument("--part", default="sample", help=",".join(PARTS))
    parser.add_argument("--sample", type=int, default=400, help="so many statements")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="recorded seconds of tests for each mutant"
    )
    parser.add_argument(
        "--folders", default="", help="record these folders only; 'none': no more than there is"
    )
    parser.add_argument("--kinds", default=",".join((*KINDS, PARAMETER)), help="mutants of these kinds only")
    parser.add_argument("--only", default="", metavar="PATH", help="mutants of these modules only")


if __name__ == "__main__":
    main("mutants", figures, add_arguments=add_arguments)
