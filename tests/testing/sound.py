"""Plug-ins with nothing wrong with them, one or more a point."""

SOURCE = '''
from __future__ import annotations
from pathlib import Path
from typing import Annotated, Literal
import shutil
import numpy as np
import pandas as pd
from litmus_core.plugins import (
    Range, action, algorithm, certificate_line, data_source, exporter, hook, metric, postprocessor,
    preprocessor, task_type
)


@preprocessor(title="Capped prices", when="A few prices run away")
class Caps:
    """Cuts a column at a share of its training rows."""

    def __init__(self, share: Annotated[float, Range(0, 1), "the share that stays"] = 0.95,
                 how: Literal["cut", "log"] = "cut", name: str | None = None):
        self.share, self.how, self.name = share, how, name

    def fit(self, frame, target):
        self.most = float(frame["price"].quantile(self.share))

    def transform(self, frame):
        return frame.assign(capped=frame["price"].clip(upper=self.most))


@preprocessor
class Words:
    def transform(self, frame):
        return frame.assign(short=frame["label"].str.len().fillna(0) < 6)


@postprocessor
class Segments:
    def fit(self, answers, rows, truth):
        self.share = float(np.mean(truth))

    def apply(self, answers, rows):
        yes = np.where(rows["city"] == "Oslo", 0.5 * answers[:, 1], answers[:, 1])
        return np.column_stack([1 - yes, yes])


@postprocessor
class Rounded:
    def apply(self, answers, rows):
        if answers.ndim != 1:
            raise ValueError("numbers only")
        return np.round(answers)


@metric(
    needs="labels", greater_is_better=True, low=0, high=1, title="Share right", sentence="is right {value}"
)
def right(truth, answer):
    return float((truth == answer).mean())


@metric(needs="probabilities", greater_is_better=False, low=0)
def surprise(truth, answer, floor: Annotated[float, Range(0.0001, 0.1)] = 0.001):
    classes = np.array(["no", "yes"])
    said = answer[np.arange(len(truth)), np.searchsorted(classes, truth)]
    return float(-np.log(np.maximum(said, floor)).mean())


@metric(needs="values", greater_is_better=False, low=0)
def miss(truth, answer, power: int = 1):
    return float((np.abs(truth - answer) ** power).mean())


@algorithm
class Nearest:
    def __init__(self, steep: float = 1.0):
        self.steep = steep

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.means_ = np.array([X[y == each].mean(axis=0) for each in self.classes_])
        return self

    def predict_proba(self, X):
        near = np.exp(-self.steep * ((X[:, None, :] - self.means_) ** 2).sum(axis=2)) + 1e-9
        return near / near.sum(axis=1, keepdims=True)


@data_source(prefix="shop://", example="shop://orders")
def shop(location, days: int = 30):
    if location != "shop://orders":
        raise FileNotFoundError(location)
    return pd.DataFrame({"n": np.arange(days), "who": ["a", "b"] * (days // 2)})


@task_type(base="regression", default_metric="rmse")
class Logged:
    def encode(self, values):
        return np.log1p(np.asarray(values, dtype=float))

    def decode(self, answers):
        return np.expm1(answers)


@task_type(base="regression", columns=("size",), loss="poisson", example=((0, 1.0), (3, 0.5), (1, 2.0)))
class Rates:
    def __init__(self, size: str = "size"):
        self.size = size

    def check(self, values, rows):
        return "" if (rows[self.size] > 0).all() else "Some sizes are not above 0."

    def encode(self, values, rows):
        return values / rows[self.size]

    def weigh(self, values, rows):
        return rows[self.size]

    def decode(self, answers, rows):
        return answers * rows[self.size]


@task_type(
    base="regression", columns=("team",), group="team", loss={"lightgbm": "lambdarank"}, predicts="order",
    default_metric="first", example=((0, "a"), (2, "a"), (1, "b"), (0, "b")),
)
class Order:
    def __init__(self, team: str = "team"):
        self.team = team

    def encode(self, values, rows):
        return values

    def decode(self, answers, rows):
        return answers


@metric(needs="values by group", greater_is_better=True, low=0, high=1)
def first(truth, answer):
    return float("nan") if len(truth) < 2 else float(truth[np.argmax(answer)] == truth.max())


@exporter
class Copy:
    def write(self, bundle, to):
        shutil.copytree(bundle, to)
        return to


@hook
class Diary:
    def on_run_start(self, run):
        print("began", run["id"])

    def on_verdict(self, verdict):
        self.last = verdict["outcome"]


@action
class Folds:
    def __init__(self, most: int = 10):
        self.most = most

    def propose(self, situation, rows):
        if not situation["run"]["may_fold"] or len(rows) < 100:
            return []
        left = (situation["chosen"]["high"] - situation["chosen"]["low"]) / 4
        gain = {"value": left, "low": 0.0, "high": 2 * left}
        return [{"key": "many", "title": "Many folds", "gain": gain, "plan": {"folds": self.most}}]


@certificate_line(title="Ready for the shop")
class Small:
    def __init__(self, most_mb: float = 2.0):
        self.most_mb = most_mb

    def check(self, facts, rows, predictions):
        size = facts["bundle"]["size_mb"]
        return {"passed": size <= self.most_mb, "figure": size, "sentence": f"It takes {size:.1f} MB."}
'''
NAMES = (
    "Caps",
    "Words",
    "Segments",
    "Rounded",
    "right",
    "surprise",
    "miss",
    "Nearest",
    "shop",
    "Logged",
    "Rates",
    "Order",
    "first",
    "Copy",
    "Diary",
    "Folds",
    "Small",
)
