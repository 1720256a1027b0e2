"""A model's description without its weights: the part of ``model.json`` that prediction needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litmus_core.task_types import TaskType, get_task_type
from litmus_core.types import Column, ProblemType, from_plain

Label = str | int | float | bool


def label_text(label: Label) -> str:
    """Return a label as people and JSON keys write it: ``true`` and ``false`` for booleans.

    >>> label_text(True), label_text(3), label_text("Fridges")
    ('true', '3', 'Fridges')
    """
    return str(label).lower() if isinstance(label, bool) else str(label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Problem type, target, classes in the executor's order and their original type, feature columns.

    ``classes`` is empty for regression. ``positive_class`` (binary only) is text as in a Task; None means the
    second class. ``threshold`` is on the positive class's probability; None means 0.5. With ``costs`` of
    truth (rows) and prediction (columns), the model predicts the class with the lowest expected cost.
    ``abstain_below``: a prediction with a lower probability becomes ``abstain_label`` (None: never).
    ``target_column`` says how the training file spells the target, and what fixes of the table changed in it.
    """

    problem_type: ProblemType
    target: str
    columns: tuple[Column, ...]
    classes: tuple[Label, ...] = ()
    positive_class: str | None = None
    threshold: float | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    abstain_below: float | None = None
    abstain_label: str = ""
    target_column: Column | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any] | ModelInfo) -> ModelInfo:
        """Build the description from ``model.json``'s values, or copy one; other keys are ignored.

        Columns may be Column objects or plain, labels NumPy scalars.
        """
        if isinstance(plain, ModelInfo):
            return plain
        target = plain.get("target_column")
        positive = plain.get("positive_class")
        return cls(
            problem_type=plain["problem_type"],
            target=plain["target"],
            columns=tuple(map(_column, plain["columns"])),
            classes=tuple(_python_scalar(label) for label in plain.get("classes") or ()),
            positive_class=None if positive is None else label_text(positive),
            threshold=plain.get("threshold"),
            costs=tuple(tuple(float(cost) for cost in row) for row in plain.get("costs") or ()),
            abstain_below=plain.get("abstain_below"),
            abstain_label=plain.get("abstain_label") or "",
            target_column=None if target is None else _column(target),
        )

    @property
    def task_type(self) -> TaskType:
        """The model's task type."""
        return get_task_type(self.problem_type)

    @property
    def positive_index(self) -> int:
        """Index of the positive class in ``classes`` (binary only)."""
        if self.positive_class is None:
            return len(self.classes) - 1
        wanted = self.positive_class
        texts = [label_text(label) for label in self.classes]
        if wanted in texts:
            return texts.index(wanted)
        folded = [text.lower() for text in texts]  # "True" was written by str(), "true" by SQL
        return folded.index(wanted.lower())


def _column(plain: Any) -> Column:
    return plain if isinstance(plain, Column) else from_plain(Column, plain)


def _python_scalar(label: Any) -> Label:
    """Return a NumPy scalar as its Python value; others unchanged."""
    scalar: Label = label.item() if hasattr(label, "item") else label
    return scalar
