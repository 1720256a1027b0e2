"""Scorers of scikit-learn and functions as metrics, written out as plug-ins of the workspace.

The metric has to exist for every process that fits models, and for whoever reads the verdict later. So a
function becomes a metric plug-in: a file that is checked, and trusted because its caller wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._api.objects.source import (
    definition_of,
    is_unpackaged,
    is_written_as_text,
    source_of,
)
from litmus_core.metrics import Needs, get_metric
from litmus_core.plugins import PLUGINS, PlugInState, digest_of_file
from litmus_core.runtime import Label, label_text
from litmus_core.text import quote_names
from litmus_core.types import ProblemType

if TYPE_CHECKING:
    from litmus_core.experiments._plugins.service import PluginsService

# Functions of scikit-learn that, without arguments, are metrics of Litmus.
_HERE = {
    "accuracy_score": "accuracy",
    "average_precision_score": "average_precision",
    "balanced_accuracy_score": "balanced_accuracy",
    "brier_score_loss": "brier",
    "cohen_kappa_score": "kappa",
    "log_loss": "log_loss",
    "matthews_corrcoef": "mcc",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "median_absolute_error": "medae",
    "r2_score": "r2",
    "roc_auc_score": "roc_auc",
    "root_mean_squared_error": "rmse",
    "root_mean_squared_log_error": "rmsle",
}
# Endings by which scikit-learn names functions where more is better, or less.
_UP, _DOWN = ("_score",), ("_error", "_loss", "_deviance", "_distance")


@dataclass(frozen=True, kw_only=True)
class ScoringFunction:
    """A function of truth and predictions, and its further arguments.

    ``is_greater_better`` is None if unknown. With ``takes_probabilities`` it is called with the probabilities
    of the positive class, or of all classes if there are more than two.
    """

    name: str
    function: Callable[..., Any]
    is_greater_better: bool | None
    takes_probabilities: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_of_sklearn(self) -> bool:
        """Whether the function is scikit-learn's own."""
        return self.function.__module__.startswith("sklearn.")


def read_scorer(metric: Any) -> ScoringFunction | str | None:
    """Return the metric of Litmus, by name, or the function that a scorer, a function or a name stands for.

    None if it is neither, such as the name of a metric. Raises UsageError for an unsupported scorer.
    """
    if isinstance(metric, str):
        return _read_name(metric)
    if hasattr(metric, "_score_func"):
        return _from_scorer(metric, name=metric._score_func.__name__)
    if not callable(metric):
        return None
    if not hasattr(metric, "__name__"):
        raise UsageError(
            f"{metric!r} is not a function that a run could load.",
            hint="Write it as a function: def score(y_true, y_pred): …",
        )
    name = metric.__name__
    direction = True if name.endswith(_UP) else False if name.endswith(_DOWN) else None
    return _metric_or_function(ScoringFunction(name=name, function=metric, is_greater_better=direction))


def _read_name(name: str) -> ScoringFunction | str | None:
    try:
        get_metric(name)
    except LitmusError:
        from sklearn.metrics import get_scorer, get_scorer_names

        if name in get_scorer_names():
            return _from_scorer(get_scorer(name), name=name.removeprefix("neg_"))
    return None


def _from_scorer(scorer: Any, *, name: str) -> ScoringFunction | str:
    response = scorer._response_method
    methods = (response,) if isinstance(response, str) else tuple(response)
    return _metric_or_function(
        ScoringFunction(
            name=name,
            function=scorer._score_func,
            is_greater_better=scorer._sign > 0,
            takes_probabilities="predict" not in methods,
            arguments=dict(scorer._kwargs),
        )
    )


def _metric_or_function(function: ScoringFunction) -> ScoringFunction | str:
    """Return the metric that equals the function, else the function. Raises UsageError without source."""
    if is_unpackaged(function.function) or function.name == "<lambda>":
        definition_of(function.function)
    is_plain = function.is_of_sklearn and not function.arguments
    return _HERE.get(function.function.__name__, function) if is_plain else function


def stored_metric(
    function: ScoringFunction,
    plugins: PluginsService,
    problem_type: ProblemType,
    *,
    direction: bool | None,
    labels: Callable[[], Sequence[Label]],
) -> str:
    """Return the name of the metric plug-in for ``function``, after writing, trusting and checking it.

    ``direction`` says whether a bar on it asks for high values. A function that does not take any label is
    checked with the target's ``labels``, and so is one that gets the probability of one of them. If another
    function has the name already, a number is appended, so that earlier verdicts stay valid. Raises
    UsageError.
    """
    greater = function.is_greater_better if function.is_greater_better is not None else direction
    if greater is None:
        raise UsageError(
            f"It is not known whether more of '{function.name}' is better.",
            hint=f"Set a bar on it, such as '{function.name}>=0.8', or give "
            f"make_scorer({function.name}, greater_is_better=False).",
        )
    folder = plugins.context.workspace.path / PLUGINS
    needs = _needs(function, problem_type)
    column, examples = _probability_column(function, needs, labels)
    for number in range(1, 1_000):
        name = function.name if number == 1 else f"{function.name}_{number}"
        path = folder / f"metric_{name}.py"
        text = _plugin_source(function, name, needs, greater, examples, column=column)
        if path.exists() and _without_labels(path.read_text(encoding="utf-8")) == _without_labels(text):
            return _make_ready(plugins, path, name)
        if not path.exists() and not _is_taken(name):
            plugins.create_file(path.name, text)
            try:
                return _make_ready(plugins, path, name, is_new=True)
            except UsageError:
                shown = () if needs == "values" or examples else tuple(labels())
                if not shown:
                    raise
                plugins.create_file(path.name, _plugin_source(function, name, needs, greater, shown))
                return _make_ready(plugins, path, name, is_new=True)
    raise UsageError(f"There are too many metrics called '{function.name}'.", hint="Give it another name.")


def _is_taken(name: str) -> bool:
    try:
        get_metric(name)
    except LitmusError:
        return False
    return True


def _make_ready(plugins: PluginsService, path: Path, name: str, *, is_new: bool = False) -> str:
    """Trust and check the file unless that was done. Raises UsageError, and removes the file, if it fails."""
    if is_new or not _is_taken(name):
        state = PlugInState(plugins.context.workspace.path)
        was_described = state.description(digest_of_file(path)) is not None
        try:
            plugins.trust(path)
            failed = [report.reason for report in plugins.check_file(path) if not report.passed]
        except LitmusError as error:
            failed = [error.message]
        if failed:
            if not was_described:
                state.forget(digest_of_file(path))
            path.unlink(missing_ok=True)
            plugins.register()  # the checks registered it: its name is free again
            raise UsageError(
                f"'{name}' cannot judge models: {failed[0].rstrip('.')}.",
                hint="It is called with truth and predictions as arrays, and returns one finite number.",
            )
        plugins.register()
    return name


def _needs(function: ScoringFunction, problem_type: ProblemType) -> Needs:
    from litmus_core.task_types import get_task_type

    if not get_task_type(problem_type).has_classes:
        return "values"
    return "probabilities" if function.takes_probabilities else "labels"


def _probability_column(
    function: ScoringFunction, needs: Needs, labels: Callable[[], Sequence[Label]]
) -> tuple[int, tuple[Label, ...]]:
    """Return which column of two the function gets, and labels for its checks; no labels if it takes any.

    As in scikit-learn, it is the column of ``pos_label``, else that of the label that sorts last.
    """
    label = function.arguments.get("pos_label")
    if label is None or needs == "values":
        return 1, ()
    if needs == "labels":
        return 1, (f"other than {label}", label) if isinstance(label, str) else ()
    examples = tuple(labels())
    if examples and label not in examples:
        raise UsageError(
            f"pos_label of '{function.name}' is {label!r}, which the target does not have.",
            hint=f"Its labels are {quote_names(map(label_text, examples))}.",
        )
    return (examples.index(label) if examples else 1), examples


def _without_labels(text: str) -> str:
    """Return a metric's file without the labels that it is checked with: they depend on the data set."""
    return re.sub(r"(?m)^(@_metric\(.*?), labels=\(.*\)\)$", r"\1)", text)


def _plugin_source(
    function: ScoringFunction,
    name: str,
    needs: Needs,
    greater: bool,
    shown: tuple[Label, ...],
    *,
    column: int = 1,
) -> str:
    """Return the text of the file: the function's source or import, and the metric that calls it.

    ``shown`` are the labels for its checks, if it does not take any label.
    """
    for key, value in function.arguments.items():
        if not is_written_as_text(value):
            raise UsageError(
                f"{key} of '{name}' is {value!r}, which cannot be written down.",
                hint="Call it with numbers, texts and lists of them, or write a function that does.",
            )
    called = function.function.__name__
    answer = (
        f"answer[:, {column}] if answer.shape[1] == 2 else answer" if needs == "probabilities" else "answer"
    )
    arguments = "".join(f", {key}={value!r}" for key, value in function.arguments.items())
    labels = f", labels={shown!r}" if shown else ""
    title = name.replace("_", " ")
    return (
        f"{_definition(function)}\n\nfrom litmus_core.plugins import metric as _metric\n\n"
        f"_function = {called}\n\n\n"
        f"@_metric(needs={needs!r}, greater_is_better={greater}, title={title!r}{labels})\n"
        f"def {name}(truth, answer):\n"
        f'    """{title.capitalize()}."""\n'
        f"    return float(_function(truth, {answer}{arguments}))\n"
    )


def _definition(function: ScoringFunction) -> str:
    value = function.function
    module = value.__module__
    if is_unpackaged(value):
        return source_of(value)
    if function.is_of_sklearn:
        import sklearn.metrics

        module = "sklearn.metrics" if hasattr(sklearn.metrics, value.__name__) else module
    return f'"""{value.__name__} of {module}, as a metric."""\n\nfrom {module} import {value.__name__}'
