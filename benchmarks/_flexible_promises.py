"""Bars promised after looking: do they hold on hidden rows?

Somebody looks at the test scores of one, three or five models on the same test rows, and promises the best
bar that any of them keeps (``promised_value``), all looks counted. It holds where that model's score on all
hidden rows is at the bar or better.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from benchmarks._flexible_tables import METRICS, Answers
from benchmarks._flexible_verdicts import Case, World
from benchmarks._harness import Figure
from litmus_core.metrics import constant_score, get_metric
from litmus_core.verdicts import promised_value

SIZES = (100, 300, 1_000)
N_LOOKS = (1, 3, 5)
_FAR = 0.0  # the bar of the verdict that the promise is read off: it decides nothing


def promises(answers: Answers, *, n_splits: int, seed: int) -> list[Case]:
    """Return what was promised in each split, for each metric, size of the test part and number of looks."""
    found: list[Case] = []
    for name in METRICS[answers.table.problem]:
        world = _world(answers, name)
        for size in SIZES:
            rng = np.random.default_rng([seed, size, zlib.crc32(f"{answers.table.name} {name}".encode())])
            for split in range(n_splits):
                test = _rows(answers, size, rng=rng)
                found += _after_looks(world, test, order=rng.permutation(list(world.truths)), seed=split)
    return found


def _world(answers: Answers, name: str) -> World:
    """Return a table's hidden rows as the metric ``name`` sees them."""
    metric, classes = get_metric(name), answers.classes
    truths = {
        model: metric.score(answers.truth, said, classes=classes) for model, said in answers.models.items()
    }
    baseline = constant_score(metric, answers.truth, answers.truth, classes=classes)
    return World(answers=answers, metric=metric, truths=truths, baseline=baseline)


def _rows(answers: Answers, size: int, *, rng: np.random.Generator) -> np.ndarray:
    """Draw hidden rows; of two classes until there are both, as a stratified split has."""
    rows = rng.choice(len(answers.truth), size)
    while len(answers.classes) == 2 and len(set(answers.truth[rows].tolist())) < 2:
        rows = rng.choice(len(answers.truth), size)
    return rows


def _after_looks(world: World, test: np.ndarray, *, order: np.ndarray, seed: int) -> Iterator[Case]:
    """Yield the best promise of the first models of ``order``, looks counted and each as if the only one."""
    judged = {
        model: world.judge(model, world.measure(model, test, seed=seed), _FAR)
        for model in order[: max(N_LOOKS)].tolist()
    }
    for n_looks in N_LOOKS:
        looked_at = list(judged)[:n_looks]
        for way, n_evaluations in (("counted", n_looks), ("uncounted", 1)):
            offers = [
                (world.sign * value, value, model)
                for model in looked_at
                if (value := promised_value(judged[model], n_evaluations=n_evaluations)) is not None
            ]
            _, value, model = max(offers, default=(0.0, None, ""))
            yield {
                "metric": world.metric.name,
                "size": len(test),
                "looks": n_looks,
                "way": way,
                "kept": None if value is None else world.passes(model, value),
            }


def promises_figures(every: list[Case]) -> list[Figure]:
    """Return how many of the promised bars hold, in all and by metric, size and looks."""
    made = [each for each in every if each["kept"] is not None]
    counted = [each for each in made if each["way"] == "counted"]
    found = [
        Figure(name="promises", value=len(counted), unit="promises", target=1_000, better="higher"),
        Figure(
            name="promised_after_looking", value=_kept(counted), unit="share", target=0.95, better="higher"
        ),
        _told("a bar could be promised", len(made) / max(1, len(every))),
        _told(
            "promised_after_looking, looks not counted",
            _kept([each for each in made if each["way"] == "uncounted"]),
        ),
    ]
    for field in ("looks", "size", "metric"):
        for value in sorted({each[field] for each in counted}):
            part = [each for each in counted if each[field] == value]
            found.append(_told(f"promised_after_looking, {field} {value}", _kept(part)))
    return found


def _kept(made: list[Case]) -> float:
    held = [bool(each["kept"]) for each in made]
    return sum(held) / max(1, len(held))


def _told(name: str, value: float) -> Figure:
    return Figure(name=name, value=float(value), unit="share", target=None, better="higher")
