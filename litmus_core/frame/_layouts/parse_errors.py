"""Find the row and column of a text that is not a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.frame._graph import Graph
from litmus_core.frame._values.number_parsing import HINT, TEXT_AS_NUMBER, NotANumberError, shown, spells


def placed(error: NotANumberError, graph: Graph, typed: Mapping[str, Any]) -> NotANumberError:
    """Return ``error`` with its row and the raw columns that its text came from.

    ``typed`` are the rows' columns as the columns layout has them, by name. The texts are computed again,
    since an error ends the work on these rows anyway.
    """
    n_sources = len(graph.sources)
    for step in graph.steps:
        if step.operation.name != TEXT_AS_NUMBER:
            continue
        texts, names = _computed(graph, step.inputs[0], typed)
        for row, text in enumerate(texts):
            if text is None or spells(text):
                continue
            is_raw = step.inputs[0] < n_sources
            came = f"'{names[0]}'" if is_raw else f"what was made of {' and '.join(map(repr, names))}"
            message = f"Row {row} has the text {shown(text)} in {came}, which spells no number."
            return NotANumberError(message, row=row, field=names[0] if is_raw else None, hint=HINT)
    return error


def _computed(graph: Graph, place: int, typed: Mapping[str, Any]) -> tuple[list[str | None], list[str]]:
    """Return the texts at an index of a graph, and the raw columns that they are computed from."""
    n_sources, needed = len(graph.sources), {place}
    for at in range(place, n_sources - 1, -1):
        needed.update(graph.steps[at - n_sources].inputs if at in needed else ())
    names = {at: graph.sources[at].name for at in sorted(needed) if at < n_sources}
    results = {at: typed[name] for at, name in names.items()}
    for at in sorted(needed - set(results)):
        step = graph.steps[at - n_sources]
        inputs = [results[operand] for operand in step.inputs]
        results[at] = step.operation.columns(*inputs, **step.operation.bind(**step.settings))
    return results[place], list(names.values())
