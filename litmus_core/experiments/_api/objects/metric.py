"""Scorers of scikit-learn and functions as metrics: written out as plug-ins of the workspace.

What judges models has to be there for every process that fits one, and for whoever reads the verdict later.
So a function becomes a metric plug-in: a file that is trusted, since its caller wrote it, and checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._api.objects.source import definition_of, is_unpackaged, source_of
from litmus_core.metrics import Needs, get_metric
from litmus_core.plugins import PLUGINS
from litmus_core.types import ProblemType

if TYPE_CHECKING:
    from litmus_core.experiments._plugins.service import PluginsService

# Functions of scikit-learn's, without arguments of their own, that are metrics here.
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
# By scikit-learn's convention for names.
_UP, _DOWN = ("_score",), ("_error", "_loss", "_deviance", "_distance")
_PLAIN = (type(None), bool, int, float, str)


@dataclass(frozen=True, kw_only=True)
class ScoringFunction:
    """A function of truth and predictions, with the arguments that it is called with besides.

    ``is_greater_better`` None: nobody said. ``takes_probabilities``: it is called with those of the positive
    class, or of all classes where there are several.
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
    """Return what a scorer, a function or a scorer's name means: the name of a metric here, or a function.

    None: it is neither, such as the name of a metric. Raises UsageError for a scorer of another kind.
    """
    if isinstance(metric, str):
        return _named(metric)
    if hasattr(metric, "_score_func"):
        return _of_scorer(metric, name=metric._score_func.__name__)
    if not callable(metric):
        return None
    if not hasattr(metric, "__name__"):
        raise UsageError(
            f"{metric!r} is no function that a run could load.",
            hint="Write it as a function: def score(y_true, y_pred): …",
        )
    name = metric.__name__
    direction = True if name.endswith(_UP) else False if name.endswith(_DOWN) else None
    return _settled(ScoringFunction(name=name, function=metric, is_greater_better=direction))


def _named(name: str) -> ScoringFunction | str | None:
    try:
        get_metric(name)
    except LitmusError:
        from sklearn.metrics import get_scorer, get_scorer_names

        if name in get_scorer_names():
            return _of_scorer(get_scorer(name), name=name.removeprefix("neg_"))
    return None


def _of_scorer(scorer: Any, *, name: str) -> ScoringFunction | str:
    response = scorer._response_method
    methods = (response,) if isinstance(response, str) else tuple(response)
    return _settled(
        ScoringFunction(
            name=name,
            function=scorer._score_func,
            is_greater_better=scorer._sign > 0,
            takes_probabilities="predict" not in methods,
            arguments=dict(scorer._kwargs),
        )
    )


def _settled(function: ScoringFunction) -> ScoringFunction | str:
    """Return it, or the metric that it is; raises UsageError for one that cannot be written out."""
    if is_unpackaged(function.function) or function.name == "<lambda>":
        definition_of(function.function)
    is_plain = function.is_of_sklearn and not function.arguments
    return _HERE.get(function.function.__name__, function) if is_plain else function


def stored_metric(
    function: ScoringFunction, plugins: PluginsService, problem_type: ProblemType, *, direction: bool | None
) -> str:
    """Return the name of the metric plug-in that ``function`` is from now on: written, trusted and checked.

    ``direction`` is whether the bar on it asks for high values. A function of a known name with other code
    gets a number behind the name, so that what is judged already stays as it was. Raises UsageError in words.
    """
    greater = function.is_greater_better if function.is_greater_better is not None else direction
    if greater is None:
        raise UsageError(
            f"It is not known whether more of '{function.name}' is better.",
            hint=f"Set a bar on it, such as '{function.name}>=0.8', or give "
            f"make_scorer({function.name}, greater_is_better=False).",
        )
    folder = plugins.context.workspace.path / PLUGINS
    for number in range(1, 1_000):
        name = function.name if number == 1 else f"{function.name}_{number}"
        path, text = (
            folder / f"metric_{name}.py",
            _text(function, name, _needs(function, problem_type), greater),
        )
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return _ready(plugins, path, name)
        if not path.exists() and not _is_taken(name):
            plugins.create_file(path.name, text)
            return _ready(plugins, path, name)
    raise UsageError(f"There are too many metrics called '{function.name}'.", hint="Give it another name.")


def _is_taken(name: str) -> bool:
    try:
        get_metric(name)
    except LitmusError:
        return False
    return True


def _ready(plugins: PluginsService, path: Path, name: str) -> str:
    """Trust and check the file, if that was not done; raises UsageError, and removes it, where it fails."""
    if not _is_taken(name):
        try:
            plugins.trust(path)
            failed = [report.reason for report in plugins.check_file(path) if not report.passed]
        except LitmusError as error:
            failed = [error.message]
        if failed:
            path.unlink(missing_ok=True)
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


def _text(function: ScoringFunction, name: str, needs: Needs, greater: bool) -> str:
    """Return the file's text: the function's source or import, and the metric that calls it."""
    for key, value in function.arguments.items():
        if not isinstance(value, _PLAIN):
            raise UsageError(
                f"{key} of '{name}' is {value!r}, which cannot be written down.",
                hint="Call it with numbers and texts, or write a function that does.",
            )
    called = function.function.__name__
    answer = "answer[:, 1] if answer.shape[1] == 2 else answer" if needs == "probabilities" else "answer"
    arguments = "".join(f", {key}={value!r}" for key, value in function.arguments.items())
    label = function.arguments.get("pos_label")
    labels = (
        f', labels=("other than {label}", {str(label)!r})' if label is not None and needs != "values" else ""
    )
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
