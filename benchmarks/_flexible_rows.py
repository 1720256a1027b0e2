"""More rows of one class: what is predicted of them, against what they bring.

A few thousand rows of a real table are what there is. What twice as many rows of a class should bring is
predicted from them, as ``litmus improve`` does before outcomes correct it. Then the rows are added, the same
stand-in learns from all of them, and both are scored on hidden rows, where classes have the shares of the
table. Learned as they are, the new rows also make their class more frequent than it is; with the shares kept,
probabilities are brought back to those of the table, and what is left is what the rows teach.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import Table, numbers
from litmus_core.advice._trials.class_subsampling import with_share
from litmus_core.advice._trials.runner import TrialResults, run_trials

if TYPE_CHECKING:
    from litmus_core.advice import TrialData

Case = dict[str, Any]
METRICS = ("accuracy", "balanced_accuracy", "log_loss")
_MOST_HIDDEN = 8_000
_MOST_CLASSES = 3  # the rarest that there are rows to add of
_FEWEST = 30
_SECONDS = 900.0  # enough for all that is tried: figures do not hang on how busy a machine is
_DRAWS = 2  # of which rows say when to stop


def cases(table: Table, *, seed: int) -> list[Case]:
    """Return a case for each of the rarest classes and each metric: gains, more is better."""
    known, base, spare, hidden = _parted(table, seed=seed)
    few = _rows_of(known, base)
    tried = run_trials(few, seconds=_SECONDS, seed=seed, others=False)
    if tried is None:
        return []
    found: list[Case] = []
    sizes = {label: int((few.truth == label).sum()) for label in known.classes}
    for label in sorted(sizes, key=lambda each: sizes[each]):
        extra = spare[known.truth[spare] == label][: sizes[label]]
        code = known.classes.index(label)
        if (
            sizes[label] < _FEWEST
            or len(extra) < sizes[label]
            or not any(f"class {code}" in each for each in tried.predictions)
        ):
            continue
        rarer = _rarer(tried, code)
        came = _came(known, base, extra, hidden, code=code, seed=seed)
        for metric in METRICS:
            found.append(
                {
                    "table": table.name,
                    "class": label,
                    "n": sizes[label],
                    "metric": metric,
                    "predicted": _predicted(tried, code, metric, n_rows=len(base)),
                    "predicted_rarer": _predicted(rarer, code, metric, n_rows=len(base)),
                    **came[metric],
                }
            )
        if len(found) >= _MOST_CLASSES * len(METRICS):
            break
    return found


def _parted(
    table: Table, *, seed: int
) -> tuple[TrialData, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the whole table, and which rows there are, which may be added, and which are hidden."""
    import pandas as pd

    from litmus_core.advice import TrialData
    from litmus_core.types import Column, Task

    frame = table.load()
    matrix = numbers(frame.drop(columns=table.target))
    truth = frame[table.target].astype(str).to_numpy(dtype=object)
    names = [f"c{at}" for at in range(matrix.shape[1])]
    columns = tuple(Column(name=name, original_name=name, kind="number", storage="DOUBLE") for name in names)
    order = np.random.default_rng([seed, 5]).permutation(len(frame))
    hidden, rest = order[:_MOST_HIDDEN][: len(order) // 2], order[len(order) // 2 :]
    base, spare = rest[: table.n_train], rest[table.n_train :]
    classes = tuple(sorted(set(truth[base].tolist())))
    task = Task(
        dataset_version_id="v",
        target="y",
        problem_type="binary" if len(classes) == 2 else "multiclass",
        metric="accuracy",
        features=tuple(names),
    )
    met = np.isin(truth, classes)
    known = TrialData(pd.DataFrame(matrix, columns=names)[met], truth[met], columns, task, classes)
    place = np.cumsum(met) - 1
    parts = (place[each[met[each]]] for each in (base, spare, hidden))
    return known, *parts  # type: ignore[return-value]


def _rows_of(known: TrialData, at: NDArray[np.int64]) -> TrialData:
    return replace(known, frame=known.frame.iloc[at], truth=known.truth[at])


def _rarer(tried: TrialResults, code: int) -> TrialResults:
    """Return the trials as the stand-in answered them: the class rarer, by the rows that it went without."""
    way = f"class {code}"
    answers = [
        each | {way: [with_share(one, code, times=0.5) for one in each[way]]} if way in each else each
        for each in tried.predictions
    ]
    return replace(tried, predictions=answers)


def _predicted(tried: TrialResults, code: int, metric: str, *, n_rows: int) -> float | None:
    from litmus_core.advice._learning_curve import doublings, extrapolate_gain, next_doubling_share

    probe = tried.probe
    task = replace(probe.data.task, metric=metric)
    probe.data = replace(probe.data, task=task)
    last = tried.better("single", f"class {code}")
    share, _ = next_doubling_share(tried)
    return doublings(extrapolate_gain(last, tried, share, n_rows=n_rows), share, 1.0).value


def _came(
    known: TrialData,
    base: NDArray[np.int64],
    extra: NDArray[np.int64],
    hidden: NDArray[np.int64],
    *,
    code: int,
    seed: int,
) -> dict[str, dict[str, float]]:
    """Return by metric what the rows brought, as they are and with the classes' shares kept."""
    from litmus_core.advice._surrogate import Surrogate, parts_of
    from litmus_core.metrics import get_metric

    probe = Surrogate(known, seed=seed)
    sums = {metric: np.zeros(3) for metric in METRICS}
    label = known.classes[code]
    n_own = int((known.truth[base] == label).sum())
    for draw in range(_DRAWS):
        stop, more_stop = (parts_of(rows, seed=seed + draw)[0] for rows in (base, extra))
        before = probe.fit(np.setdiff1d(base, stop), stop, hidden)
        learn = np.concatenate([np.setdiff1d(base, stop), np.setdiff1d(extra, more_stop)])
        as_is = probe.fit(learn, np.concatenate([stop, more_stop]), hidden)
        kept = as_is.copy()
        kept[:, code] *= n_own / (n_own + len(extra))
        kept /= kept.sum(axis=1, keepdims=True)
        for name in METRICS:
            metric = get_metric(name)
            sign = 1.0 if metric.greater_is_better else -1.0
            scores = [
                sign * metric.score(known.truth[hidden], answers, classes=known.classes)
                for answers in (before, as_is, kept)
            ]
            sums[name] += scores
    return {
        name: {
            "came": float((total[1] - total[0]) / _DRAWS),
            "came_kept": float((total[2] - total[0]) / _DRAWS),
        }
        for name, total in sums.items()
    }
