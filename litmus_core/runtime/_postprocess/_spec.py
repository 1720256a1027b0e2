"""Names, purposes and parameters of built-in steps, for forms, checks and the guide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.task_types import all_task_types
from litmus_core.types import PluginRef, ProblemType, Scalar

ABSTAIN, THRESHOLD = "abstain", "threshold"
DECISIONS = (ABSTAIN, THRESHOLD)  # these change only the label, not the probabilities
ParameterKind = Literal["number", "integer", "text", "column", "when", "then", "shares"]
_CLASSES: tuple[ProblemType, ...] = tuple(
    task_type.key for task_type in all_task_types() if task_type.has_classes
)
_VALUES: tuple[ProblemType, ...] = tuple(
    task_type.key for task_type in all_task_types() if not task_type.has_classes
)
_THRESHOLD: tuple[ProblemType, ...] = tuple(
    task_type.key for task_type in all_task_types() if task_type.has_threshold
)
_WEIGHTS: tuple[ProblemType, ...] = tuple(
    task_type.key for task_type in all_task_types() if task_type.weighs_classes
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepParameter:
    """One parameter of a step.

    ``default`` None without ``required``: the parameter is optional and has no default.
    """

    name: str
    kind: ParameterKind
    title: str
    help: str = ""
    default: Scalar = None
    required: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """A built-in step.

    ``binds``: the step restricts predictions, so a model without it does not meet the request. Any other step
    is chosen only if it improves the score.
    """

    reference: str
    title: str
    when: str
    problem_types: tuple[ProblemType, ...]
    parameters: tuple[StepParameter, ...]
    binds: bool = True


_SPECS = (
    StepSpec(
        reference="cap",
        title="Keep between limits",
        when="No answer may be below or above what can be: no negative price, no more than the stock.",
        problem_types=_VALUES,
        parameters=(
            StepParameter(name="low", kind="number", title="At least"),
            StepParameter(name="high", kind="number", title="At most"),
            StepParameter(
                name="low_quantile",
                kind="number",
                title="At least this quantile of real values",
                help="0.01: the value that 1 of 100 validation rows are below.",
                low=0.0,
                high=1.0,
            ),
            StepParameter(
                name="high_quantile",
                kind="number",
                title="At most this quantile of real values",
                low=0.0,
                high=1.0,
            ),
        ),
    ),
    StepSpec(
        reference="round",
        title="Round",
        when="Answers are pieces, whole euros, or prices in steps of 0.05.",
        problem_types=_VALUES,
        parameters=(
            StepParameter(name="step", kind="number", title="To a multiple of", default=1.0, low=0.0),
        ),
    ),
    StepSpec(
        reference="thresholds_by_segment",
        title="A threshold for each part of the rows",
        when="Yes should be said earlier in one country, shop or product than in another.",
        problem_types=_THRESHOLD,
        parameters=(
            StepParameter(name="column", kind="column", title="Parts by", required=True),
            StepParameter(
                name="min_rows",
                kind="integer",
                title="Rows that a part must have",
                help="Smaller parts, and values that were never seen, get the threshold of all rows.",
                default=100,
                low=1,
            ),
        ),
        binds=False,
    ),
    StepSpec(
        reference="shift_classes",
        title="Other shares in production",
        when="An answer is rarer, or more frequent, where the model will be used than in its data.",
        problem_types=_CLASSES,
        parameters=(
            StepParameter(
                name="shares",
                kind="shares",
                title="Shares there",
                help="Each label with its share: no = 0.9, yes = 0.1.",
                required=True,
            ),
        ),
        binds=False,
    ),
    StepSpec(
        reference="calibrate",
        title="Calibrate the probabilities",
        when="Someone acts on the probabilities: of 100 cases at 80 %, 80 should be so.",
        problem_types=_CLASSES,
        parameters=(),
        binds=False,
    ),
    StepSpec(
        reference=THRESHOLD,
        title="Move the threshold",
        when="A false alarm and a missed case do not weigh the same.",
        problem_types=_THRESHOLD,
        parameters=(
            StepParameter(
                name="at",
                kind="number",
                title="Yes from this probability on",
                required=True,
                low=0.0,
                high=1.0,
            ),
        ),
    ),
    StepSpec(
        reference="weigh_classes",
        title="A weight for each label",
        when="Rare labels are overlooked, and each label should count the same.",
        problem_types=_WEIGHTS,
        parameters=(),
        binds=False,
    ),
    StepSpec(
        reference="rule",
        title="A rule of the business",
        when="Some answers are settled, whatever the model thinks.",
        problem_types=(*_CLASSES, *_VALUES),
        parameters=(
            StepParameter(
                name="when",
                kind="when",
                title="If",
                help="country = 'DE' and age < 18; also != <= > >=, in ('a', 'b'), is missing, is known.",
                required=True,
            ),
            StepParameter(
                name="then",
                kind="then",
                title="Then",
                help="answer = 'no' for a label; value = 0, value += 5 or value *= 1.2 for a number.",
                required=True,
            ),
        ),
    ),
    StepSpec(
        reference=ABSTAIN,
        title="Say “don't know” when unsure",
        when="A wrong answer costs more than none: a person looks at those cases.",
        problem_types=_CLASSES,
        parameters=(
            StepParameter(
                name="below",
                kind="number",
                title="When the probability of its answer is below",
                required=True,
                low=0.0,
                high=1.0,
            ),
            StepParameter(name="label", kind="text", title="What it says then", default="don't know"),
            StepParameter(
                name="coverage",
                kind="number",
                title="Share of the rows that it has to answer",
                help="A model that answers fewer validation rows is not chosen while another answers enough.",
                default=0.5,
                low=0.0,
                high=1.0,
            ),
        ),
    ),
)
STEPS: Mapping[str, StepSpec] = MappingProxyType({spec.reference: spec for spec in _SPECS})


def step_specs(problem_type: ProblemType | None = None) -> tuple[StepSpec, ...]:
    """Return the built-in steps, or only the steps for a task type."""
    return tuple(spec for spec in _SPECS if problem_type is None or problem_type in spec.problem_types)


def is_custom_step(part: PluginRef) -> bool:
    """Return whether a part is a custom class rather than a built-in step."""
    return ":" in part.reference


def parameters_of(part: PluginRef) -> dict[str, Any]:
    """Return a built-in step's parameters, with defaults for those not given.

    Raises UnknownNameError for an unknown step or parameter, UsageError for an invalid or missing value.
    """
    if part.reference not in STEPS:
        raise UnknownNameError(kind="step after the model", name=part.reference, names=STEPS)
    specs = {spec.name: spec for spec in STEPS[part.reference].parameters}
    values_of = dict(part.parameters)
    for name in values_of:
        if name not in specs:
            raise UnknownNameError(kind=f"parameter of {part.reference} called", name=name, names=specs)
    values: dict[str, Any] = {}
    for name, parameter in specs.items():
        value = values_of.get(name, parameter.default)
        if value is None:
            if parameter.required:
                raise UsageError(
                    f"{part.reference} needs '{name}'.", hint=parameter.help or f"It is: {parameter.title}."
                )
            values[name] = None
            continue
        values[name] = _value(value, parameter, step=part.reference)
    return values


def _value(value: Scalar, parameter: StepParameter, *, step: str) -> Scalar:
    if parameter.kind not in ("number", "integer"):
        if not isinstance(value, str) or not value.strip():
            raise UsageError(f"{step}: '{parameter.name}' is {value!r}, not a text.", hint=parameter.help)
        return value
    is_integer = parameter.kind == "integer"
    if isinstance(value, bool) or not isinstance(value, int | float) or (is_integer and value % 1 != 0):
        wanted = "a whole number" if is_integer else "a number"
        raise UsageError(f"{step}: '{parameter.name}' is {value!r}, not {wanted}.", hint=parameter.help)
    low = -math.inf if parameter.low is None else parameter.low
    high = math.inf if parameter.high is None else parameter.high
    if not math.isfinite(value) or not low <= value <= high:
        bounds = f"between {low:g} and {high:g}" if math.isfinite(high) else f"from {low:g} on"
        raise UsageError(f"{step}: '{parameter.name}' is {value:g}.", hint=f"Give a number {bounds}.")
    return int(value) if is_integer else float(value)


def parts_message(parts: Sequence[PluginRef]) -> str:
    """Return the steps' short names in order: "cap, thresholds and abstain"."""
    names = [part.name or part.reference.rpartition(":")[2].partition("_")[0] for part in parts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
