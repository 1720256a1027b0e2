"""Parse a recipe's text into a Recipe; all problems are reported together, with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from litmus_core.errors import LitmusError
from litmus_core.metrics import get_metric, parse_bar
from litmus_core.recipes._conditions import read_condition
from litmus_core.recipes._file.fields import Field, number, one_of, read_fields, read_items, text
from litmus_core.recipes._file.plugin_parts import plugin_parts
from litmus_core.recipes._file.problems import (
    RecipeError,
    RecipePartError,
    RecipeProblem,
    problem_at,
    problem_from,
)
from litmus_core.recipes._file.yaml import read_yaml
from litmus_core.recipes._knobs import Knob, insert_knobs, knob_values, read_knobs, unused_knobs
from litmus_core.recipes._node import Node
from litmus_core.recipes._pipelines import read_pipelines
from litmus_core.recipes._recipe import NeededColumn, Recipe
from litmus_core.recipes._steps import read_steps
from litmus_core.recipes._tests import read_tests
from litmus_core.types import KIND_NAMES, Bar, Budget, PluginRef, ProblemType, Scalar

FORMAT = 1
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 60
_UNTIL = Node("bar met", 1, 1)
# where knobs may be used
_LATER = ("bar", "budget", "until", "suits", "pipelines", "steps", "columns", "problems")


def read_recipe(text: str, settings: Mapping[str, Scalar] | None = None, *, source: str = "") -> Recipe:
    """Return the recipe with its knobs set as in ``settings``, the others at their defaults.

    ``source`` names the file in messages. Raises RecipeError with all problems, and UnknownNameError or
    UsageError for an invalid setting.
    """
    tree = read_yaml(text, source=source)
    try:
        head, knobs = _head(tree)
    except RecipePartError as error:
        raise RecipeError(error.problems, source=source) from None
    values = knob_values(knobs, settings or {})
    try:
        return _build_recipe(tree, head, knobs, values, text)
    except RecipePartError as error:
        raise RecipeError(error.problems, source=source) from None


def check_recipe(
    text: str, *, check_part: Callable[[PluginRef], None] = lambda _: None
) -> tuple[RecipeProblem, ...]:
    """Return all problems in a recipe's text, with the default knobs and with each knob at each of its
    ends.

    ``check_part`` raises LitmusError for a plug-in that cannot be used.
    """
    problems = _problems_with(text, {}, check_part)
    if problems:
        return problems
    for knob in read_recipe(text).knobs:
        for end in knob.extremes:
            if problems := _problems_with(text, {knob.name: end}, check_part):
                prefix = f"With the knob {knob.name} at {end}:"
                return tuple(_prefixed(problem, prefix) for problem in problems)
    return unused_knobs(read_yaml(text), _later_parts(text, *_LATER))


def _problems_with(
    text: str, settings: Mapping[str, Scalar], check_part: Callable[[PluginRef], None]
) -> tuple[RecipeProblem, ...]:
    try:
        recipe = read_recipe(text, settings)
    except RecipeError as error:
        return error.problems
    problems: dict[RecipeProblem, None] = {}
    for tree in _later_parts(text, "pipelines", "steps"):
        for node, part in plugin_parts(insert_knobs(tree, dict(recipe.settings))):
            try:
                check_part(part)
            except LitmusError as error:
                problems.update(dict.fromkeys(problem_from(node, error).problems))
    return tuple(problems)


def _later_parts(text: str, *names: str) -> list[Node]:
    """Return the parts of a valid recipe's text with these names, before its knobs are inserted."""
    head, _ = _head(read_yaml(text))
    return [head[name] for name in names if name in head]


def _prefixed(problem: RecipeProblem, prefix: str) -> RecipeProblem:
    message = f"{prefix} {problem.message}"
    return RecipeProblem(line=problem.line, column=problem.column, message=message, hint=problem.hint)


def _head(tree: Node) -> tuple[dict[str, Any], dict[str, Knob]]:
    """Read the fields that knobs cannot change, and the knobs; of other fields only the names."""
    fields: dict[str, Any] = {
        "format": Field(_format, required=True),
        "name": Field(_name, required=True),
        "version": Field(number(1, 9_999, integer=True), required=True),
        "title": text,
        "description": Field(text, required=True),
        "knobs": read_knobs,
        "steps": Field(_as_it_is, required=True),
        "tests": _as_it_is,
        **dict.fromkeys([name for name in _LATER if name != "steps"], _as_it_is),
    }
    head = read_fields(tree, fields, subject="the recipe")
    return head, head.get("knobs", {})


def _as_it_is(node: Node) -> Node:
    return node


def _build_recipe(
    tree: Node,
    head: Mapping[str, Any],
    knobs: dict[str, Knob],
    values: dict[str, Scalar],
    text: str,
) -> Recipe:
    read = _Parts(head, values)
    problems = read.part("problems", _problems, ())
    pipelines = read.part("pipelines", lambda node: read_pipelines(node, problems), {})
    # If pipelines are invalid, steps that name them would be reported as well.
    steps = read.part("steps", lambda node: read_steps(node, pipelines), ()) if pipelines is not None else ()
    bar = read.part("bar", _bar, None)
    budget = read.part("budget", _budget, None)
    columns = read.part("columns", lambda node: read_items(node, _column, subject="the columns"), ())
    until = read.part("until", read_condition, None)
    suits = read.part("suits", read_condition, None)
    tests = read.part("tests", lambda node: read_tests(node, knobs, _bar), ())
    if read.problems:
        raise RecipePartError(read.problems)
    return Recipe(
        name=head["name"],
        version=head["version"],
        title=head.get("title") or head["name"].replace("-", " ").capitalize(),
        description=head["description"],
        steps=steps,
        until=until or read_condition(_UNTIL),
        suits=suits,
        problems=problems,
        columns=columns,
        bar=bar,
        budget=budget,
        knobs=tuple(knobs.values()),
        settings=tuple(values.items()),
        tests=tests,
        text=text,
    )


class _Parts:
    """Reader of a recipe's parts in turn, which collects their problems."""

    def __init__(self, head: Mapping[str, Any], values: Mapping[str, Scalar]) -> None:
        self._head, self._values = head, values
        self.problems: list[RecipeProblem] = []

    def part(self, name: str, read: Callable[[Node], Any], default: Any) -> Any:
        """Return ``read``'s result for a part, ``default`` if it is missing; None if it is invalid."""
        node = self._head.get(name)
        if node is None:
            return default
        try:
            return read(insert_knobs(node, self._values) if name in _LATER else node)
        except RecipePartError as error:
            self.problems += error.problems
            return None


def _format(node: Node) -> int:
    if node.value != FORMAT:
        raise problem_at(
            node, f"'{node.value}' is not a format that this Litmus reads.", f"Write 'format: {FORMAT}'."
        )
    return FORMAT


def _name(node: Node) -> str:
    name = text(node)
    if not NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        hint = "Use small letters, digits and hyphens, such as short-titles."
        raise problem_at(node, f"'{name}' cannot name a recipe.", hint)
    return name


def _problems(node: Node) -> tuple[ProblemType, ...]:
    kinds = get_args(ProblemType)
    items: Any = read_items(
        node, one_of(*kinds, kind="kind of question called"), subject="the list of questions"
    )
    return tuple(dict.fromkeys(items))


def _bar(node: Node) -> Bar:
    try:
        bar = parse_bar(text(node))
        get_metric(bar.metric)
    except LitmusError as error:
        raise problem_from(node, error) from None
    return bar


def _budget(node: Node) -> Budget:
    fields = {
        "latency_ms": number(0.001, 1e6),
        "rows": number(1, 1_000_000, integer=True),
        "size_mb": number(0.001, 1e6),
    }
    values = read_fields(node, fields, subject="the budget")
    return Budget(
        max_latency_ms=values.get("latency_ms"),
        batch_rows=values.get("rows", 1),
        max_size_mb=values.get("size_mb"),
    )


def _column(node: Node) -> NeededColumn:
    if not isinstance(node.value, dict):
        return NeededColumn(line=node.line, column=node.column, name=text(node))
    fields = {"name": text, "kind": one_of(*KIND_NAMES, kind="kind of column called")}
    values: Any = read_fields(node, fields, subject="a column")
    if not values:
        raise problem_at(node, "A column needs its name, its kind, or both.", "Write '- kind: text'.")
    return NeededColumn(line=node.line, column=node.column, **values)
