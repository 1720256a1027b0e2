"""Parse assertions as people write them, and check them against the task."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import metrics_for
from litmus_core.types import Assertion, DatasetVersion, Task
from litmus_core.verdicts import assertion_text, read_assertion, read_assertions

_LABELS = "Write another, such as: unchanged by COLUMN, or accuracy>=0.8 where COLUMN is VALUE."


def read_lines(assertions: Path | str | Sequence[str | Assertion]) -> tuple[Assertion, ...]:
    """Return assertions from lines or from a file. Raises UsageError for a file that cannot be read."""
    if isinstance(assertions, str | Path):
        path = Path(assertions).expanduser()
        try:
            return read_assertions(path.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path} cannot be read: {error}.", hint="Write an assertion a line.") from error
    read = (read_assertion(one) if isinstance(one, str) else one for one in assertions)
    return tuple(dict.fromkeys(read))


def check_fit(assertions: Sequence[Assertion], task: Task, version: DatasetVersion) -> None:
    """Check that assertions can be tested on the models of a task.

    Raises UsageError if one does not fit the task, UnknownNameError for a column that is not a feature.
    """
    for assertion in assertions:
        text = assertion_text(assertion)
        if assertion.kind != "range" and assertion.column not in task.features:
            raise UnknownNameError(kind="feature column", name=assertion.column, names=task.features)
        if assertion.kind == "range" and task.type.has_classes:
            raise UsageError(f"'{text}' is about numbers, and '{task.target}' has labels.", hint=_LABELS)
        if assertion.kind in ("rises", "falls"):
            if task.type.has_classes and not task.type.has_threshold:
                raise UsageError(f"'{text}' needs a number or two labels to predict.", hint=_LABELS)
            if not version.column(assertion.column).stores_numbers:
                raise UsageError(f"'{text}' needs a column of numbers.", hint=_LABELS)
        if assertion.bar is not None:
            names = [metric.name for metric in metrics_for(task.problem_type)]
            family = assertion.bar.metric.partition("(")[0]
            if family not in names:
                raise UnknownNameError(kind="metric for this target", name=family, names=names)
