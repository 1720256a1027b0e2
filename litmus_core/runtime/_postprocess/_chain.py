"""Fitted post-processing steps in order, and their JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import BundleError
from litmus_core.runtime._postprocess._calibration import Calibrate
from litmus_core.runtime._postprocess._rule import Rule
from litmus_core.runtime._postprocess._scales import Ratio
from litmus_core.runtime._postprocess._steps import Cap, Round, ShiftClasses, Thresholds, WeighClasses

Floats = NDArray[np.float64]
POST = "postprocess.json"
FORMAT = 1
_BUILT_IN: dict[str, Any] = {
    step_class.reference: step_class
    for step_class in (Calibrate, Cap, Ratio, Round, Rule, ShiftClasses, Thresholds, WeighClasses)
}


class PostStep(Protocol):
    """One fitted step. It treats each row separately and does not change its input."""

    @property
    def reference(self) -> str:
        """The step's reference, as in the plan."""
        ...

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return predictions of the same shape: (n, k) probabilities or (n,) values.

        ``rows`` are n raw rows: a list of dicts, or n values each by column name.
        """
        ...

    def state(self) -> dict[str, Any]:
        """Return JSON values that restore the step."""
        ...


class Post:
    """Steps applied to a model's predictions, in order, and when to abstain after all of them.

    ``abstain_below`` and ``abstain_label`` go into the model's signature, because they decide the label.
    """

    def __init__(
        self, steps: Sequence[PostStep], *, abstain_below: float | None = None, abstain_label: str = ""
    ) -> None:
        self.steps = tuple(steps)
        self.abstain_below, self.abstain_label = abstain_below, abstain_label

    def after(self, other: Post) -> Post:
        """Return the steps of ``other`` followed by these steps."""
        return Post(
            (*other.steps, *self.steps), abstain_below=self.abstain_below, abstain_label=self.abstain_label
        )

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return the predictions after all steps."""
        for step in self.steps:
            predictions = step.apply(predictions, rows)
        return predictions

    def files(self) -> dict[str, bytes]:
        """Return the files that steps store besides JSON, by path: fitted objects of custom classes."""
        return {
            name: content for step in self.steps for name, content in getattr(step, "files", dict)().items()
        }

    def state(self) -> dict[str, Any]:
        """Return the steps as JSON values."""
        steps = [{"reference": step.reference, "state": step.state()} for step in self.steps]
        settings = {"below": self.abstain_below, "label": self.abstain_label}
        return {"format": FORMAT, "steps": steps, "abstain": settings}

    @classmethod
    def from_state(
        cls,
        state: Mapping[str, Any],
        *,
        open_custom: Callable[[str, Mapping[str, Any]], PostStep] | None = None,
    ) -> Post:
        """Restore the steps from the result of :meth:`state`.

        ``open_custom`` creates a custom step from its reference and state. Raises BundleError for the state
        of another format, or a step that this Litmus does not have.
        """
        if state.get("format") != FORMAT:
            raise BundleError(
                f"The steps after the model have format {state.get('format')!r}, not {FORMAT}.",
                hint="Load it with the Litmus version that wrote it, or export it again.",
            )
        steps: list[PostStep] = []
        for step_state in state["steps"]:
            reference = step_state["reference"]
            if ":" in reference and open_custom is not None:
                steps.append(open_custom(reference, step_state["state"]))
            elif reference in _BUILT_IN:
                steps.append(_BUILT_IN[reference].from_state(step_state["state"]))
            else:
                raise BundleError(
                    f"The model needs a step '{reference}' that this Litmus does not have.",
                    hint="Update Litmus here, or export the model again with this version.",
                )
        settings = state["abstain"]
        return cls(steps, abstain_below=settings["below"], abstain_label=settings["label"])
