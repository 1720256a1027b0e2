"""The racers as each is used by those who know it: learn from a table, answer rows.

Each adapter runs in its tool's environment and imports nothing else of the repo. ``one`` gives a row in the
form that the tool's public call takes at its quickest: a record for Litmus, a data frame for the others.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

_FEWEST_TO_JUDGE = 0.02  # share of the rows that Litmus sets aside where no verdict is wanted: it wants some


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a tool is asked: to predict ``target``, best by ``metric``, after ``seconds`` of learning."""

    target: str
    problem: str  # binary, multiclass, regression
    metric: str  # roc_auc, log_loss, rmse
    seconds: float
    seed: int
    train: str  # the CSV file of the rows to learn from
    folder: str  # where the tool may write


class Tool(Protocol):
    """A racer. ``classes`` are the labels in the order of the columns that ``answer`` gives."""

    classes: list[str]

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        """Learn from ``train``, within ``job.seconds``."""
        ...

    def answer(self, rows: Any) -> np.ndarray:
        """Return (n, k) probabilities, or (n,) values, by the tool's public call."""
        ...

    def one(self, row: pd.DataFrame) -> Any:
        """Return a data frame of one row as ``answer`` takes it at its quickest."""
        ...


class _Framed:
    """A tool whose rows are data frames."""

    classes: list[str]

    def one(self, row: pd.DataFrame) -> Any:
        return row


class Constant(_Framed):
    """The classes' shares or the mean, whatever is asked: what every racer has to beat."""

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        target = train[job.target]
        if job.problem == "regression":
            self.classes, self._always = [], np.array([target.mean()])
        else:
            shares = target.value_counts(normalize=True)
            self.classes, self._always = list(shares.index), shares.to_numpy()[None, :]

    def answer(self, rows: Any) -> np.ndarray:
        return np.repeat(self._always, len(rows), axis=0)


class Litmus:
    """Litmus as it comes: its own test part, verdict and latency stage within the call."""

    has_verdict = True

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        import litmus_core
        from litmus_core import Compute, Data
        from litmus_core.types import SplitPlan

        asked: dict[str, Any] = {"task": job.problem, "seed": job.seed}
        if not self.has_verdict:
            n_classes = 0 if job.problem == "regression" else train[job.target].nunique()
            share = max(_FEWEST_TO_JUDGE, 2 * n_classes / len(train))
            asked["split"] = SplitPlan(test_fraction=share)
        handle = litmus_core.train(
            Data(Path(job.train), **asked),
            job.target,
            goal=job.metric,
            compute=Compute(time_limit_s=job.seconds),
            workspace=Path(job.folder) / "workspace",
        )
        handle.wait()
        chosen = handle.studio.candidates.chosen(handle.run_id)
        self._predictor = handle.studio.candidates.predictor(chosen.id)
        self._has_classes = job.problem != "regression"
        self.classes = [str(each) for each in self._predictor.classes] if self._has_classes else []

    def answer(self, rows: Any) -> np.ndarray:
        ask = self._predictor.predict_proba if self._has_classes else self._predictor.predict_values
        return np.asarray(ask(rows), dtype=float)

    def one(self, row: pd.DataFrame) -> Any:
        return [{name: None if pd.isna(value) else value for name, value in row.iloc[0].items()}]


class LitmusWithoutVerdict(Litmus):
    """Litmus with nearly every row to learn from, and so without enough to judge it by."""

    has_verdict = False


class AutoGluon(_Framed):
    """AutoGluon by a preset, its models kept in memory."""

    preset = "medium_quality"

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        from autogluon.tabular import TabularPredictor

        metric = {"rmse": "root_mean_squared_error"}.get(job.metric, job.metric)
        self._predictor = TabularPredictor(
            label=job.target, problem_type=job.problem, eval_metric=metric, path=job.folder, verbosity=1
        )
        self._predictor.fit(train, presets=self.preset, time_limit=job.seconds, num_cpus=1, num_gpus=0)
        self._predictor.persist()
        self._has_classes = job.problem != "regression"
        self.classes = list(self._predictor.class_labels) if self._has_classes else []

    def answer(self, rows: Any) -> np.ndarray:
        ask = self._predictor.predict_proba if self._has_classes else self._predictor.predict
        return np.asarray(ask(rows), dtype=float)


class AutoGluonBest(AutoGluon):
    """AutoGluon with its preset ``best_quality``."""

    preset = "best_quality"


class AutoGluonBestV150(AutoGluon):
    """AutoGluon with its preset ``best_v150``."""

    preset = "best_v150"


class Flaml(_Framed):
    """FLAML's search, as its first example calls it."""

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        from flaml import AutoML

        self._model = AutoML()
        self._has_classes = job.problem != "regression"
        self._model.fit(
            train.drop(columns=job.target),
            train[job.target],
            task="classification" if self._has_classes else "regression",
            metric=job.metric,
            time_budget=job.seconds,
            n_jobs=1,
            seed=job.seed,
            verbose=0,
        )
        if self._model.model is None:
            message = "no model was fitted within the limit"
            raise RuntimeError(message)
        self.classes = [str(each) for each in self._model.classes_] if self._has_classes else []

    def answer(self, rows: Any) -> np.ndarray:
        ask = self._model.predict_proba if self._has_classes else self._model.predict
        return np.asarray(ask(rows), dtype=float)


class Mljar(_Framed):
    """MLJAR in the mode *Perform*, which it names for models that go to production."""

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        from supervised.automl import AutoML

        tasks = {"binary": "binary_classification", "multiclass": "multiclass_classification"}
        self._has_classes = job.problem != "regression"
        self._model = AutoML(
            results_path=job.folder,
            mode="Perform",
            ml_task=tasks.get(job.problem, "regression"),
            eval_metric={"roc_auc": "auc", "log_loss": "logloss"}.get(job.metric, job.metric),
            total_time_limit=round(job.seconds),
            n_jobs=1,
            random_state=1234 + job.seed,
            verbose=0,
        )
        self._model.fit(train.drop(columns=job.target), train[job.target])
        self.classes = []
        if self._has_classes:  # it keeps its classes' order to itself, but names the columns of this answer
            named = self._model.predict_all(train.drop(columns=job.target).head(1)).columns
            mark = "prediction_"
            self.classes = [each.removeprefix(mark) for each in named if each.startswith(mark)]

    def answer(self, rows: Any) -> np.ndarray:
        ask = self._model.predict_proba if self._has_classes else self._model.predict
        return np.asarray(ask(rows), dtype=float)


class LightAutoML(_Framed):
    """LightAutoML's tabular preset."""

    def fit(self, job: Job, train: pd.DataFrame) -> None:
        from lightautoml.automl.presets.tabular_presets import TabularAutoML
        from lightautoml.tasks import Task

        self._problem = job.problem
        self._model = TabularAutoML(
            task=Task({"regression": "reg"}.get(job.problem, job.problem)),
            timeout=round(job.seconds),
            cpu_limit=1,
            reader_params={"n_jobs": 1, "cv": 5, "random_state": job.seed},
        )
        self.classes = [] if job.problem == "regression" else sorted(train[job.target].unique())
        if self.classes:
            places = {label: at for at, label in enumerate(self.classes)}
            train = train.assign(**{job.target: train[job.target].map(places).astype(int)})
        self._model.fit_predict(train, roles={"target": job.target}, verbose=0)

    def answer(self, rows: Any) -> np.ndarray:
        found = np.asarray(self._model.predict(rows).data, dtype=float)
        if self._problem == "multiclass":
            return found
        value = found[:, 0]
        return value if self._problem == "regression" else np.column_stack([1 - value, value])


ADAPTERS: dict[str, type[Any]] = {
    "constant": Constant,
    "litmus": Litmus,
    "litmus without verdict": LitmusWithoutVerdict,
    "autogluon medium": AutoGluon,
    "autogluon best": AutoGluonBest,
    "autogluon best_v150": AutoGluonBestV150,
    "flaml": Flaml,
    "mljar": Mljar,
    "lightautoml": LightAutoML,
}


def scratch_folder(parent: str) -> str:
    """Return a new folder below ``parent``, of which a tool makes its own."""
    return str(Path(tempfile.mkdtemp(dir=parent)) / "models")
