"""Which columns a model needs: the loss in validation score when a column's values are shuffled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.engine._autogluon.trainer_folder import quiet, trainer_of
from litmus_core.engine._compile.candidate import columns_of
from litmus_core.engine._refine._pool import children_of, teacher_predictions, tested_rows
from litmus_core.engine._refine._score import scorer_of
from litmus_core.engine._run_folder.folder import read_model_info, read_rows

_MOST_COLUMNS = 40  # to try: those with the highest gain in a tree model
_SHARES = (0.98, 0.85)  # share of the gain of all columns together


def important_column_sets(
    folder: Path, model: str, sources_of: Mapping[str, set[str]], *, seed: int
) -> list[list[str]]:
    """Return ever smaller sets of raw columns that keep most of the score.

    ``model`` of the folder is one of LightGBM's; ``sources_of`` maps its columns to raw ones.
    """
    drops = dict(_drops(folder, model, sources_of, seed=seed))
    helps = sorted((drop for drop in drops if drops[drop] > 0), key=lambda drop: -drops[drop])
    share = np.cumsum([drops[column] for column in helps]) / sum(drops[column] for column in helps)
    sizes = [int(np.searchsorted(share, wanted)) + 1 for wanted in _SHARES] if helps else []
    n_all = len(set().union(*sources_of.values()))
    return [helps[:size] for size in dict.fromkeys(sizes) if size < n_all]


def _drops(
    folder: Path, model: str, sources_of: Mapping[str, set[str]], *, seed: int
) -> Iterator[tuple[str, float]]:
    """Yield each used raw column with the loss in score when its values are shuffled."""
    rows, problem_type = read_rows(folder), read_model_info(folder)["problem_type"]
    trainer = trainer_of(folder, model)
    children = children_of(trainer.load_model(model))
    tested = tested_rows(rows)
    features = trainer.load_X() if rows.folds else trainer.load_X_val()
    score, _ = scorer_of(folder, rows.truth[tested], seed=seed)
    order = np.random.default_rng([seed, 23]).permutation(len(features))
    with quiet():
        baseline = score(teacher_predictions(children, features, rows, problem_type)[tested])
        for column in _used_columns(children, sources_of):
            derived = [name for name in features.columns if column in sources_of.get(name, ())]
            mixed = features.assign(**{name: features[name].array[order] for name in derived})
            yield column, baseline - score(teacher_predictions(children, mixed, rows, problem_type)[tested])


def _used_columns(children: list[Any], sources_of: Mapping[str, set[str]]) -> list[str]:
    """Return the raw columns that the children's trees use, by decreasing gain."""
    gains: dict[str, float] = {}
    for child in children:
        gain = child.model.feature_importance("gain")
        for name, value in zip(columns_of(child), gain, strict=True):
            for column in sources_of[name]:
                gains[column] = gains.get(column, 0.0) + float(value)
    used = [column for column, gain in gains.items() if gain > 0]
    return sorted(used, key=lambda column: -gains[column])[:_MOST_COLUMNS]
