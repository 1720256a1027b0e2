"""Read and check the proposals of a plug-in action, and turn them into run plans."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, get_args

from litmus_core.errors import LitmusError
from litmus_core.metrics import get_metric
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._reference import read_part
from litmus_core.types import (
    TRAINING_FLAGS,
    Algorithm,
    Folds,
    Gain,
    Hyperparameter,
    PluginRef,
    Point,
    RunPlan,
    Score,
    Tuning,
    Who,
)

_MOST, _MOST_LETTERS = 10, 1_000
_REQUIRED = ("key", "title", "gain")
_FIELDS = (*_REQUIRED, "sentence", "evidence", "minutes", "latency", "size", "audience", "plan", "page")
_PLAN_FIELDS = (
    "families", "algorithms", "folds", "tune", *TRAINING_FLAGS, "time_limit_s", "preprocess", "postprocess",
)  # fmt: skip
_PAGES = ("", "data", "target", "train", "results", "export")
_SHORTEST_S, _LONGEST_S = 5.0, 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal; ``plan`` names what differs from the run's own plan, None: no run is needed."""

    key: str
    title: str
    gain: Gain
    sentence: str = ""
    evidence: str = ""
    minutes: float | None = None
    latency: float | None = 1.0
    size: float | None = 1.0
    audience: Who = "anyone"
    plan: Mapping[str, Any] | None = None
    page: str = ""


def read_proposals(answer: Any) -> tuple[Proposal, ...]:
    """Return the proposals that ``propose`` returned; raises PluginFailedError for invalid ones."""
    if not isinstance(answer, list):
        raise PluginFailedError(f"propose returned {_kind(answer)}, not a list of proposals")
    if len(answer) > _MOST:
        raise PluginFailedError(f"propose returned {len(answer)} proposals; {_MOST} at most are read")
    proposals = tuple(_proposal(item) for item in answer)
    keys = [proposal.key for proposal in proposals]
    repeated_key = next((key for key in keys if keys.count(key) > 1), None)
    if repeated_key is not None:
        raise PluginFailedError(f"two of its proposals have the key '{repeated_key}'")
    return proposals


def check_gain(proposal: Proposal, score: Score) -> None:
    """Raise PluginFailedError if a model with this ``score`` cannot gain that much."""
    metric, gain = get_metric(score.metric), proposal.gain.value
    best = metric.highest if metric.greater_is_better else metric.lowest
    left = abs(best - score.value)
    if gain > left + 1e-9:
        percent = "; is it in percent?" if metric.unit == "share" and 1 < gain <= 100 else ""
        raise PluginFailedError(
            f"'{proposal.key}' promises a gain of {gain:g}, and only {left:.3g} is left between the score "
            f"and the best one of {metric.name}{percent}"
        )


def plan_of(proposal: Proposal, base: RunPlan) -> RunPlan | None:
    """Return the plan of a proposal: ``base`` with its changes; None if it has none.

    Raises PluginFailedError for unknown fields and invalid values. Does not check whether such a run can
    start.
    """
    if proposal.plan is None:
        return None
    plan = base
    for name, value in proposal.plan.items():
        if name not in _PLAN_FIELDS:
            near = get_close_matches(str(name), _PLAN_FIELDS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else f"; there are {', '.join(_PLAN_FIELDS)}"
            raise PluginFailedError(f"the plan of '{proposal.key}' has '{name}'{hint}")
        plan = _with_change(plan, name, value, proposal.key)
    return plan


def _with_change(plan: RunPlan, name: str, value: Any, key: str) -> RunPlan:
    """Return the plan with one proposed change; raises PluginFailedError for an invalid one."""
    subject = f"the plan of '{key}' has {name} = {value!r}"
    if name == "folds":
        if isinstance(value, bool) or not isinstance(value, int) or not (value == 0 or 2 <= value <= 50):
            raise PluginFailedError(f"{subject}; write 0, or 2 to 50")
        return replace(plan, folds=Folds(value))
    if name == "tune" or name in TRAINING_FLAGS:
        return _with_flag(plan, name, value, subject)
    if name == "time_limit_s":
        if not _is_number(value) or not _SHORTEST_S <= value <= _LONGEST_S:
            raise PluginFailedError(f"{subject}; write seconds, {_SHORTEST_S:g} at least")
        return replace(plan, compute=replace(plan.compute, time_limit_s=float(value)))
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise PluginFailedError(f"{subject}; write a list of texts")
    if name == "families":
        return replace(plan, families=tuple(value))
    if name == "algorithms":
        return replace(plan, algorithms=tuple(_algorithm(item, subject) for item in value))
    if name == "preprocess":
        return replace(plan, preprocess=tuple(_part("preprocess", item, subject) for item in value))
    return replace(plan, postprocess=tuple(_part("postprocess", item, subject) for item in value))


def _with_flag(plan: RunPlan, name: str, value: Any, subject: str) -> RunPlan:
    if not isinstance(value, bool):
        raise PluginFailedError(f"{subject}; write true or false")
    if name == "tune":
        return replace(plan, tuning=Tuning() if value else None)
    options: dict[str, Any] = {name: value}
    return replace(plan, training=replace(plan.training, **options))


def _algorithm(text: str, subject: str) -> Algorithm:
    part = _part("algorithm", text, subject)
    values = tuple(Hyperparameter(name=name, value=value) for name, value in part.parameters)
    return Algorithm(key=part.reference, hyperparameters=values)


def _part(point: Point, text: str, subject: str) -> PluginRef:
    try:
        return read_part(point, text)
    except LitmusError as error:
        raise PluginFailedError(f"{subject}: {error.message.rstrip('.')}") from None


def _proposal(fields: Any) -> Proposal:
    if not isinstance(fields, dict):
        raise PluginFailedError(f"a proposal is {_kind(fields)}, not a dictionary")
    for name in fields:
        if name not in _FIELDS:
            near = get_close_matches(str(name), _FIELDS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            raise PluginFailedError(f"a proposal has '{name}', which nothing reads{hint}")
    for name in _REQUIRED:
        if name not in fields:
            raise PluginFailedError(f"a proposal has no '{name}'")
    words = {name: _text(fields, name) for name in ("key", "title", "sentence", "evidence", "page")}
    if not words["key"] or not words["title"]:
        raise PluginFailedError("a proposal has an empty key or title")
    key = words["key"]
    if words["page"] not in _PAGES:
        raise PluginFailedError(f"'{key}' leads to the page '{words['page']}', which there is none of")
    if fields.get("audience", "anyone") not in get_args(Who):
        raise PluginFailedError(f"'{key}' is for {fields['audience']!r}; write anyone or scientist")
    plan = fields.get("plan")
    if plan is not None and not isinstance(plan, dict):
        raise PluginFailedError(f"the plan of '{key}' is {_kind(plan)}, not a dictionary")
    return Proposal(
        **words,
        gain=_gain(fields["gain"], key),
        minutes=_positive(fields, "minutes", key, default=None),
        latency=_positive(fields, "latency", key, default=1.0),
        size=_positive(fields, "size", key, default=1.0),
        audience=fields.get("audience", "anyone"),
        plan=plan,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise PluginFailedError(f"the {name} of a proposal is {_kind(value)}, not a text")
    if len(value) > _MOST_LETTERS:
        raise PluginFailedError(
            f"the {name} of a proposal has {len(value):,} letters; {_MOST_LETTERS:,} are read"
        )
    return " ".join(value.split())


def _gain(fields: Any, key: str) -> Gain:
    ends = ("value", "low", "high")
    if not isinstance(fields, dict) or sorted(fields) != sorted(ends):
        raise PluginFailedError(
            f"the gain of '{key}' is {fields!r}; write value, low and high, in the metric's unit"
        )
    for name in ends:
        if not _is_number(fields[name]):
            raise PluginFailedError(
                f"the gain of '{key}' has {name} = {fields[name]!r}, which is not a finite number"
            )
    value, low, high = (float(fields[name]) for name in ends)
    if not low <= value <= high:
        raise PluginFailedError(
            f"the gain of '{key}' is {value:g}, which is not between {low:g} and {high:g}"
        )
    return Gain(value=value, low=low, high=high, measured=value)


def _positive(fields: Mapping[str, Any], name: str, key: str, *, default: float | None) -> float | None:
    value = fields.get(name, default)
    if value is None:
        return None
    if not _is_number(value) or value < 0:
        raise PluginFailedError(f"'{key}' has {name} = {value!r}; write a number, 0 at least, or None")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _kind(value: Any) -> str:
    name = "nothing" if value is None else type(value).__name__
    return name if value is None else f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def left_out_message(name: str, reason: str) -> str:
    """Return the message for an action that was left out."""
    return f"Your action {name} was left out and disabled: {reason.rstrip('.?')}."


def texts_of(parts: Sequence[PluginRef]) -> list[str]:
    """Return the parts as text, for an action's ``situation``."""
    return [part.reference for part in parts]
