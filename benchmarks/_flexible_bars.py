"""Does following what Litmus suggests reach a bar that ten times the time reaches, on real tables?

A first run is given a few seconds, and a reference ten times as many: its score on the hidden rows is the
bar. Then only the top suggestion that a click can start is followed, at most five times and in at most half
of the reference's time, the first run and finding out what would help included. One run of its own is given
just as long. What counts is where each ends on the hidden rows, in shares of the way from the first run to
the bar.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_speed import METRICS, truth_of
from benchmarks._flexible_tables import Table

if TYPE_CHECKING:
    from litmus_core import Studio
    from litmus_core.metrics import PairedDifference
    from litmus_core.runtime import Predictor
    from litmus_core.types import Action, ActionList, Bar, Candidate

N_TRAIN, MOST_CLICKS = 5_000, 5
TIMES, HALF = 10.0, 0.5  # the reference's time, in first runs; what following may take of it
_MOST_HIDDEN = 20_000
_LEAST_S = 8.0  # a click with less time left is not made


@dataclass(frozen=True, kw_only=True)
class _Model:
    """A model of a workspace that is open, and the seconds that led to it."""

    studio: Studio
    candidate: Candidate
    spent_s: float


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One table's rows to learn from in a file, and its hidden rows."""

    table: Table
    file: Path
    hidden: Any
    seed: int

    @property
    def metric(self) -> str:
        return METRICS[self.table.problem]

    def train(self, name: str, *, seconds: float, bar: Bar | None = None) -> _Model:
        """Train as anybody would, in a workspace that knows nothing of the others."""
        import litmus_core

        handle = litmus_core.train(
            self.file,
            self.table.target,
            problem_type=self.table.problem,
            metrics=self.metric,
            bar=bar,
            time_limit_s=seconds,
            seed=self.seed,
            workspace=self.file.with_name(name),
        )
        handle.wait()
        chosen = handle.studio.chosen(handle.run_id)
        return _Model(studio=handle.studio, candidate=chosen, spent_s=_spent(handle.studio, handle.run_id))

    def answers(self, model: _Model) -> Any:
        """Return the model's answers to the hidden rows whose class it knows, (n, k) or (n,)."""
        opened = self.opened(model)
        if self.table.problem == "regression":
            return opened.predict_values(self.hidden)
        return opened.predict_proba(self.hidden[truth_of(opened, self.table, self.hidden)[1]])

    def opened(self, model: _Model) -> Predictor:
        """Open the model for answering."""
        from litmus_core.engine import open_candidate

        run_dir = model.studio.workspace.run_dir(model.candidate.run_id)
        return open_candidate(run_dir, model.candidate.model)


def bars(table: Table, *, seconds: float, seed: int) -> dict[str, Any]:
    """Return where following the top suggestions, and one run of the same length, end on hidden rows."""
    frame = table.load().sample(frac=1.0, random_state=seed).reset_index(drop=True)
    with tempfile.TemporaryDirectory(prefix="bars-") as scratch:
        file = Path(scratch) / "rows.csv"
        frame[:N_TRAIN].to_csv(file, index=False)
        asked = _Asked(table=table, file=file, hidden=frame[N_TRAIN : N_TRAIN + _MOST_HIDDEN], seed=seed)
        return _measured(asked, seconds)


def _measured(asked: _Asked, seconds: float) -> dict[str, Any]:
    reference = asked.train("reference", seconds=TIMES * seconds)
    first = asked.train("followed", seconds=seconds, bar=_bar(asked, reference))
    said = {"reference": asked.answers(reference), "first": asked.answers(first)}
    clicks: list[dict[str, Any]] = []
    followed = first
    for _ in range(MOST_CLICKS):
        left = HALF * TIMES * seconds - followed.spent_s
        followed, click = _click(asked, followed, left_s=left, said=said)
        if click is None:
            break
        clicks.append(click)
    said["followed"] = asked.answers(followed)
    longer = asked.train("longer", seconds=followed.spent_s)
    said["longer"] = asked.answers(longer)
    way = _better(asked, reference, said, "reference", "first")
    for each in (reference, first, longer):
        each.studio.close()
    return {
        "way": way.value,
        "way_se": (way.high - way.low) / 3.92,
        "followed": _better(asked, reference, said, "followed", "first").value,
        "longer": _better(asked, reference, said, "longer", "first").value,
        "clicks": clicks,
        "first_s": first.spent_s,
        "followed_s": followed.spent_s,
        "longer_s": longer.spent_s,
        "reference_s": reference.spent_s,
        "n_hidden": len(asked.hidden),
    }


def _bar(asked: _Asked, reference: _Model) -> Bar:
    """Return the reference's score on the hidden rows."""
    from litmus_core.metrics import get_metric
    from litmus_core.types import Bar

    metric = get_metric(asked.metric)
    opened = asked.opened(reference)
    truth, _ = truth_of(opened, asked.table, asked.hidden)
    named = {"classes": opened.classes, "positive_class": opened.positive_class} if opened.classes else {}
    value = float(metric.score(truth, asked.answers(reference), **named))
    return Bar(metric=asked.metric, op=">=" if metric.greater_is_better else "<=", value=value)


def _click(
    asked: _Asked, held: _Model, *, left_s: float, said: dict[str, Any]
) -> tuple[_Model, dict[str, Any] | None]:
    """Start the top suggestion that a click can start; return the model that then leads, and what came."""
    studio = held.studio
    listed = studio.actions(held.candidate.run_id)
    left_s -= listed.seconds
    action = _top(studio, listed)
    if action is None or left_s < _LEAST_S:
        return held, None
    run = studio.wait(studio.apply_action(held.candidate.run_id, action.key, most_s=left_s).id)
    spent = held.spent_s + listed.seconds + _spent(studio, run.id)
    made = None if run.chosen_id is None else studio.candidate(run.chosen_id)
    click: dict[str, Any] = {
        "key": action.key,
        "kind": action.kind,
        "predicted": [action.gain.value, action.gain.low, action.gain.high],
        "listed_s": listed.seconds,
        "seconds": _spent(studio, run.id),
        "status": run.status,
        "came": None,
        "kept": False,
    }
    if made is None:
        return _Model(studio=studio, candidate=held.candidate, spent_s=spent), click
    new = _Model(studio=studio, candidate=made, spent_s=spent)
    said["before"], said["new"] = asked.answers(held), asked.answers(new)
    click["came"] = _better(asked, held, said, "new", "before").value
    leader = _leading(studio, held.candidate, made)
    click["kept"] = leader.id == made.id
    return _Model(studio=studio, candidate=leader, spent_s=spent), click


def _top(studio: Studio, listed: ActionList) -> Action | None:
    """Return the first action that is a run, may bring something, and was not taken yet from there."""
    done = {each.key for each in studio.action_outcomes() if each.follows_run_id == listed.run_id}
    offered = [each for each in listed.actions if each.plan is not None and each.gain.value > 0]
    return next((each for each in offered if each.key not in done), None)


def _leading(studio: Studio, *candidates: Candidate) -> Candidate:
    """Return the one that leads the leaderboard: by validation."""
    from litmus_core.advice import choose

    task = studio.experiment(candidates[0].experiment_id).task
    best, _ = choose(candidates, task)
    return next(each for each in candidates if each.id == best)


def _spent(studio: Studio, run_id: str) -> float:
    """Return a run's seconds but those in which its models are timed."""
    from litmus_core.types import RunEnded

    ends = [each.fact for each in studio.events(run_id) if isinstance(each.fact, RunEnded)]
    return sum(value for stage, value in (ends[-1].seconds or {}).items() if stage != "latency")


def _better(asked: _Asked, model: _Model, said: dict[str, Any], new: str, old: str) -> PairedDifference:
    """Return how much better one's answers to the hidden rows score than another's."""
    from litmus_core.metrics import get_metric, paired_difference

    opened = asked.opened(model)
    truth, _ = truth_of(opened, asked.table, asked.hidden)
    named = {"classes": opened.classes, "positive_class": opened.positive_class} if opened.classes else {}
    return paired_difference(get_metric(asked.metric), truth, said[new], said[old], seed=0, n=200, **named)


def low_of_mean(shares: list[float], *, seed: int = 0) -> float:
    """Return the lower end of the 90 % interval of a mean over tables, by bootstrap."""
    values = np.array(shares)
    drawn = np.random.default_rng(seed).choice(values, (10_000, len(values))).mean(axis=1)
    return float(np.quantile(drawn, 0.05))
