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
    """Options of the table, the target and the split."""

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
        str | None, typer.Option(help="The class that counts as yes, for a target with two classes.")
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
    """Options of the metric, the bar and the budget."""

    metric: Annotated[
        list[str] | None,
        typer.Option(
            help='The metric, such as "recall_at_precision(precision=0.9)"; repeated, the first '
            "decides and the others are reported. Default: by target."
        ),
    ] = None
    bar: Annotated[str | None, typer.Option(help='Good enough, such as "roc_auc>=0.9".')] = None
    max_latency_ms: Annotated[
        float | None, typer.Option(min=0, help="The latency limit: p95 of one row, in ms.")
    ] = None
    max_size_mb: Annotated[float | None, typer.Option(min=0, help="The size limit, in MB.")] = None
    assertion: Annotated[
        list[str] | None,
        typer.Option(help='What must hold of its predictions, such as "rises with area" (repeat).'),
    ] = None
    monotone: Annotated[
        list[str] | None,
        typer.Option(
            help="COLUMN=increasing or COLUMN=decreasing: predictions only rise or fall with it (repeat)."
        ),
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
    """Options of the models, their pre- and post-processing, and tuning."""

    family: Annotated[
        list[str] | None, typer.Option(help="Train this model family (repeat). Default: Litmus chooses.")
    ] = None
    algorithm: Annotated[
        list[str] | None,
        typer.Option(help="Train this with your own values: 'lightgbm(learning_rate=0.05)' (repeat)."),
    ] = None
    model: Annotated[
        list[str] | None,
        typer.Option(help="Train this custom model, my_models:Class or FILE.py:Class (repeat)."),
    ] = None
    pre: Annotated[
        list[str] | None,
        typer.Option(help="Pre-process with this custom class, 'FILE.py:Class(most=20)' (repeat, in order)."),
    ] = None
    post: Annotated[
        list[str] | None,
        typer.Option(help="A step after the model, such as 'cap(low=0,high=100)' (repeat; in their order)."),
    ] = None
    tune: Annotated[bool, typer.Option("--tune", help="Tune the models' hyperparameters.")] = False
    trials: Annotated[int | None, typer.Option(min=1, help="The tuning trials of each algorithm.")] = None
    tune_share: Annotated[
        float | None, typer.Option(min=0, max=1, help="Tune in this share of the time. Default: 0.5.")
    ] = None
    trials_at_once: Annotated[
        int | None,
        typer.Option(min=1, help="The number of concurrent trials. Default: 1, on Ray all that fit."),
    ] = None
    sampler: Annotated[
        Literal["tpe", "gp", "random"] | None, typer.Option(help="Tune with this sampler. Default: tpe.")
    ] = None
    pruner: Annotated[
        Literal["none", "median", "hyperband"] | None,
        typer.Option(help="Tune, and stop bad trials early. Default: median."),
    ] = None

    def training(self, options: TrainingOptions) -> Any:
        """Return the training options as ``train`` takes them."""
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
    """Options of the folds of the training rows."""

    folds: Annotated[
        int | None,
        typer.Option(min=0, help="The number of folds of the training rows; 0: a validation part."),
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
            help="Judge by all rows, in this number of outer folds; 0: by a test part.",
        ),
    ] = 0
    gap: Annotated[
        int,
        typer.Option(min=0, help="The number of rows before each test, in time, that no model learns from."),
    ] = 0
    embargo: Annotated[
        str | None,
        typer.Option(help="Learn from no row within this time of a test row, such as '7 days'."),
    ] = None
    folds_parallel: Annotated[
        bool, typer.Option("--folds-parallel", help="Fit folds at the same time, one on each processor.")
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
    """Options of where models are fitted, and with which resources."""

    time_limit: Annotated[float, typer.Option(min=5, help="The time limit of the whole run, in seconds.")] = (
        120
    )
    cpus: Annotated[int | None, typer.Option(help="The number of processors for training.")] = None
    gpus: Annotated[int | None, typer.Option(help="The number of GPUs for training.")] = None
    memory_gb: Annotated[float | None, typer.Option(help="The memory limit for training, in GB.")] = None
    on: On = "here"
    quote: Annotated[
        bool, typer.Option("--quote", help="Print the expected time, memory and score, and train nothing.")
    ] = False

    def compute(self, *, trials_at_once: int | None) -> Compute:
        """Return the compute options as ``train`` takes them; ``trials_at_once`` is the number of concurrent
        trials.
        """
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
