"""``litmus_core.train(…)``: one call from a table to a live handle on its training."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, TrainingError, UsageError
from litmus_core.experiments._post import read_parts
from litmus_core.experiments._pre import pre_parts
from litmus_core.experiments._studio import Studio
from litmus_core.experiments._tasks import make_task, parse_bar, parse_split
from litmus_core.types import (
    Bar,
    Budget,
    BundleRecord,
    Candidate,
    CheckReport,
    CustomModel,
    DatasetVersion,
    Experiment,
    Part,
    ProblemType,
    Progress,
    Run,
    RunPlan,
    Score,
    SplitPlan,
    Tuning,
    Verdict,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.deploy import Form
    from litmus_core.metrics import MetricSpec
    from litmus_core.runtime import Predictor


def train(
    data: Any,
    target: str,
    *,
    only: Sequence[str] = (),
    leave_out: Iterable[str] = (),
    problem_type: ProblemType | None = None,
    positive_class: str | None = None,
    validation: Any = None,
    test: Any = None,
    metric: str | MetricSpec | None = None,
    bar: Bar | str | None = None,
    max_latency_ms: float | None = None,
    max_size_mb: float | None = None,
    split: SplitPlan | str | None = None,
    time_limit_s: float = 120.0,
    seed: int = 0,
    cards: Sequence[str] = (),
    folds: int | None = None,
    models: Sequence[str | type] = (),
    preprocess: Sequence[str | type | Part] = (),
    tuning: Tuning | None = None,
    postprocess: Sequence[str | Part] | str = (),
    name: str | None = None,
    workspace: Path | str | None = None,
) -> TrainingHandle:
    """Start training a model of ``target`` and return at once with a live handle.

    ``data`` (and ``validation``, ``test``) is a CSV or Parquet path, a pandas or polars DataFrame, or a
    DatasetVersion of the workspace; own validation and test files are read with the column types of
    ``data``. ``bar`` reads ``"roc_auc>=0.9"``; ``split`` reads ``"random"``, ``"time:COLUMN"`` or
    ``"group:COLUMN"`` (None: as a fix of the table asks, else at random). ``problem_type`` (binary,
    multiclass, regression), ``positive_class`` (as text) and ``metric`` are proposed from the target where
    they are not given; ``name`` is the experiment's. A metric with parameters is
    ``Metric("coverage_at_precision", precision=0.85)`` (``litmus_core.Metric``), or that as text.
    ``models`` are classes of your own to train beside the cards, such as ``"my_models:SlowForest"`` or
    ``"path/to/file.py:SlowForest"`` (or the class, where it is imported from a file): scikit-learn style, or
    AutoGluon's AbstractModel. ``preprocess`` are pre-processors of your own, in their order, such as
    ``"tidy.py:Tidy(most=20)"``: docs/guides/pre-processing.md. ``tuning`` looks for better hyperparameters
    in a share of the time. ``postprocess`` are steps that answers go through, in their order, such as
    ``"cap(low=0)"`` or ``"abstain(below=0.7)"``: docs/guides/post-processing.md.
    Training happens in a child process and outlives this one. Raises a LitmusError in words when the
    request cannot be meant.

        handle = litmus_core.train("titles.csv", "Category", bar="accuracy>=0.95")
        print(handle.wait().verdict.sentence)
        handle.best.export("model.zip")
    """
    wanted_bar = parse_bar(bar) if isinstance(bar, str) else bar
    wanted_split = parse_split(split) if isinstance(split, str) else split
    studio = Studio.open(workspace)
    try:
        version = _import(studio, data)
        own = {
            part: _import(studio, table, name=f"{version.name} {part}", like=version)
            for part, table in (("validation", validation), ("test", test))
            if table is not None
        }
        task = make_task(
            studio.workspace,
            version,
            str(target),  # columns of a data frame may be named by numbers
            only=only,
            leave_out=leave_out,
            problem_type=problem_type,
            positive_class=positive_class,
            metric=metric,
            bar=wanted_bar,
            budget=Budget(max_latency_ms=max_latency_ms, max_size_mb=max_size_mb),
            split=wanted_split,
            validation=own.get("validation"),
            test=own.get("test"),
            time_limit_s=time_limit_s,
            seed=seed,
        )
        plan = RunPlan(
            cards=tuple(cards),
            folds=folds,
            models=_named(models),
            preprocess=pre_parts(preprocess),
            tuning=tuning,
            postprocess=read_parts(postprocess),
        )
        studio.check_plan(task, plan)
        experiment = studio.create_experiment(task, name=name)
        return TrainingHandle(studio, studio.start_run(experiment.id, plan).id)
    except BaseException:
        studio.close()
        raise


def check(
    data: Any,
    target: str | None = None,
    *,
    test: Any = None,
    kinds: Sequence[str] | None = None,
    workspace: Path | str | None = None,
) -> CheckReport:
    """Return what in a table would make a model lie, the most harmful first, each with its fix.

    ``data`` (and ``test``, rows of their own that judge) is what :func:`train` takes, and is kept in the
    workspace as there: ``Studio.apply_fixes(report.dataset_version_id, fixes)`` mends it. ``kinds`` are the
    checks to make; None is all.

        for finding in litmus_core.check("shop.csv", "sold").findings:
            print(finding.severity, finding.sentence)
    """
    with Studio.open(workspace) as studio:
        version = _import(studio, data)
        own = None if test is None else _import(studio, test, name=f"{version.name} test", like=version)
        test_version_id = None if own is None else own.id
        asked = None if target is None else str(target)  # columns of a data frame may be named by numbers
        return studio.check(version.id, target=asked, test_version_id=test_version_id, kinds=kinds)


def _named(models: Sequence[str | type] | str) -> tuple[CustomModel, ...]:
    """Return the models by their names; a class goes by the module that it was imported from."""
    found = []
    for model in [models] if isinstance(models, str) else models:
        if not isinstance(model, str) and getattr(model, "__module__", "__main__") == "__main__":
            raise UsageError(
                f"{model!r} was made in a notebook or script, where a run cannot import it from.",
                hint="Put it into a .py file and name it, such as 'my_models.py:SlowForest'.",
            )
        name = model if isinstance(model, str) else f"{model.__module__}:{model.__qualname__}"
        found.append(CustomModel(reference=name))
    return tuple(found)


def _import(
    studio: Studio, data: Any, *, name: str | None = None, like: DatasetVersion | None = None
) -> DatasetVersion:
    if isinstance(data, DatasetVersion):
        return data
    if isinstance(data, str | Path):
        return studio.import_data(data, name=name, like=like)
    with tempfile.TemporaryDirectory(prefix="litmus-") as folder:
        path = Path(folder) / "table.parquet"
        _write(data, path)
        return studio.import_data(path, name=name or "table from Python", like=like)


def _write(data: Any, path: Path) -> None:
    if not hasattr(data, "to_parquet") and not hasattr(data, "write_parquet"):
        raise DataError(
            f"A {type(data).__name__} is not a table.",
            hint="Give a path, a pandas or polars DataFrame, or a data set version.",
        )
    try:
        if hasattr(data, "to_parquet"):
            data.to_parquet(path, index=False)
        else:
            data.write_parquet(path)
    except (TypeError, ValueError, NotImplementedError) as error:  # Arrow's errors are these, too
        raise DataError(
            f"The table cannot be stored: {str(error).splitlines()[0]}",
            hint="Give each column a name of its own and values of one type.",
        ) from error


class TrainedCandidate:
    """A candidate with what one does with it; ``facts`` holds all that is known of it."""

    def __init__(self, studio: Studio, facts: Candidate) -> None:
        self.studio = studio
        self.facts = facts

    @property
    def id(self) -> str:
        """The candidate's id."""
        return self.facts.id

    @property
    def name(self) -> str:
        """The candidate's name, as the leaderboard has it."""
        return self.facts.name

    @property
    def validation(self) -> Score | None:
        """Its score on validation (or out-of-fold) rows."""
        return self.facts.validation

    @property
    def test(self) -> Score | None:
        """Its score on the test part; None while that is sealed."""
        return self.facts.test

    def export(
        self, to: Path | str | None = None, *, zipped: bool | None = None, form: Form = "auto"
    ) -> BundleRecord:
        """Write the candidate as a bundle; zipped when ``to`` ends in .zip or is not given."""
        as_zip = zipped if zipped is not None else (to is None or str(to).endswith(".zip"))
        return self.studio.export(self.facts.id, to=to, zipped=as_zip, form=form)

    def predictor(self) -> Predictor:
        """Open the candidate for predictions in this process."""
        return self.studio.predictor(self.facts.id)


class TrainingHandle:
    """A live run: wait for it, watch it, stop it, read it. The run goes on without the handle."""

    def __init__(self, studio: Studio, run_id: str) -> None:
        self.studio = studio
        self.run_id = run_id

    @property
    def run(self) -> Run:
        """The run as it is now."""
        self.studio.store.refresh()
        return self.studio.run(self.run_id)

    @property
    def experiment(self) -> Experiment:
        """The run's experiment."""
        return self.studio.experiment(self.run.experiment_id)

    @property
    def progress(self) -> Progress:
        """Where the run is."""
        return self.studio.progress(self.run_id)

    def wait(self, timeout_s: float | None = None) -> TrainingHandle:
        """Wait until the run is over; TrainingError when it failed or was
        killed, BusyError after ``timeout_s``.
        """
        run = self.studio.wait(self.run_id, timeout_s=timeout_s)
        if run.status in ("failed", "interrupted"):
            raise TrainingError(run.message, hint=run.hint)
        return self

    def stop(self, *, hard: bool = False) -> None:
        """Stop the run and keep the best so far."""
        self.studio.stop_run(self.run_id, hard=hard)

    def candidates(self) -> list[Candidate]:
        """The candidates in leaderboard order."""
        self.studio.store.refresh()
        return self.studio.candidates(self.run_id)

    def leaderboard(self) -> pd.DataFrame:
        """The candidates as a table: scores with intervals, latency in ms, size in MB."""
        import pandas as pd

        rows = []
        for each in self.candidates():
            single = each.latency_at(1)
            judged = each.validation if each.validation and each.validation.n_rows else None
            rows.append(
                {
                    "candidate": each.id,
                    "name": each.name,
                    "validation": each.validation and each.validation.value,
                    "validation_low": judged and judged.low,
                    "validation_high": judged and judged.high,
                    "test": each.test and each.test.value,
                    "latency_p95_ms": single and single.p95_ms,
                    "size_mb": None if each.size_bytes is None else each.size_bytes / 1e6,
                    "form": each.form,
                    "abstained": each.abstained,
                    "fit_s": each.fit_s,
                    "chosen": each.chosen,
                }
            )
        return pd.DataFrame(rows)

    @property
    def verdict(self) -> Verdict | None:
        """The judgement on the chosen candidate; None until there is one."""
        return self.run.verdict

    @property
    def best(self) -> TrainedCandidate:
        """The chosen candidate; before the choice, the best by validation so far."""
        self.studio.store.refresh()
        return TrainedCandidate(self.studio, self.studio.chosen(self.run_id))

    def __repr__(self) -> str:
        run = self.run
        said = run.verdict.sentence if run.verdict else run.message
        return f"<TrainingHandle {self.run_id} {run.status}: {said}>"
