"""Arguments of the Python API: data sets, algorithms with values or search spaces, folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import islice
from typing import Any, cast

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._api.arguments.keywords import named_keywords
from litmus_core.task_types import read_wording
from litmus_core.text import shorten, value_code
from litmus_core.types import (
    Algorithm,
    Folds,
    Hyperparameter,
    KindName,
    ParameterValue,
    PluginRef,
    ProblemType,
    Scalar,
    Space,
    SplitPlan,
)

MOST_FOLDS = 51  # one more than allowed: some splitters yield millions
Schema = Mapping[str, KindName]


@named_keywords
@dataclass(frozen=True)
class Data:
    """A data set of a call of :func:`litmus_core.train`, and what to predict from it.

    ``train``, ``validation`` and ``test`` are files, addresses such as ``postgresql://host/db?table=orders``,
    pandas or polars DataFrames, or versions of the workspace or their ids. Separate validation and test files
    are read with the column types of ``train``. Without them Litmus sets rows aside by ``split``:
    ``"random"``, ``"time:COLUMN"`` or ``"group:COLUMN"``. None: as a fix or the structure of the table
    requires, else at random. ``seed`` determines the split and all randomness of training.

    ``task`` is "binary", "multi-class classification" or "regression", or names a task type, such as "ratio"
    or "above(limit=15)"; None: by the target. ``positive_class`` is the class that counts as yes.
    ``weight`` is a column of row weights: an exposure, or a survey's weight (docs/guides/weights.md).
    ``name`` is the name of the data set in the workspace. ``schema`` sets the kinds of columns (number,
    category, text, date, boolean, id) that Litmus should not detect. ``only`` and ``leave_out`` are columns
    to predict from, or not. ``folds`` is as for ``train``.

        Data("shop.csv", target="sold", schema={"zip": "category"}, folds=5)
    """

    train: Any
    _: KW_ONLY
    target: str | None = None
    task: str | Sequence[str] | PluginRef | None = None
    positive_class: str | None = None
    weight: str | None = None
    name: str | None = None
    schema: Schema | None = None
    only: Sequence[str] = ()
    leave_out: Iterable[str] = ()
    validation: Any = None
    test: Any = None
    split: SplitPlan | str | None = None
    seed: int = 0
    folds: Any = None

    def __post_init__(self) -> None:
        if self.positive_class is not None:
            object.__setattr__(self, "positive_class", str(self.positive_class))
        for name in ("only", "leave_out"):  # one column, as a text
            if isinstance(columns := getattr(self, name), str):
                object.__setattr__(self, name, (columns,))
        object.__setattr__(self, "folds", listed_folds(self.folds))


def listed_folds(folds: Any) -> Any:
    """Return folds with the pairs of a generator, such as that of ``KFold(3).split(X)``, as a list."""
    return list(islice(folds, MOST_FOLDS)) if isinstance(folds, Iterator) else folds


class AlgorithmSpec:
    """An algorithm: a family's name or a custom class, with values or search spaces of hyperparameters.

    ``litmus_core.Algorithm`` is this class. Other hyperparameters keep the family's defaults.

    >>> AlgorithmSpec("lightgbm", learning_rate=0.05, num_leaves=Integers(8, 256))
    Algorithm('lightgbm', learning_rate=0.05, num_leaves=Integers(8, 256))
    """

    def __init__(self, name: str | type, /, **hyperparameters: Scalar | Sequence[Scalar] | Space) -> None:
        self.name = name
        self.hyperparameters = hyperparameters

    def algorithm(self) -> Algorithm:
        """Return it as part of a plan. Raises UsageError for an unsupported value."""
        return Algorithm(
            key=reference_of(self.name),
            hyperparameters=tuple(_hyperparameter(*value) for value in self.hyperparameters.items()),
        )

    def __repr__(self) -> str:
        shown = self.name if isinstance(self.name, str) else reference_of(self.name)
        arguments = [f"{name}={argument_code(value)}" for name, value in self.hyperparameters.items()]
        return f"Algorithm({', '.join([repr(shown), *arguments])})"


def _hyperparameter(name: str, value: Any) -> Hyperparameter:
    if isinstance(value, Space):
        return Hyperparameter(name=name, space=value)
    return Hyperparameter(name=name, value=_stored_value(name, value))


def _stored_value(name: str, value: Any) -> ParameterValue:
    """Return a value as a run stores it: a list is a tuple. Raises UsageError for an unsupported one."""
    plain = value.tolist() if hasattr(value, "tolist") else value  # NumPy numbers and arrays
    if isinstance(plain, list | tuple) and all(map(_is_scalar, plain)):
        return tuple(plain)
    if not _is_scalar(plain):
        raise UsageError(
            f"{name} is {value!r}, which is neither a value nor a list of values.",
            hint="Give a number, a text, True or False, a list of them; or Integers, Floats or Choices.",
        )
    return cast(Scalar, plain)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def Integers(low: int, high: int, *, log: bool = False) -> Space:  # noqa: N802 - reads like the class that it returns
    """Return the space of whole numbers from ``low`` to ``high``; ``log`` samples on a logarithmic scale."""
    return _check_space(Space(low=low, high=high, log=log, integer=True), "Integers")


def Floats(low: float, high: float, *, log: bool = False) -> Space:  # noqa: N802
    """Return the space of numbers from ``low`` to ``high``; ``log`` samples on a logarithmic scale."""
    return _check_space(Space(low=low, high=high, log=log), "Floats")


def Choices(*values: Scalar | Sequence[Scalar]) -> Space:  # noqa: N802
    """Return the space of these values, each a number, a text, True, False, None, or a list of them."""
    choices = tuple(_stored_value("A choice", value) for value in values)
    return _check_space(Space(choices=choices), "Choices")


def _check_space(space: Space, name: str) -> Space:
    from litmus_core.engine import check_space

    check_space(f"{name}(…)", space)
    return space


def argument_code(value: Any) -> str:
    """Return a hyperparameter's value or space as Python code."""
    return str(value) if isinstance(value, Space) else value_code(value)


def reference_of(model: str | type) -> str:
    """Return the name of a family or class; a class is named by the module it was imported from."""
    if isinstance(model, str):
        return model
    if isinstance(model, AlgorithmSpec):
        raise UsageError(f"{model!r} stands among names of models.", hint=f"Write algorithm={model!r}.")
    if not isinstance(model, type):
        raise UsageError(
            f"{shorten(repr(model))} is neither the name of a model nor a class.",
            hint="Give a name such as 'linear', or a class of your own, not an object of it.",
        )
    if getattr(model, "__module__", "__main__") == "__main__":
        raise UsageError(
            f"{model!r} was made in a notebook or script, where a run cannot import it from.",
            hint="Put it into a .py file and name it, such as 'my_models.py:SlowForest'.",
        )
    return f"{model.__module__}:{model.__qualname__}"


def read_question(
    task: str | Sequence[str] | PluginRef | None,
) -> tuple[ProblemType | None, str | PluginRef | None]:
    """Return the problem type that a text means, or else the task type that it names.

    >>> read_question("regression"), read_question("above(limit=15)")
    (('regression', None), (None, 'above(limit=15)'))
    """
    if isinstance(task, PluginRef):
        return None, task
    try:
        return read_task(task), None
    except UnknownNameError:
        if isinstance(task, str):
            return None, task
        raise


def read_task(task: str | Sequence[str] | None) -> ProblemType | None:
    """Return the problem type that a phrase such as "multi-class classification" means.

    >>> read_task("multi-class classification"), read_task(("binary", "classification")), read_task(None)
    ('multiclass', 'binary', None)
    """
    if task is None:
        return None
    return read_wording(task if isinstance(task, str) else " ".join(task)).key


def read_folds(folds: int | Folds | None) -> Folds | None:
    """Return the folds that a number or Folds describe; with a number, a model of all rows is trained too."""
    if folds is None or isinstance(folds, Folds):
        return folds
    if isinstance(folds, bool) or not isinstance(folds, int):
        raise UsageError(
            f"{folds!r} is not a number of folds.", hint="Write folds=5, or Folds(5, kind='time', column=…)."
        )
    return Folds(folds, refit=folds > 0)
