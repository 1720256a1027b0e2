"""MAPIE and crepes on the same predictions, run in an environment of their own: ``FILE.npz OUT.json``.

The file holds, for each split, predictions and columns of calibration and test rows. Each way that a package
offers for a fitted model is tried; what needs a difficulty first gets half of the calibration rows for it.
"""

import json
import sys
import warnings

import crepes
import numpy as np
from crepes.extras import DifficultyEstimator, binning
from mapie.classification import SplitConformalClassifier
from mapie.regression import SplitConformalRegressor
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

warnings.filterwarnings("ignore")
LEVEL = 0.9


class Predicted(RegressorMixin, BaseEstimator):
    """A fitted model whose predictions are the first column."""

    def fit(self, rows, truth=None):
        self.is_fitted_ = True
        return self

    def predict(self, rows):
        return np.asarray(rows)[:, 0]


class Probable(ClassifierMixin, BaseEstimator):
    """A fitted model whose columns are the probabilities."""

    def __init__(self, n_classes=2):
        self.n_classes = n_classes

    def fit(self, rows, truth=None):
        self.classes_ = np.arange(self.n_classes)
        self.is_fitted_ = True
        return self

    def predict_proba(self, rows):
        return np.asarray(rows)

    def predict(self, rows):
        return np.asarray(rows).argmax(axis=1)


def counted(truth, low, high):
    return {"share": float(np.mean((low <= truth) & (truth <= high))), "size": float(np.mean(high - low))}


def of_numbers(split):
    calibration, test, truth = split["calibration"], split["test"], split["test_truth"]
    residuals = split["calibration_truth"] - calibration
    ways = {}
    for name in ("absolute", "gamma"):
        try:
            model = SplitConformalRegressor(
                Predicted().fit(calibration), confidence_level=LEVEL, conformity_score=name, prefit=True
            )
            model.conformalize(calibration[:, None], split["calibration_truth"])
            ends = model.predict_interval(test[:, None])[1][:, :, 0]
            ways[f"mapie {name}"] = counted(truth, ends[:, 0], ends[:, 1])
        except ValueError:  # gamma scores are of positive numbers alone
            continue

    def crepes_way(name, residuals, **more):
        at_test = {key: values[1] for key, values in more.items()}
        fitted = crepes.ConformalRegressor().fit(
            residuals=residuals, **{key: values[0] for key, values in more.items()}
        )
        ends = fitted.predict_int(test, confidence=LEVEL, **at_test)
        ways[f"crepes {name}"] = counted(truth, ends[:, 0], ends[:, 1])

    crepes_way("standard", residuals)
    bins, edges = binning(calibration, bins=20)
    crepes_way("by predicted value", residuals, bins=(bins, binning(test, bins=edges)))
    half = len(calibration) // 2
    columns, test_columns = np.nan_to_num(split["calibration_columns"]), np.nan_to_num(split["test_columns"])
    for name, about in (
        ("nearest residuals", {"residuals": residuals[:half]}),
        ("nearest truths", {"y": split["calibration_truth"][:half]}),
        ("distance", {}),
    ):
        difficulty = DifficultyEstimator().fit(X=columns[:half], scaler=True, **about)
        sigmas = (difficulty.apply(columns[half:]), difficulty.apply(test_columns))
        crepes_way(name, residuals[half:], sigmas=sigmas)
    return ways


def of_labels(split):
    calibration, test, truth = split["calibration"], split["test"], split["test_truth"].astype(int)
    n_classes = calibration.shape[1]
    ways = {}
    for name in ("lac",) if n_classes == 2 else ("lac", "aps", "raps"):
        model = SplitConformalClassifier(
            Probable(n_classes).fit(calibration),
            confidence_level=LEVEL,
            conformity_score=name,
            prefit=True,
            random_state=0,
        )
        try:
            model.conformalize(calibration, split["calibration_truth"].astype(int))
            inside = model.predict_set(test)[1][:, :, 0]
        except ValueError as error:
            print(name, error, file=sys.stderr)
            continue
        empty = float(np.mean(inside.sum(axis=1) == 0))
        inside[np.arange(len(test)), test.argmax(axis=1)] = True  # none empty, as ours
        share = float(np.mean(inside[np.arange(len(test)), truth]))
        ways[f"mapie {name}"] = {"share": share, "size": float(inside.sum(axis=1).mean()), "empty": empty}
    return ways


def main(source, target):
    with np.load(source, allow_pickle=False) as stored:
        arrays = dict(stored)
    n_splits = int(arrays.pop("n_splits"))
    splits = [
        {name.split(" ", 1)[1]: values for name, values in arrays.items() if name.startswith(f"{number} ")}
        for number in range(n_splits)
    ]
    ways = [of_labels(split) if split["calibration"].ndim == 2 else of_numbers(split) for split in splits]
    with open(target, "w", encoding="utf-8") as file:
        json.dump(ways, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
