"""Quick checks in every training for what makes the test score look better than it is."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.metrics import get_metric
from litmus_core.types import Caution, FindingsDismissed, Fix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData
    from litmus_core.types import Candidate, CheckReport, DatasetVersion, Finding, Score, Task

_log = logging.getLogger(__name__)

_WORTH_SAYING = 0.01  # share of test rows that repeat training rows
_FEWEST = 3
_FEWEST_LEFT = 20  # test rows needed for a separate score
_CHECKED_ROWS = 2_000
_SHARE, _LEAST_S, _MOST_S = (
    0.05,
    2.0,
    10.0,
)  # share of the time limit, in processor time, after which no check starts
_KINDS = ("leakage", "row_order", "structure")


def find_cautions(
    context: RunContext, data: RunData, chosen: Candidate, score_of: Callable[[np.ndarray], Score | None]
) -> tuple[Caution, ...]:
    """Return the verdict's cautions: copies, test rows that are too old, leaks, groups, a weaker model.

    ``chosen`` has its test score; ``score_of`` scores it on the test rows at positions of the frame. Takes a
    few seconds at most, however large the table: the checks' models use 2,000 rows, and none starts after 5 %
    of the limit.
    """
    cautions: list[Caution] = []
    checks: tuple[Callable[[], Sequence[Caution]], ...] = (
        lambda: _weaker_model(context, data, chosen),
        lambda: _copies(context, data, score_of),
        lambda: _older_rows(context, data, score_of),
        lambda: _check_cautions(context),
    )
    for check in checks:
        try:
            cautions += check()
        except Exception as error:  # noqa: BLE001 - after any error the verdict stands
            _log.exception("The data could not be checked.")
            cautions.append(Caution(kind="not_checked", error=type(error).__name__))
    return tuple(cautions)


def _weaker_model(context: RunContext, data: RunData, chosen: Candidate) -> list[Caution]:
    """Return a caution if the chosen model is clearly worse than the models of the outer folds, which judge.

    A busy machine may have cut short the chosen model only. With rows in time order, the validation rows are
    the latest, which may simply be harder.
    """
    judged, validated = chosen.test, chosen.validation
    if (
        data.outer is None
        or context.experiment.task.split.kind == "time"
        or judged is None
        or validated is None
    ):
        return []
    if validated.metric != judged.metric or not validated.n_rows:
        return []
    is_higher_better = get_metric(validated.metric).greater_is_better
    is_worse = validated.high < judged.low if is_higher_better else validated.low > judged.high
    return [Caution(kind="weaker_model", score=validated)] if is_worse else []


def _copies(
    context: RunContext, data: RunData, score_of: Callable[[np.ndarray], Score | None]
) -> list[Caution]:
    from litmus_core.checks import are_copies

    task = context.experiment.task
    test = data.judging
    is_shared = _is_learned(data, test)
    n_shared = int(is_shared.sum())
    if n_shared < _FEWEST or n_shared < _WORTH_SAYING * len(test):
        return []
    version = context.versions()[task.dataset_version_id]
    if not are_copies(context.workspace, version, [*task.features, task.target]):
        return []
    others = test[~is_shared]
    return [
        Caution(
            kind="duplicate_rows",
            n_rows=n_shared,
            n_test=len(test),
            score=score_of(others) if len(others) >= _FEWEST_LEFT else None,
            fix=_without_copies(task),
        )
    ]


def _older_rows(
    context: RunContext, data: RunData, score_of: Callable[[np.ndarray], Score | None]
) -> list[Caution]:
    """Return a caution if test rows are older than rows that the model learned from.

    A table that has grown keeps its parts, so newer training rows are later than old test rows.
    """
    from litmus_core.data import moments

    plan = context.experiment.task.split
    if plan.kind != "time" or not plan.grown_from:
        return []
    times, test = moments(data.frame, plan.columns), data.index("test")
    learned = times[np.concatenate([data.index("train"), data.index("validation")])]
    is_older = times[test] <= np.nanmax(learned)
    n_older = int(is_older.sum())
    if not n_older:
        return []
    later = test[~is_older]
    score = score_of(later) if len(later) >= _FEWEST_LEFT else None
    return [Caution(kind="older_rows", n_rows=n_older, n_test=len(test), score=score)]


def _is_learned(data: RunData, test: np.ndarray) -> np.ndarray:
    """Return (n,) whether the model of each judging row learned from an equal row, target included."""
    import pandas as pd

    names = [*(column.name for column in data.columns), data.target]
    cells = pd.util.hash_pandas_object(data.frame[names], index=False).to_numpy()
    if data.outer is not None:  # a fold learns from the other folds, and from rows that no fold judges
        folds = pd.Series(data.outer).groupby(cells).transform("nunique").to_numpy()
        return np.asarray(folds[test] > 1)
    learned = np.concatenate([data.index("train"), data.index("validation")])
    return np.asarray(np.isin(cells[test], cells[learned]))


def _without_copies(task: Task) -> Fix | None:
    """Return the fix that removes duplicates; None if the test rows come from another table."""
    if task.test_version_id is not None:
        return None
    names = (*task.features, task.target)
    return Fix(kind="drop_duplicates", columns=names, check="duplicate_rows")


def _check_cautions(context: RunContext) -> list[Caution]:
    """Return findings of quick models on samples, for the task's columns and split."""
    task, versions = context.experiment.task, context.versions()
    report = _checks_of(context, versions[task.dataset_version_id])
    for check in report.not_made:
        if check.kind in _KINDS:
            _log.info("The data were not checked for %s. %s", check.kind, check.reason)
    fine = _ignored(context, versions[task.dataset_version_id].dataset_id)
    return [
        _caution(finding)
        for finding in report.findings
        if finding.kind in _KINDS and _concerns(finding, task) and finding.key not in fine
    ]


def _checks_of(context: RunContext, version: DatasetVersion) -> CheckReport:
    """Return the stored report of all checks for this target, or one of the few that warn of a score."""
    from litmus_core.checks import read_report, run_checks

    task = context.experiment.task
    return read_report(context.workspace, version, task.target, None) or run_checks(
        context.workspace,
        version,
        target=task.target,
        kinds=_KINDS,
        seed=task.seed,
        n_rows=_CHECKED_ROWS,
        deadline=time.process_time() + min(_MOST_S, max(_LEAST_S, _SHARE * task.time_limit_s)),
        split=task.split.kind,
    )


def _ignored(context: RunContext, dataset_id: str) -> set[str]:
    """Return the keys of the findings that somebody ignored."""
    fine: set[str] = set()
    for event in context.journal.events(types=[FindingsDismissed]):
        fact = event.fact
        if isinstance(fact, FindingsDismissed) and fact.dataset_id == dataset_id:
            fine = fine.union(fact.keys) if fact.dismissed else fine.difference(fact.keys)
    return fine


def _concerns(finding: Finding, task: Task) -> bool:
    """Return whether a finding concerns this task's score, by its columns or by another split."""
    if finding.severity == "hint":
        return False
    if finding.kind != "structure":
        return set(finding.columns) <= set(task.features)
    if finding.severity != "harmful" or task.test_version_id is not None:
        return False
    wanted = None if finding.fix is None else finding.fix.split
    return wanted is not None and wanted.kind != task.split.kind


def _caution(finding: Finding) -> Caution:
    return Caution(
        kind=finding.kind,
        statement=finding.statement,
        columns=finding.columns,
        severity=finding.severity,
        fix=finding.fix,
    )
