"""The one file that ``benchmarks.scientist`` begins with: what a scientist would write, four parts of it."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from litmus_core.plugins import Range, algorithm, metric, postprocessor, preprocessor


@preprocessor(title="What delays a flight", when="Rows are flights with their schedule")
class Schedule:
    """Adds how busy the hour is, how often the route is flown, and the speed that the schedule asks for."""

    def __init__(self, rush: Annotated[int, Range(0, 23), "the hour from which delays pile up"] = 15):
        self.rush = rush

    def fit(self, frame, target):
        self.often_ = frame["dest"].value_counts(normalize=True).to_dict()

    def transform(self, frame):
        frame = frame.copy()
        frame["hours into the rush"] = (frame["hour"] - self.rush).clip(lower=0)
        frame["share of flights there"] = frame["dest"].map(self.often_).fillna(0.0)
        frame["log distance"] = np.log1p(frame["distance"])
        frame["weekend"] = frame["time_hour"].dt.dayofweek >= 5
        return frame.drop(columns=["minute"])


@algorithm(title="Ridge logistic regression", when="Effects add up")
class Logistic:
    """Newton's method on the log-odds, with a penalty on large weights."""

    def __init__(
        self, penalty: Annotated[float, Range(0, 1000), "how much large weights cost"] = 1.0, steps: int = 8
    ):
        self.penalty, self.steps = penalty, steps

    def fit(self, X, y):
        rows = np.column_stack([np.ones(len(X)), X])
        weights = np.zeros(rows.shape[1])
        ridge = self.penalty * np.eye(len(weights))
        ridge[0, 0] = 1e-6
        for _ in range(self.steps):
            p = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (p - y) + ridge @ weights
            curve = (rows * (p * (1 - p))[:, None]).T @ rows + ridge
            weights -= np.linalg.solve(curve, slope)
        self.weights_ = weights
        return self

    def predict_proba(self, X):
        p = 1 / (1 + np.exp(-np.clip(self.weights_[0] + X @ self.weights_[1:], -30, 30)))
        return np.column_stack([1 - p, p])


@postprocessor(title="As late as the carrier is", when="Carriers differ in what the model missed")
class ByCarrier:
    """Moves the log-odds of each carrier by what was missed on rows that the model did not learn from."""

    def __init__(self, caution: Annotated[float, Range(0, 10_000), "rows that no shift counts as"] = 200.0):
        self.caution = caution

    def fit(self, answers, rows, truth):
        late, said = (np.asarray(truth) == "yes").astype(float), answers[:, 1]
        carriers = rows["carrier"].fillna("").to_numpy()
        self.shift_ = {}
        for carrier in np.unique(carriers):
            here = carriers == carrier
            missed = (late[here] - said[here]).sum() / (here.sum() + self.caution)
            self.shift_[carrier] = float(missed / 0.25)

    def apply(self, answers, rows):
        p = np.clip(answers[:, 1], 1e-9, 1 - 1e-9)
        shift = rows["carrier"].fillna("").map(self.shift_).fillna(0.0).to_numpy(dtype=float)
        p = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + shift)))
        return np.column_stack([1 - p, p])


@metric(
    needs="probabilities",
    greater_is_better=True,
    low=0,
    high=1,
    title="Late flights among the most suspicious",
    sentence="finds {value} of the late flights among those it suspects most",
)
def found_among_suspects(
    truth, answer, share: Annotated[float, Range(0.01, 1), "the share of flights suspected"] = 0.2
):
    """Share of the late flights that are among the most suspicious ``share`` of all flights."""
    late, said = np.asarray(truth) == np.unique(truth)[-1], answer[:, 1]
    n = max(1, round(share * len(late)))
    cut = np.sort(said)[-n]
    above, at = said > cut, said == cut  # of equally suspicious flights it counts a share
    found = late[above].sum() + late[at].mean() * (n - above.sum())
    return float(found / max(1, late.sum()))
