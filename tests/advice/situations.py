"""A finished run, made up, and tables whose rows trials may try things on."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd

from litmus_core.advice import Situation, TimeSpent, TrialData, action_list_sentence
from litmus_core.advice._summary import unmet_limits
from litmus_core.types import ActionList, Candidate, Column, Run, RunPlan, RunTimes, Score, Task

RUN = Run(
    id="r",
    experiment_id="e",
    number=1,
    plan=RunPlan(),
    status="finished",
    times=RunTimes(queued_at=""),
    chosen_id="r-x",
)


def known_rows(frame, problem, metric, columns=None):
    columns = columns or tuple(
        Column(name=name, original_name=name, kind="number", storage="DOUBLE")
        for name in frame.columns
        if name != "y"
    )
    task = Task(
        dataset_version_id="v",
        target="y",
        problem_type=problem,
        metric=metric,
        features=tuple(each.name for each in columns),
    )
    truth = frame["y"].to_numpy()
    classes = () if problem == "regression" else tuple(np.unique(truth.astype(str)).tolist())
    return TrialData(frame[list(task.features)], truth, columns, task, classes)


def situation_of(known, **changes):
    score = Score(metric=known.task.metric, value=0.5, low=0.45, high=0.55, n_rows=100)
    chosen = Candidate(
        id="r-x", run_id="r", experiment_id="e", name="LightGBM", model="m", family="lightgbm",
        family_kind="boosting", is_ensemble=False, fit_s=1.0, validation=score,
    )  # fmt: skip
    situation = Situation(
        run=RUN,
        task=known.task,
        chosen=chosen,
        time=TimeSpent(limit_s=30.0, fit_s=2.0),
        n_folds=0,
        may_fold=True,
    )
    return changed(situation, **changes)


def changed(situation, **changes):
    """Change fields of the situation, and of what it groups."""
    for name in ("time", "families", "sample"):
        group = getattr(situation, name)
        own = {field.name: changes.pop(field.name) for field in fields(group) if field.name in changes}
        situation = replace(situation, **{name: replace(group, **own)})
    return replace(situation, **changes)


def numbers(n_rows, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n_rows, 4))
    frame = pd.DataFrame(x, columns=list("abcd"))
    frame["y"] = np.sin(2 * frame["a"]) * frame["b"] + 0.5 * frame["c"] + random.normal(0, 0.1, n_rows)
    return frame


def summed_up(situation, actions, tried):
    """Return the sentence of a list; ``tried`` are the rows of its trials, None without."""
    limits = unmet_limits(situation, actions, tried)
    n_rows = 0 if tried is None else len(tried.frame)
    listed = ActionList(
        run_id="r",
        actions=tuple(actions),
        metric=situation.task.metric,
        n_rows=n_rows,
        seconds=0.0,
        limits=limits,
    )
    return action_list_sentence(listed)
