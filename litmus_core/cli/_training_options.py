"""Options of ``litmus train`` in the groups that :func:`litmus_core.train` takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from litmus_core.cli._folds import requested_folds
from litmus_core.cli._gates import JunitOption, RequireOption
from litmus_core.cli._options import On, tuning_of
from litmus_core.types import Compute, Folds, Resources, TrainingOptions


@dataclass(frozen=True, kw_only=True)
class DataOptions:
    """The table, and the question that a model answers from it."""

    only: Annotated[list[str] | None, typer.Option(help="Use this column (repeat for more).")] = None
    leave_out: Annotated[list[str] | None, typer.Option(help="Do not use this column (repeat).")] = None
    validation: Annotated[Path | None, typer.Option(help="A separate file of validation rows.")] = None
    test: Annotated[Path | None, typer.Option(help="A separate file of test rows.")] = None
    task: Annotated[
        str | None,
        typer.Option(
            help="The task type: binary, multiclass, regression, or a plug-in's, such as ratio or "
            "'above(limit=15)'. Default: by the target."
        ),
    ] = None
    positive: Annotated[
        str | None, typer.Option(help="The answer that counts as yes, where there are two.")
    ] = None
    weight: Annotated[
        str | None,
        typer.Option(help="The column with how much each row counts: an exposure, a survey's weight."),
    ] = None
    split: Annotated[
        str | None,
        typer.Option(
            help="random, time:COLUMN or group:COLUMN. Default: as a fix or a check asks, else random."
        ),
    ] = None
    seed: Annotated[int, typer.Option(min=0, help="Repeats the same split and models.")] = 0
    name: Annotated[str | None, typer.Option(help="The experiment's name.")] = None

    def data(self, file: str) -> Any:
        """Return the data set as ``train`` takes it."""
        from litmus_core.experiments import Data

        return Data(
            file,
            task=self.task,
            positive_class=self.positive,
            weight=self.weight,
            only=self.only or (),
            leave_out=self.leave_out or (),
            validation=self.validation,
            test=self.test,
            split=self.split,
            seed=self.seed,
        )


@dataclass(frozen=True, kw_only=True)
class GoalOptions:
    """What models are judged by, and when one is good enough."""

    metric: Annotated[
        list[str] | None,
        typer.Option(
            help='What to judge by, such as "recall_at_precision(precision=0.9)"; repeated, the first '
            "decides and the others are reported. Default: by target."
        ),
    ] = None
    bar: Annotated[str | None, typer.Option(help='Good enough, such as "roc_auc>=0.9".')] = None
    max_latency_ms: Annotated[float | None, typer.Option(min=0, help="p95 of one row, in ms.")] = None
    max_size_mb: Annotated[float | None, typer.Option(min=0, help="The model's size, in MB.")] = None
    assertion: Annotated[
        list[str] | None,
        typer.Option(help='What must hold of its answers, such as "rises with area" (repeat).'),
    ] = None
    monotone: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=increasing or COLUMN=decreasing: how predictions go with it (repeat)."),
    ] = None
    require: RequireOption = None
    junit: JunitOption = None

    def goal(self) -> Any:
        """Return the goal as ``train`` takes it."""
        from litmus_core.experiments import Goal

        return Goal(
            self.bar,
            metrics=self.metric or None,
            max_latency_ms=self.max_latency_ms,
            max_size_mb=self.max_size_mb,
            assertions=self.assertion or (),
            monotone=self.monotone or (),
        )


@dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """Which models are trained, what is before and after them, and how they are tuned."""

    family: Annotated[
        list[str] | None, typer.Option(help="Try this model family (repeat). Default: Litmus chooses.")
    ] = None
    algorithm: Annotated[
        list[str] | None,
        typer.Option(help="Try this with values of your own: 'lightgbm(learning_rate=0.05)' (repeat)."),
    ] = None
    model: Annotated[
        list[str] | None,
        typer.Option(help="Try this class of your own, my_models:Class or FILE.py:Class (repeat)."),
    ] = None
    pre: Annotated[
        list[str] | None,
        typer.Option(
            help="Pre-process with this class of your own, 'FILE.py:Class(most=20)' (repeat, in order)."
        ),
    ] = None
    post: Annotated[
        list[str] | None,
        typer.Option(help="A step after the model, such as 'cap(low=0,high=100)' (repeat; in their order)."),
    ] = None
    tune: Annotated[bool, typer.Option("--tune", help="Look for better settings of the models.")] = False
    trials: Annotated[int | None, typer.Option(min=1, help="Tune with so many trials of each.")] = None
    tune_share: Annotated[
        float | None, typer.Option(min=0, max=1, help="Tune in this share of the time. Default: 0.5.")
    ] = None
    trials_at_once: Annotated[
        int | None,
        typer.Option(min=1, help="Make so many trials at once. Default: 1, on Ray all it has room for."),
    ] = None
    sampler: Annotated[
        Literal["tpe", "gp", "random"] | None, typer.Option(help="Tune with this sampler. Default: tpe.")
    ] = None
    pruner: Annotated[
        Literal["none", "median", "hyperband"] | None,
        typer.Option(help="Tune, and give up early on what does badly. Default: median."),
    ] = None

    def training(self, options: TrainingOptions) -> Any:
        """Return what models are trained with as ``train`` takes it."""
        from litmus_core.experiments import Training

        learning: dict[str, Any] = {field.name: getattr(options, field.name) for field in fields(options)}
        is_tuned = self.tune or self.trials_at_once is not None
        return Training(
            models=(*(self.family or ()), *(self.model or ())),
            preprocess=self.pre or (),
            tuning=tuning_of(self.trials, self.tune_share, self.sampler, self.pruner, is_wanted=is_tuned),
            postprocess=self.post or (),
            **learning,
        )


@dataclass(frozen=True, kw_only=True)
class FoldOptions:
    """Folds of the training rows."""

    folds: Annotated[
        int | None, typer.Option(min=0, help="So many folds of the training rows; 0: one validation part.")
    ] = None
    folds_kind: Annotated[
        str | None,
        typer.Option(
            help="random, stratified, time:COLUMN, group:COLUMN, or column:COLUMN that numbers the folds. "
            "Default: as the split."
        ),
    ] = None
    folds_repeats: Annotated[int, typer.Option(min=1, help="Repeats of the K-fold split.")] = 1
    refit: Annotated[bool, typer.Option(help="With --folds, train each model once more on all rows.")] = True
    outer_folds: Annotated[
        int,
        typer.Option(
            min=0,
            help="Judge by all rows, in so many outer folds; 0: by a test part.",
        ),
    ] = 0
    gap: Annotated[
        int, typer.Option(min=0, help="Of rows in order of time, learn from none of so many before a test.")
    ] = 0
    embargo: Annotated[
        str | None,
        typer.Option(help="Learn from no row so close in time to one that is tested, such as '7 days'."),
    ] = None
    folds_parallel: Annotated[
        bool, typer.Option("--folds-parallel", help="Fit folds side by side, one on each processor.")
    ] = False

    def requested(self) -> Folds | str | None:
        """Return the folds as ``train`` takes them."""
        return requested_folds(
            self.folds,
            kind=self.folds_kind,
            repeats=self.folds_repeats,
            parallel=self.folds_parallel,
            refit=self.refit,
            outer=self.outer_folds,
            gap=self.gap,
            embargo=self.embargo,
        )


@dataclass(frozen=True, kw_only=True)
class ComputeOptions:
    """Where models are fitted, and what that may take."""

    time_limit: Annotated[float, typer.Option(min=5, help="Seconds for all of the run.")] = 120
    cpus: Annotated[int | None, typer.Option(help="So many processors for training.")] = None
    gpus: Annotated[int | None, typer.Option(help="So many GPUs for training.")] = None
    memory_gb: Annotated[float | None, typer.Option(help="So much memory for training.")] = None
    on: On = "here"
    quote: Annotated[
        bool, typer.Option("--quote", help="Say what training would take and score, and train nothing.")
    ] = False

    def compute(self, *, trials_at_once: int | None) -> Compute:
        """Return where and with what to train; ``trials_at_once`` are of tuning."""
        resources = Resources(cpus=self.cpus, gpus=self.gpus, memory_gb=self.memory_gb)
        tune = None
        if trials_at_once is not None:
            tune = Resources(
                cpus=self.cpus, gpus=self.gpus, memory_gb=self.memory_gb, parallel=trials_at_once
            )
        return Compute(
            where=self.on,
            train=None if resources == Resources() else resources,
            tune=tune,
            time_limit_s=self.time_limit,
        )
