"""Models trained as anybody would train them, and what they answer to a real table's hidden rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._flexible_speed import truth_of
from benchmarks._flexible_tables import Table
from litmus_core import Compute, Data, Goal

if TYPE_CHECKING:
    from litmus_core import Studio
    from litmus_core.metrics import PairedDifference
    from litmus_core.types import Bar, Candidate

N_TRAIN = 5_000
_MOST_HIDDEN = 20_000


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model of a workspace that is open, and the seconds that led to it."""

    studio: Studio
    candidate: Candidate
    spent_s: float


@dataclass(frozen=True, kw_only=True)
class Said:
    """A model's answers to the hidden rows whose class it knows, (n, k) or (n,), and where its yes begins."""

    answers: Any
    threshold: float | None
    truth: Any
    named: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One table: rows to learn from in a ``file``, ``spare`` rows to add, and ``hidden`` rows to judge by."""

    table: Table
    metric: str
    file: Path
    spare: Any
    hidden: Any
    seed: int

    def train(self, name: str, *, seconds: float, bar: Bar | None = None) -> Model:
        """Train as anybody would, in a workspace that knows nothing of the others."""
        import litmus_core

        handle = litmus_core.train(
            Data(self.file, task=self.table.problem, seed=self.seed),
            self.table.target,
            goal=Goal(bar, metrics=self.metric),
            compute=Compute(time_limit_s=seconds),
            workspace=self.file.with_name(name),
        )
        handle.wait()
        chosen = handle.studio.candidates.chosen(handle.run_id)
        return Model(studio=handle.studio, candidate=chosen, spent_s=spent(handle.studio, handle.run_id))

    def said(self, model: Model) -> Said:
        """Return what the model answers to the hidden rows, its steps included."""
        opened = model.studio.candidates.predictor(model.candidate.id)
        truth, known = truth_of(opened, self.table, self.hidden)
        if self.table.problem == "regression":
            return Said(answers=opened.predict_values(self.hidden), threshold=None, truth=truth, named={})
        return Said(
            answers=opened.predict_proba(self.hidden[known]),
            threshold=opened.threshold,
            truth=truth,
            named={"classes": opened.classes, "positive_class": opened.positive_class},
        )

    def score(self, said: Said) -> float:
        """Return the score of answers to the hidden rows."""
        from litmus_core.metrics import get_metric

        metric = get_metric(self.metric)
        return float(metric.score(said.truth, said.answers, threshold=said.threshold, **said.named))

    def better(self, new: Said, old: Said) -> PairedDifference:
        """Return how much better one model's answers score than another's on the same rows."""
        from litmus_core.metrics import get_metric, paired_difference

        return paired_difference(
            get_metric(self.metric),
            new.truth,
            new.answers,
            old.answers,
            thresholds=(new.threshold, old.threshold),
            seed=0,
            n=200,
            **new.named,
        )


@contextmanager
def asked_of(table: Table, metric: str, *, seed: int) -> Iterator[Asked]:
    """Part a table into rows to learn from, to add and to judge by; all is gone afterwards."""
    frame = table.load().sample(frac=1.0, random_state=seed).reset_index(drop=True)
    with tempfile.TemporaryDirectory(prefix="asked-") as scratch:
        file = Path(scratch) / "rows.csv"
        frame[:N_TRAIN].to_csv(file, index=False)
        half = N_TRAIN + N_TRAIN // 2
        yield Asked(
            table=table,
            metric=metric,
            file=file,
            spare=frame[N_TRAIN:half],
            hidden=frame[half : half + _MOST_HIDDEN],
            seed=seed,
        )


def spent(studio: Studio, run_id: str) -> float:
    """Return a run's seconds but those in which its models are timed."""
    from litmus_core.types import RunEnded

    ends = [each.fact for each in studio.runs.events(run_id) if isinstance(each.fact, RunEnded)]
    return sum(value for stage, value in (ends[-1].seconds or {}).items() if stage != "latency")
