"""Lives of an endpoint, replayed: answers of cheap models to hidden rows of real tables, drawn one by one.

To rows that are drawn with replacement the hidden rows are the whole world, so that the score is known
exactly, and a bar set to it is met by nothing to spare: where false alarms are likeliest.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import TABLES, Answers, Table, answers, numbers
from litmus_core.metrics import LabelCase, Metric, ValueCase, get_metric
from litmus_core.verdicts import expected_score
from litmus_core.verdicts._live.bets import bets_against
from litmus_core.verdicts._live.evidence import ALARM, evidence_of_fall
from litmus_core.verdicts._live.increments import Case, increments_of, rows_of, value_of
from litmus_core.verdicts._live.interval import anytime_interval

Part = dict[str, Any]
METRICS = {
    "binary": ("accuracy", "roc_auc", "f1", "log_loss", "average_precision"),
    "multiclass": ("accuracy", "log_loss", "f1_macro"),
    "regression": ("rmse", "mae", "r2"),
}
N_LOOKS, LIFE = 200, 10_000
FALL_AT, POINTS = 2_000, 0.03
WINDOW, N_WINDOWS = 2_000, 8
_LOOKS_OF_INFLUENCE = 40  # a metric that is judged by influence is judged again at each look
_MOST_AFTER = 60_000
_Z95, _Z80 = 1.645, 0.842


@cache
def answers_of(name: str) -> Answers:
    """Return what the models of a table answer to its hidden rows."""
    return answers(next(table for table in TABLES if table.name == name))


def case_of(found: Answers, model: str, metric: Metric) -> Case:
    """Return all hidden rows as a case."""
    raw = found.models[model]
    if found.table.problem == "regression":
        return ValueCase(truth=found.truth, predicted=raw)
    positive = 1 if found.table.problem == "binary" else 0
    return LabelCase(codes=found.truth, probabilities=raw, positive=positive, threshold=None)


def life(table: Table, metric_name: str, seed: int) -> Part:
    """Replay one life without a fall: whether an alarm was raised, and whether the interval ever missed."""
    metric, world, bar = _world(table, metric_name, seed)
    rows = rows_of(world, np.random.default_rng([seed, 1]).integers(0, world.n_rows, LIFE))
    missed = False
    for n_rows in np.unique(np.geomspace(50, LIFE, 20).astype(int)):
        score = anytime_interval(metric, rows_of(rows, slice(0, int(n_rows))), seed=seed)
        missed |= score is not None and not score.low <= bar <= score.high
    return {"alarm": first_alarm(metric, bar, rows, 0) is not None, "missed": bool(missed)}


def fall(table: Table, metric_name: str, seed: int) -> Part:
    """Replay a life with a fall of three points: rows until it was found, and what an oracle needs."""
    metric, world, bar = _world(table, metric_name, seed)
    rng = np.random.default_rng([seed, 2])
    worse = _worse(world, metric, bar, rng)
    if worse is None:
        return {}
    fallen = increments_of(metric, bar, rows_of(worse, slice(0, 40_000)))
    if fallen is None:
        return {}
    rows_each = fallen.ends[-1] / len(fallen.values)
    per_row = rows_each * float(np.var(fallen.values)) / max(float(np.mean(fallen.values)), 1e-9) ** 2
    oracle = {"oracle 95": per_row * (2 * _Z95) ** 2, "oracle 80": per_row * (_Z95 + _Z80) ** 2}
    n_after = int(min(_MOST_AFTER, 10 * oracle["oracle 95"] + 500))
    before = rows_of(world, rng.integers(0, world.n_rows, FALL_AT))
    after = rows_of(worse, rng.integers(0, worse.n_rows, n_after))
    found = first_alarm(metric, bar, _joined(before, after), FALL_AT)
    told = first_alarm(metric, bar, after, 0)
    return oracle | {
        "rows": None if found is None else max(0, found - FALL_AT),
        "rows if told": told,
        "rows at most": n_after,
    }


def _world(table: Table, metric_name: str, seed: int) -> tuple[Metric, Case, float]:
    found, metric = answers_of(table.name), get_metric(metric_name)
    models = sorted(found.models)
    world = case_of(found, models[seed % len(models)], metric)
    return metric, world, value_of(metric, world)


def first_alarm(metric: Metric, bar: float, rows: Case, start: int) -> int | None:
    """Return after how many rows a bet raised the alarm; None if none did.

    Bets that are not exact are computed again at each look: 200 beside an exact bet, 40 for metrics that have
    no exact one and take longer.
    """
    bets = bets_against(metric, bar, rows)
    alarms = [(bet.ends, evidence_of_fall(bet).alarm) for bet in bets if bet.is_exact]
    first = min((int(ends[alarm]) for ends, alarm in alarms if alarm is not None), default=None)
    if bets and all(bet.is_exact for bet in bets):
        return first
    n_looks = N_LOOKS if any(bet.is_exact for bet in bets) else _LOOKS_OF_INFLUENCE
    for n_rows in np.linspace(start, rows.n_rows, n_looks + 1)[1:].astype(int).tolist():
        if first is not None and n_rows >= first:
            break
        so_far = bets_against(metric, bar, rows_of(rows, slice(0, n_rows)))
        if any(evidence_of_fall(bet).now >= ALARM for bet in so_far if not bet.is_exact):
            return n_rows
    return first


def _worse(world: Case, metric: Metric, bar: float, rng: np.random.Generator) -> Case | None:
    """Give a share of the rows another row's answer, so that the score falls by three points."""
    drop = POINTS * (abs(bar) if metric.unit == "target" else 1.0)
    other, when = rng.permutation(world.n_rows), rng.random(world.n_rows)
    low, high, worse = 0.0, 1.0, None
    for _ in range(20):
        share = (low + high) / 2
        mixed = _mixed(world, other, when < share)
        fallen = bar - value_of(metric, mixed) if metric.greater_is_better else value_of(metric, mixed) - bar
        low, high = (share, high) if fallen < drop else (low, share)
        worse = mixed if abs(fallen - drop) < 0.1 * drop else worse
    return worse


def _mixed(world: Case, other: NDArray[np.int64], is_mixed: NDArray[np.bool_]) -> Case:
    if isinstance(world, ValueCase):
        predicted = np.where(is_mixed, world.predicted[other], world.predicted)
        return ValueCase(truth=world.truth, predicted=predicted)
    probabilities = np.where(is_mixed[:, None], world.probabilities[other], world.probabilities)
    return LabelCase(codes=world.codes, probabilities=probabilities, positive=world.positive, threshold=None)


def _joined(one: Case, other: Case) -> Case:
    if isinstance(one, ValueCase) and isinstance(other, ValueCase):
        return ValueCase(truth=np.r_[one.truth, other.truth], predicted=np.r_[one.predicted, other.predicted])
    assert isinstance(one, LabelCase)
    assert isinstance(other, LabelCase)
    return LabelCase(
        codes=np.r_[one.codes, other.codes],
        probabilities=np.r_[one.probabilities, other.probabilities],
        positive=one.positive,
        threshold=None,
    )


def windows(table: Table, metric_name: str, seed: int) -> list[Part]:
    """Estimate windows under a shift of one column before outcomes come, with PSI and KS beside it."""
    metric, world, _ = _world(table, metric_name, seed)
    columns = _hidden_columns(table.name)
    rng = np.random.default_rng([seed, 3])
    reference = np.sort(rng.choice(world.n_rows, min(2_000, world.n_rows // 3), replace=False))
    rest = np.setdiff1d(np.arange(world.n_rows), reference)
    base = value_of(metric, rows_of(world, reference))
    parts = []
    for number in range(N_WINDOWS):
        column = columns[rest, int(rng.integers(columns.shape[1]))]
        tilt = np.exp(rng.choice([0.0, 1.0, -1.0, 2.0, -2.0]) * _ranks(column))
        rows = rest[rng.choice(len(rest), WINDOW, p=tilt / tilt.sum())]
        live, known = rows_of(world, rows), rows_of(world, reference)
        truth = value_of(metric, live)
        if not np.isfinite(truth):
            continue
        expected = expected_score(metric, live, known, seed=number)
        part: Part = {"truth": truth, "base": base, "expected": None}
        part |= drift_alarms(columns[reference], columns[rows])
        if expected is not None:
            part |= {"expected": expected.value, "low": expected.low, "high": expected.high}
        parts.append(part)
    return parts


@cache
def _hidden_columns(name: str) -> NDArray[np.float64]:
    table = next(table for table in TABLES if table.name == name)
    frame = table.load()
    features = np.nan_to_num(numbers(frame.drop(columns=table.target)))
    truth = frame[table.target].to_numpy()
    if table.problem != "regression":
        features = features[np.isin(truth, list(set(truth[: table.n_train].tolist())))]
    return features[table.n_train :]


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from -1 to 1, equal values together."""
    _, codes = np.unique(values, return_inverse=True)
    return 2.0 * codes / max(1, codes.max()) - 1.0


def drift_alarms(before: NDArray[np.float64], now: NDArray[np.float64]) -> Part:
    """Return whether any column raises an alarm: KS with Bonferroni, and PSI beyond 0.2."""
    from scipy.stats import ks_2samp

    pairs = list(zip(before.T, now.T, strict=True))
    return {
        "ks": any(ks_2samp(one, other).pvalue < 0.05 / len(pairs) for one, other in pairs),
        "psi": any(_psi(one, other) > 0.2 for one, other in pairs),
    }


def _psi(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    edges = np.unique(np.quantile(one, np.linspace(0, 1, 11)[1:-1]))
    shares = []
    for values in (one, other):
        counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
        shares.append(np.maximum(counts / counts.sum(), 1e-4))
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
