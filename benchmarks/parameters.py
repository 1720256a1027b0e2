"""Does every value that a person gives reach the fitted model? Every parameter x door x kind of algorithm.

``cards``: each hyperparameter that a card knows, for each kind of question, with two values that its check
allows. Every door that takes text or Python reads it (a text, the Python object, a recipe, the code that
repeats a run), the fit of a run and the trial of tuning are told the same, and the model is fitted and
asked what it has. ``own``: each parameter of eight scikit-learn classes, as models of one's own are fitted.
``doors``: whole runs, from the door to the fitted model in the run's folder.

A value is ``carried`` where the fitted object has it, ``refused`` where the library ends the fit in an error
(which a run tells), and ``lost`` where there is a model that has another value.

    python -m benchmarks.parameters [--json] [--fresh] [--part cards,own,doors] [--cards lightgbm,linear]
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import get_args

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._parameters_doors import DOORS, reached_by
from benchmarks._parameters_fits import CARDS, OWN_CLASSES, Outcome, fit_card, fit_own, names_of
from litmus_core.types import ProblemType

ROOT = Path(__file__).parents[1]
PARTS = ("cards", "own", "doors")
PACKAGES = ("autogluon.tabular", "lightgbm", "xgboost-cpu", "catboost", "scikit-learn")


def figures(run: Run) -> list[Figure]:
    """Return how many values were carried, refused and lost, and which were lost."""
    found = {
        f"{part} {name}": outcome
        for part, fits in _parts(run).items()
        for name, outcome in _kept(run, part, fits).items()
    }
    for value, outcome in found.items():
        if outcome.startswith("lost"):
            run.say(f"{value}: {outcome}")
    return _figures(found)


def _parts(run: Run) -> dict[str, dict[str, Callable[[], Outcome]]]:
    """Return what is kept together: by the part's name, what is asked for and how that is fitted."""
    wanted, parts = run.options.part.split(","), {}
    if "cards" in wanted:
        cards = run.options.cards.split(",") if run.options.cards else CARDS
        for card, kind in itertools.product(cards, get_args(ProblemType)):
            names = names_of(card, kind)
            parts[f"{card} {kind}"] = {name: partial(fit_card, card, kind, name) for name in names}
    if "own" in wanted:
        for reference, values in OWN_CLASSES.items():
            parts[reference] = {name: partial(fit_own, reference, name) for name in values}
    if "doors" in wanted:
        parts |= {f"door {door}": {"values": partial(_whole, door)} for door in DOORS}
    return parts


def _figures(found: dict[str, str]) -> list[Figure]:
    counts = Counter(each.partition(":")[0] for each in found.values())
    return [
        Figure(name="values_lost", value=float(counts["lost"]), unit="values", target=0.0, better="lower"),
        Figure(name="asked for", value=float(len(found)), unit="values", target=None, better="higher"),
        Figure(name="carried", value=float(counts["carried"]), unit="values", target=None, better="higher"),
        Figure(name="refused", value=float(counts["refused"]), unit="values", target=None, better="lower"),
        Figure(name="no value", value=float(counts["no value"]), unit="values", target=None, better="lower"),
    ]


def _kept(run: Run, part: str, fits: dict[str, Callable[[], Outcome]]) -> dict[str, Outcome]:
    facts = {
        "part": part,
        "code": code_hash(ROOT / "litmus_core" / "engine", *(ROOT / "benchmarks").glob("_parameters_*.py")),
        "versions": versions(*PACKAGES),
    }
    with _silent():
        found = run.results.cached(facts, lambda: {name: fit() for name, fit in fits.items()})
    run.say(part)
    return dict(found)


def _whole(door: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return reached_by(door, Path(folder))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", default=",".join(PARTS))
    parser.add_argument("--cards", default="")


if __name__ == "__main__":
    main("parameters", figures, add_arguments=_arguments)
