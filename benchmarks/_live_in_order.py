"""Lives of an endpoint as they came: a model of a table's past answers the rows that followed, in windows.

The past is 2,000 rows that train and the 1,000 after them (of small tables two fifths of that and a fifth of
all), on which the bar is proved: the best one that 19 of 20 redrawings of these rows meet. Outcomes come late
and out of order, half a window of rows after the answer at the mean. What is true is what came later: the
score of all rows that followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import models_of, numbers
from benchmarks._live_replays import WINDOW, Part, drift_alarms, first_alarm
from benchmarks._live_tables import TABLES, Table, in_order
from litmus_core.metrics import LabelCase, Metric, bootstrap, get_metric
from litmus_core.types import Bar
from litmus_core.verdicts import expected_score, judge_live
from litmus_core.verdicts._live.increments import Case, increments_of, rows_of, value_of

N_WINDOWS = 20  # of a life
NEAR = 0.02  # of a distance: two per cent
_FEWEST_OUTCOMES = 50
_ORACLE = 2 * 1.645  # standard errors
_FEWEST_INCREMENTS = 20  # fewer have no standard error to speak of
_N_TRAIN, _N_PROVE, _MOST_LIVE = 2_000, 1_000, 20_000
_LATEST_START = 0.2  # share of the rows after which the past may begin
_FEWEST_REST = 3  # windows without which a rest of a life says nothing
_NEXT = 5  # windows after an alarm that show whether it was true at the time
_CALENDAR = (
    "year",
    "yearacc",
    "trend",
    "timestamp",
    "when",
    "pan_day",
)  # time moves; no drift tool is asked about it


@dataclass(frozen=True, kw_only=True)
class Life:
    """A model's answers to the rows that proved its bar, and to those that followed, which it lived through.

    ``order`` are the rows in the order of their outcomes' arrival, after ``arrivals`` answered rows.
    """

    metric: Metric
    bar: Bar
    proved: Case
    live: Case
    columns: tuple[NDArray[np.float64], NDArray[np.float64]]  # of the same rows
    order: NDArray[np.int64]
    arrivals: NDArray[np.float64]

    @property
    def ends(self) -> list[int]:
        """The last rows of its windows."""
        return np.linspace(0, self.live.n_rows, N_WINDOWS + 1)[1:].astype(int).tolist()

    def score(self, start: int, end: int | None = None) -> float:
        """Return the score of rows, NaN if it is undefined."""
        return value_of(self.metric, rows_of(self.live, slice(start, end)))

    def worse(self, value: float, than: float) -> float:
        """Return by how much a score is worse than another; of a distance, as a share of it."""
        worse = than - value if self.metric.greater_is_better else value - than
        return worse / abs(than) if self.metric.unit == "target" else worse

    def gap(self, start: int, end: int | None = None) -> float:
        """Return by how much rows miss the bar."""
        return self.worse(self.score(start, end), self.bar.value)


def replayed(table: Table, metric_name: str, seed: int) -> Part:
    """Live through a table once: what was said at each window, and what came after it."""
    life = _life(table, metric_name, seed)
    if life is None:
        return {}
    alarm = first_alarm(life.metric, life.bar.value, rows_of(life.live, life.order), 0)
    alarm = None if alarm is None else max(alarm, _FEWEST_OUTCOMES)
    n_rows = life.live.n_rows
    cuts = np.linspace(0, n_rows, max(_FEWEST_REST, n_rows // WINDOW) + 1).astype(int).tolist()
    return {
        "looks": [_look(life, end) for end in life.ends],
        "windows": [_window(life, start, end) for start, end in pairwise(cuts)],
        "alarm": _alarm(life, alarm),
        "fall": _fall(life, alarm),
    }


def _life(table: Table, metric_name: str, seed: int) -> Life | None:
    metric, (truth, raw, columns, n_proved) = get_metric(metric_name), _answered(table.name, seed)
    classes = [str(label) for label in range(raw.shape[1])] if raw.ndim > 1 else []
    outcomes = truth if not classes else truth.astype(str)
    case = metric.case(outcomes, raw, classes=classes, positive_class="1" if len(classes) == 2 else None)
    proved, live = rows_of(case, slice(0, n_proved)), rows_of(case, slice(n_proved, None))
    redrawn = metric.evaluate(proved, bootstrap(n_proved, None, n=1_000, seed=seed))
    value = float(np.nanquantile(redrawn, 0.05 if metric.greater_is_better else 0.95))
    if not np.isfinite(value):
        return None
    delays = np.random.default_rng([seed, 5]).exponential(live.n_rows / N_WINDOWS / 2, live.n_rows)
    arrivals = np.arange(live.n_rows) + delays
    return Life(
        metric=metric,
        bar=Bar(metric=metric.name, op=">=" if metric.greater_is_better else "<=", value=value),
        proved=proved,
        live=live,
        columns=(columns[:n_proved], columns[n_proved:]),
        order=np.argsort(arrivals, kind="stable"),
        arrivals=np.sort(arrivals),
    )


@cache
def _answered(name: str, seed: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64], int]:
    """Return truth, answers and columns of the rows that prove the bar and follow, and how many prove it.

    Classes are codes by their names; one that the training rows lack has a code beyond those of the answers.
    """
    table = next(each for each in TABLES if each.name == name)
    frame = in_order(table)
    first = int(np.random.default_rng([seed, 4]).uniform(0.0, _LATEST_START) * len(frame))
    n_train, n_proved = min(_N_TRAIN, len(frame) * 2 // 5), min(_N_PROVE, len(frame) // 5)
    features, target = numbers(frame.drop(columns=table.target)), frame[table.target].to_numpy()
    train = slice(first, first + n_train)
    later = slice(first + n_train, first + n_train + n_proved + _MOST_LIVE)
    if table.problem == "regression":
        truth = target.astype(np.float64)
    else:
        met = sorted(set(target[train].tolist()), key=str)
        truth = np.array([met.index(each) if each in met else len(met) for each in target.tolist()])
    models = models_of(table.problem)
    model = models[sorted(models)[seed % len(models)]]
    model.fit(features[train], truth[train])
    ask = model.predict if table.problem == "regression" else model.predict_proba
    raw = np.asarray(ask(features[later]), dtype=np.float64)
    moving = [
        at for at, column in enumerate(frame.drop(columns=table.target)) if column.lower() not in _CALENDAR
    ]
    return truth[later], raw, np.nan_to_num(features[later][:, moving]), n_proved


def _look(life: Life, end: int) -> Part:
    """Judge by the outcomes that had come when ``end`` rows were answered.

    ``rest`` is by how much all later rows missed the bar, ``holds`` whether the range held their score.
    """
    n_known = int(np.searchsorted(life.arrivals, end, side="right"))
    judged = judge_live(life.metric, life.bar, rows_of(life.live, life.order[:n_known]))
    rest = life.score(end) if end <= life.ends[-1 - _FEWEST_REST] else float("nan")
    if not np.isfinite(rest):
        return {"state": judged.state, "rest": None}
    part = {"state": judged.state, "rest": life.worse(rest, life.bar.value)}
    if judged.score is not None:
        part["holds"] = bool(judged.score.low <= rest <= judged.score.high)
    return part


def _window(life: Life, start: int, end: int) -> Part:
    """Estimate a window before its outcomes came, with PSI and KS beside it."""
    rows, base = rows_of(life.live, slice(start, end)), value_of(life.metric, life.proved)
    truth = value_of(life.metric, rows)
    if not np.isfinite(truth):
        return {}
    part: Part = {"base": base, "truth": truth, "worse": life.worse(truth, base), "expected": None}
    part |= drift_alarms(life.columns[0], life.columns[1][start:end])
    if isinstance(rows, LabelCase) and isinstance(life.proved, LabelCase):
        expected = expected_score(life.metric, rows, life.proved, seed=0)
        if expected is not None:
            part |= {"expected": expected.value, "low": expected.low, "high": expected.high}
    return part


def _alarm(life: Life, n_outcomes: int | None) -> Part | None:
    """Say by how much the windows after an alarm, and all rows after it, missed the bar; None: no alarm."""
    if n_outcomes is None:
        return None
    answered = int(life.arrivals[n_outcomes - 1])
    window = life.live.n_rows // N_WINDOWS
    enough = life.live.n_rows - answered >= _FEWEST_REST * window
    return {
        "outcomes": n_outcomes,
        "answered": answered,
        "next": _number(life.gap(answered, answered + _NEXT * window)) if enough else None,
        "rest": _number(life.gap(answered)) if enough else None,
        "all": _number(life.gap(0)),
    }


def _fall(life: Life, alarm: int | None) -> Part | None:
    """Say after how many outcomes of rows since a lasting fall it was found; None: no fall of two points."""
    starts = [start for start in [0, *life.ends] if start <= life.ends[-1 - _FEWEST_REST]]
    start = max(starts, key=lambda each: life.gap(each) * (life.live.n_rows - each))
    if not life.gap(start) >= NEAR:
        return None
    since = life.order[life.order >= start]
    fallen = increments_of(life.metric, life.bar.value, rows_of(life.live, since))
    if fallen is None:
        return None
    counts = np.arange(1, len(fallen.values) + 1)
    means = np.cumsum(fallen.values) / counts
    errors = np.sqrt(np.maximum(np.cumsum(fallen.values**2) / counts - means**2, 1e-18) / counts)
    is_enough = (counts >= _FEWEST_INCREMENTS) & (fallen.ends >= _FEWEST_OUTCOMES)
    rejects = np.flatnonzero((means >= _ORACLE * errors) & is_enough)
    return {
        "start": start,
        "depth": life.gap(start),
        "rows": None if alarm is None else int((life.order[:alarm] >= start).sum()),
        "rows at most": len(since),
        "oracle 95": int(fallen.ends[rejects[0]]) if len(rejects) else None,
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
