"""The trees of one level as steps: one step that evaluates all, and a light one for each member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile import _tree_tables
from litmus_core.engine._compile._tree_graph import GRAPH, GraphWriter, is_wide
from litmus_core.engine._compile._tree_inputs import BLOCKS, Axes
from litmus_core.engine._compile._tree_tables import Levels, MemberTables, TreeTableWriter, fits, tables_of
from litmus_core.engine._compile.trees import Array, Symmetric, TreeMember

_LINKS = ("identity", "exp", "softmax", "sigmoid")
Named = tuple[str, TreeMember]


def tree_steps(members: Sequence[Named]) -> list[PlanStep]:
    """Return a step that evaluates all ``members`` (id, model) at once, then one with each member's id.

    A member's output is (n,) probabilities of the second class, (n, k) probabilities, or (n,) values.
    ``members`` must read features and outputs of earlier steps, never each other. Small and symmetric trees
    become tables while those stay small, other trees a graph.
    """
    axes = Axes.of([member.trees for _, member in members])
    tables, levels = _build_tables(members, axes)
    looked_up = sorted((one for one in members if one[0] in tables), key=_sort_key)
    walked = sorted((one for one in members if one[0] not in tables), key=_graph_sort_key)
    settings: dict[str, Any] = {"links": _spans([member for _, member in [*looked_up, *walked]])}
    if any(member.is_read for _, member in members):
        settings["in_doubles"] = True
    # Outputs in singles start with their base.
    base = [np.empty(0), *(member.base * (not member.in_singles) for _, member in looked_up)]
    arrays: dict[str, Array] = axes.arrays()
    files: dict[str, bytes] = {}
    if looked_up:
        writer = TreeTableWriter(levels)
        for name, member in looked_up:
            writer.add(tables[name], member)
        settings["tables"], step_arrays = writer.step()
        arrays |= {f"tables.{name}": array for name, array in step_arrays.items()}
    if walked:
        graph = GraphWriter(axes)
        base += [member.base + member.scale * graph.add(member) for _, member in walked]
        settings["walk"], step_arrays = graph.step()
        arrays |= {f"walk.{name}": array for name, array in step_arrays.items()}
        files[GRAPH] = graph.file()
    scales = [np.full(member.n_outputs, member.scale) for _, member in [*looked_up, *walked]]
    name = f"{members[0][0]}.trees"
    trees = PlanStep(
        id=name,
        kind="trees",
        of=tuple(sorted({block for block, _ in axes.cuts} - set(BLOCKS))),
        settings=settings | axes.settings(),
        arrays=arrays | {"base": np.concatenate(base), "scale": np.concatenate(scales)},
        files=files,
    )
    return [trees, *_output_steps([*looked_up, *walked], name)]


def _build_tables(members: Sequence[Named], axes: Axes) -> tuple[dict[str, MemberTables], Levels]:
    """Return the tables of those members that get some, symmetric ones first."""
    fitting = [one for one in members if fits(one[1].trees)]
    fitting.sort(key=lambda one: not isinstance(one[1].trees, Symmetric))
    levels = Levels(axes, [member.trees for _, member in fitting])
    tables: dict[str, MemberTables] = {}
    left = _tree_tables.MOST_BYTES
    for name, member in fitting:
        tables_of_member = tables_of(member, axes, levels)
        if isinstance(member.trees, Symmetric) or tables_of_member.n_bytes <= left:
            tables[name] = tables_of_member
            left -= tables_of_member.n_bytes
    return tables, levels


def _sort_key(named: Named) -> tuple[bool, int, int]:
    """Return the sort key of members for a runner: one value a leaf first, equal links side by side."""
    _, member = named
    wide = member.trees.leaves.shape[1] > 1
    link = _LINKS.index(member.link)
    return wide, -link if isinstance(member.trees, Symmetric) else link, member.n_outputs


def _graph_sort_key(named: Named) -> tuple[int, ...]:
    """Return the same for the graph, which takes first those whose leaves it adds up."""
    return is_wide(named[1]), *_sort_key(named)


def _spans(members: Sequence[TreeMember]) -> list[list[Any]]:
    """Return [link, first column, columns, outputs a member] for each run of equal members."""
    spans: list[list[Any]] = []
    start = 0
    for member in members:
        last = spans[-1] if spans else None
        if last and last[0] == member.link and (member.link != "softmax" or last[3] == member.n_outputs):
            last[2] += member.n_outputs
        else:
            spans.append([member.link, start, member.n_outputs, member.n_outputs])
        start += member.n_outputs
    return [span for span in spans if span[0] != "identity"]


def _output_steps(members: Sequence[Named], trees: str) -> list[PlanStep]:
    """Return the steps that pick the members' outputs from those of the step ``trees``."""
    steps: list[PlanStep] = []
    start = 0
    for name, member in members:
        steps += _output_step(name, trees, member, start)
        start += member.n_outputs
    return steps


def _output_step(name: str, walk: str, member: TreeMember, start: int) -> list[PlanStep]:
    """Return the step that picks a member's output, and its corrections; the last has ``name``."""
    part: dict[str, Any] = {"start": start, "columns": member.n_outputs}
    kinds: list[tuple[str, dict[str, Any]]] = [("trees_part", part)]
    if member.off_edges:
        part |= {"in_doubles": True} if member.is_read else {}
        kinds.append(("off_edges", {}))
    if member.temperature is not None:
        kinds.append(("temperature", {"temperature": member.temperature}))
    steps: list[PlanStep] = []
    for at, (kind, settings) in enumerate(kinds):
        name_of_kind = name if at == len(kinds) - 1 else f"{name}.{kind}"
        steps.append(
            PlanStep(id=name_of_kind, kind=kind, of=(steps[-1].id if steps else walk,), settings=settings)
        )
    return steps
