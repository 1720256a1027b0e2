"""Parse the steps of a recipe and their conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from litmus_core.recipes._conditions import read_condition
from litmus_core.recipes._file.fields import (
    number,
    one_of,
    read_all,
    read_fields,
    read_items,
    read_pairs,
    text,
)
from litmus_core.recipes._file.problems import problem_at
from litmus_core.recipes._node import Node
from litmus_core.recipes._pipelines import (
    PipelineStep,
    pipeline_called,
    read_folds,
    read_parts,
    tuning_fields,
    tuning_of,
)
from litmus_core.recipes._recipe import LEADER, Step
from litmus_core.types import RecipeStepKind

_KINDS: tuple[RecipeStepKind, ...] = get_args(RecipeStepKind)
_SHARES = (0.01, 0.99)  # shares of the latency


def read_steps(node: Node, pipelines: Mapping[str, PipelineStep]) -> tuple[Step, ...]:
    """Return the steps in their order."""
    if not isinstance(node.value, list) or not node.value:
        raise problem_at(node, "The steps are a list, and there is none.", "Begin each with '- try: …'.")
    numbers = {id(item): number for number, item in enumerate(node.value, start=1)}
    return read_all(node.value, lambda item: _step(item, numbers[id(item)], pipelines))


def _step(node: Node, number_of: int, pipelines: Mapping[str, PipelineStep]) -> Step:
    pairs = read_pairs(node, subject="a step")
    kinds = [name for name, _, _ in pairs if name in _KINDS]
    if len(kinds) > 1:
        raise problem_at(
            node, f"Step {number_of} does two things: {' and '.join(kinds)}.", "Make two steps of it."
        )
    kind: Any = kinds[0] if kinds else None
    fields = {"when": read_condition, "words": text, **_fields(kind, pipelines)}
    if kind is None:
        fields |= dict.fromkeys(_KINDS, text)  # so that the nearest one is among the proposals
        read_fields(node, {**fields, **dict.fromkeys(_more(pipelines), lambda _: None)}, subject="a step")
        raise problem_at(node, f"Step {number_of} does nothing.", f"Say one of: {', '.join(_KINDS)}.")
    values = read_fields(node, fields, subject=f"a step '{kind}'")
    return _build_step(node, number_of, kind, values)


def _fields(kind: RecipeStepKind | None, pipelines: Mapping[str, PipelineStep]) -> dict[str, Any]:
    """Return the fields of a step of this kind, without its condition and its texts."""
    called = {"minutes": number(0.1, 10_000)}
    if kind == "try":
        return {"try": lambda node: _together(node, pipelines), "folds": read_folds, **called}
    if kind == "tune":
        return {
            "tune": lambda node: _tuned_pipelines(node, pipelines),
            "folds": read_folds,
            **tuning_fields(),
            **called,
        }
    if kind == "refine":
        return {
            "refine": one_of(LEADER, kind="model to make faster called"),
            "shares": lambda node: read_items(node, number(*_SHARES), subject="the list of shares"),
            **called,
        }
    if kind == "post-process":
        return {"post-process": lambda node: read_parts(node, "postprocess"), **called}
    if kind == "check data":
        return {"check data": one_of("safe fixes", kind="way of checking data called")}
    return {} if kind is None else {kind: text}


def _more(pipelines: Mapping[str, PipelineStep]) -> set[str]:
    return {name for kind in _KINDS for name in _fields(kind, pipelines)}


def _together(node: Node, pipelines: Mapping[str, PipelineStep]) -> tuple[PipelineStep, ...]:
    """Read pipelines for one run, which must have the same shared settings."""
    items = read_items(node, lambda item: pipeline_called(item, pipelines), subject="the list of pipelines")
    for other in items[1:]:
        if other.shared_settings != items[0].shared_settings:
            raise problem_at(
                node,
                f"'{items[0].name}' and '{other.name}' differ in what is around the algorithms (pre, post, "
                "tune, folds), and a step is one run.",
                "Make two steps of them.",
            )
    return items


def _tuned_pipelines(node: Node, pipelines: Mapping[str, PipelineStep]) -> tuple[PipelineStep, ...]:
    if node.value == LEADER and LEADER not in pipelines:
        return ()
    return _together(node, pipelines)


def _build_step(node: Node, number_of: int, kind: RecipeStepKind, values: dict[str, Any]) -> Step:
    plain = ("when", "words", "minutes", "shares")
    more: dict[str, Any] = {name: values[name] for name in plain if name in values}
    if kind in ("try", "tune"):
        more |= {"pipelines": values[kind], "folds": values.get("folds")}
        more["tuning"] = tuning_of(values) if kind == "tune" else None
    elif kind not in ("check data", "refine"):
        more["postprocess" if kind == "post-process" else "request"] = values[kind]
    return Step(number=number_of, kind=kind, line=node.line, **more)
