"""Verdicts where the truth is known: test parts drawn from hidden rows, bars drawn about the true score.

Each split goes through the product's own code: candidates are chosen by a validation part (``choose``), the
chosen one is scored once on a test part (``score_interval``, as many replicates as a run draws) and judged
(``verdict``). Then somebody tries again: up to five models are judged one after the other on the same test
rows until one meets the bar. And where a verdict is undecided, as many rows as it asks for are drawn and
judged with those at hand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks._flexible_tables import METRICS, Answers
from litmus_core.advice import choose
from litmus_core.metrics import Metric, choice_luck, constant_score, get_metric, score_interval
from litmus_core.types import Bar, Candidate, Score, Task, Verdict
from litmus_core.verdicts import verdict

SIZES = (100, 300, 1_000, 5_000)
REACH = 4.0  # bars lie within so many standard errors of the truth
N_LOOKS = 5
_REPLICATES = 2_000
_ERROR_DRAWS = 200
_MOST_TO_SETTLE = 300  # test rows: the rows asked for stay few enough to draw
_MOST_FOR_LUCK = _MOST_AGAIN = 1_000

Case = dict[str, Any]
Measured = tuple[Score, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class World:
    """One table's hidden rows seen through one metric."""

    answers: Answers
    metric: Metric
    truths: dict[str, float]  # by model
    baseline: float

    @property
    def sign(self) -> float:
        return 1.0 if self.metric.greater_is_better else -1.0

    def score(self, model: str, rows: np.ndarray) -> float:
        return self.metric.score(
            self.answers.truth[rows], self.answers.models[model][rows], classes=self.answers.classes
        )

    def measure(self, model: str, rows: np.ndarray, *, seed: int) -> Measured:
        return score_interval(
            self.metric,
            self.answers.truth[rows],
            self.answers.models[model][rows],
            classes=self.answers.classes,
            seed=seed,
            n=_REPLICATES,
        )

    def judge(self, model: str, measured: Measured, bar: float, *, n_evaluations: int = 1) -> Verdict:
        score, replicates = measured
        return verdict(
            task=self.task(bar),
            candidate=self.candidate(model, None),
            score=score,
            replicates=replicates,
            baseline=self.baseline,
            n_evaluations=n_evaluations,
        )

    def task(self, bar: float) -> Task:
        return Task(
            dataset_version_id="benchmark",
            target=self.answers.table.target,
            problem_type=self.answers.table.problem,
            metric=self.metric.name,
            features=(),
            bar=Bar(metric=self.metric.name, op=">=" if self.metric.greater_is_better else "<=", value=bar),
        )

    def candidate(self, model: str, validation: float | None) -> Candidate:
        score = None
        if validation is not None:
            score = Score(
                metric=self.metric.name, value=validation, low=validation, high=validation, n_rows=1
            )
        return Candidate(
            id=model,
            run_id="run",
            experiment_id="experiment",
            name=model,
            model=model,
            family=model,
            family_kind=model,
            is_ensemble=False,
            fit_s=1.0,
            validation=score,
        )

    def passes(self, model: str, bar: float) -> bool:
        return self.sign * (self.truths[model] - bar) >= 0


def cases(answers: Answers, *, n_splits: int, seed: int) -> list[Case]:
    """Return what happened in each split, for each metric and size of the test part."""
    found: list[Case] = []
    for name in METRICS[answers.table.problem]:
        metric = get_metric(name)
        everything = np.arange(len(answers.truth))
        world = World(
            answers=answers,
            metric=metric,
            truths={
                model: metric.score(answers.truth, said, classes=answers.classes)
                for model, said in answers.models.items()
            },
            baseline=constant_score(metric, answers.truth, answers.truth, classes=answers.classes),
        )
        for size in SIZES:
            rng = np.random.default_rng([seed, size, zlib.crc32(f"{answers.table.name} {name}".encode())])
            errors: dict[str, float] = {}
            for split in range(n_splits if size <= 1_000 else n_splits // 2):
                found.append(_case(world, everything, size, split, rng=rng, errors=errors))
    return found


def _case(
    world: World,
    everything: np.ndarray,
    size: int,
    split: int,
    *,
    rng: np.random.Generator,
    errors: dict[str, float],
) -> Case:
    validation, test = _rows(world, everything, size, rng=rng), _rows(world, everything, size, rng=rng)
    on_validation = {model: world.score(model, validation) for model in world.truths}
    chosen, _ = choose(
        [world.candidate(model, value) for model, value in on_validation.items()], world.task(0.0)
    )
    if chosen not in errors:
        errors[chosen] = _standard_error(world, chosen, everything, size, rng=rng)
    truth, error = world.truths[chosen], errors[chosen]
    distance = float(rng.uniform(-REACH, REACH))  # of the bar beyond the truth, on its bad side
    bar = truth + world.sign * distance * error
    found = world.judge(chosen, world.measure(chosen, test, seed=split), bar)
    return {
        "metric": world.metric.name,
        "size": size,
        "outcome": found.outcome,
        "passes": world.passes(chosen, bar),
        "distance": distance,
        "covered": found.score.low <= truth <= found.score.high,
        "chance": found.probability_passes,
        "settled": _settled(world, chosen, test, bar, found, everything, rng=rng),
        "flattered": world.sign * (on_validation[chosen] - truth) / error,
        "luck": _luck(world, validation, error=error, seed=split),
        "looks": list(_looks(world, test, bar, order=rng.permutation(list(world.truths)), seed=split)),
    }


def _rows(world: World, everything: np.ndarray, size: int, *, rng: np.random.Generator) -> np.ndarray:
    """Draw rows of the hidden ones; of two classes, anew until there are both, as a stratified split has."""
    rows = rng.choice(everything, size)
    while len(world.answers.classes) == 2 and len(set(world.answers.truth[rows].tolist())) < 2:
        rows = rng.choice(everything, size)
    return rows


def _standard_error(
    world: World, model: str, everything: np.ndarray, size: int, *, rng: np.random.Generator
) -> float:
    scores = [world.score(model, _rows(world, everything, size, rng=rng)) for _ in range(_ERROR_DRAWS)]
    return float(np.std(scores, ddof=1))


def _settled(
    world: World,
    model: str,
    test: np.ndarray,
    bar: float,
    found: Verdict,
    everything: np.ndarray,
    *,
    rng: np.random.Generator,
) -> bool | None:
    """Return whether the rows that the verdict asks for settle it; None where it asks for none."""
    if found.more_rows is None or len(test) > _MOST_TO_SETTLE:
        return None
    rows = np.concatenate([test, rng.choice(everything, found.more_rows)])
    return world.judge(model, world.measure(model, rows, seed=0), bar).outcome != "undecided"


def _luck(world: World, validation: np.ndarray, *, error: float, seed: int) -> float | None:
    """Return the estimated luck of the best of all models, in standard errors of a score."""
    if len(validation) > _MOST_FOR_LUCK:
        return None
    luck = choice_luck(
        world.metric,
        world.answers.truth[validation],
        [said[validation] for said in world.answers.models.values()],
        classes=world.answers.classes,
        seed=seed,
    )
    return None if luck is None else luck / error


def _looks(world: World, test: np.ndarray, bar: float, *, order: np.ndarray, seed: int) -> Iterator[Case]:
    """Judge models one after the other until one meets the bar: looks counted, and each as if the first."""
    if len(test) > _MOST_AGAIN:
        return
    waiting = {"counted", "uncounted"}
    for at, model in enumerate(order[:N_LOOKS].tolist()):
        measured = world.measure(model, test, seed=seed)
        for way in sorted(waiting):
            found = world.judge(model, measured, bar, n_evaluations=at + 1 if way == "counted" else 1)
            if found.outcome == "meets":
                waiting.remove(way)
                yield {"way": way, "passes": world.passes(model, bar), "n_evaluations": at + 1}
