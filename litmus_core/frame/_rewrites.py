"""Simplify graphs without changing results: each rule says why it holds.

Rules apply to texts only: :class:`Graph` itself removes repeated and unneeded steps. A rule is not applied to
a step whose result is also used elsewhere: it would be computed twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from litmus_core.frame._graph import Graph, GraphNode, GraphStep, apply

_WORDY = re.compile(r"[\w\s]*")


def rewritten(graph: Graph) -> Graph:
    """Return a graph with the same outputs, bit by bit, that is no slower in any layout."""
    uses = Counter([*graph.outputs, *(place for step in graph.steps for place in step.inputs)])
    rules, nodes = _Rules(), list(graph.sources)
    for place, step in enumerate(graph.steps, start=len(nodes)):
        inputs = [nodes[operand] for operand in step.inputs]
        node = rules.made(step, inputs)
        nodes.append(node)
        if uses[place] == 1:
            rules.used_once[id(node)] = node
    return Graph.of(graph.sources, [nodes[place] for place in graph.outputs])


class _Rules:
    """Creates nodes by the rules; ``used_once`` are the nodes that a rule may split."""

    def __init__(self) -> None:
        self.used_once: dict[int, GraphNode] = {}

    def made(self, step: GraphStep, inputs: Sequence[GraphNode]) -> GraphNode:
        name, settings = step.operation.name, step.settings
        if name == "join":
            return self._join(*inputs, between=settings["between"])
        if name == "collapse blanks":
            return self._collapsed(*inputs)
        if name == "drop words":
            return apply(name, self._but_for_blanks(*inputs), **settings)
        operation = step.operation
        return GraphNode(dtype=operation.gives, operation=operation, inputs=tuple(inputs), settings=settings)

    def _join(self, left: GraphNode, right: GraphNode, *, between: str) -> GraphNode:
        """(left + a) + between + right is left + (a + between) + right: joining texts is associative."""
        if self._is(left, "surround") and not left.settings["prefix"]:
            return self._join(left.inputs[0], right, between=left.settings["suffix"] + between)
        for name in ("strip punctuation", "lower"):
            if self._is(left, name) and self._is(right, name) and _separates_words(name, between):
                inner = self._join(left.inputs[0], right.inputs[0], between=between)
                return self._once(apply(name, inner))
        return self._once(apply("join", left, right, between=between))

    def _collapsed(self, texts: GraphNode) -> GraphNode:
        """In texts of word letters and whitespace only, whole words are what whitespace separates.

        So cutting words out and collapsing the rest drops words between whitespace.
        """
        if self._is(texts, "cut words") and _is_wordy(texts.inputs[0]):
            cut = self._but_for_blanks(texts.inputs[0])
            return apply("drop words", cut, **texts.settings)
        return apply("collapse blanks", texts)

    def _but_for_blanks(self, texts: GraphNode) -> GraphNode:
        """Return texts with the same words, for an operation that only looks at words."""
        if self._is(texts, "collapse blanks"):
            return self._but_for_blanks(texts.inputs[0])
        if self._is(texts, "join") and texts.settings["between"].isspace():
            left, right = (self._but_for_blanks(operand) for operand in texts.inputs)
            return self._join(left, right, between=texts.settings["between"])
        return texts

    def _is(self, node: GraphNode, name: str) -> bool:
        return node.operation is not None and node.operation.name == name and id(node) in self.used_once

    def _once(self, node: GraphNode) -> GraphNode:
        """Return the node that replaces another one: the caller is its only use."""
        self.used_once[id(node)] = node
        return node


def _separates_words(name: str, between: str) -> bool:
    """Return whether an operation on two texts joined by ``between`` equals joining its results.

    Punctuation is handled letter by letter. The lower case of a letter depends on its neighbours (a final
    sigma) only up to whitespace, which is neither a letter nor skipped like a mark.
    """
    return between == " " if name == "lower" else bool(_WORDY.fullmatch(between))


def _is_wordy(node: GraphNode) -> bool:
    """Return whether texts certainly consist of word letters and whitespace."""
    if node.operation is None:
        return False
    name, texts = (
        node.operation.name,
        [node.settings.get(one, "") for one in ("between", "prefix", "suffix")],
    )
    if name == "strip punctuation":
        return True
    if name not in ("join", "surround", "collapse blanks", "drop words", "cut words", "slice"):
        return False
    return all(map(_is_wordy, node.inputs)) and all(map(_WORDY.fullmatch, texts))
