"""Graphs that give the same with fewer steps: each rule with why it holds.

Rules look at texts only: what is said twice, and what nobody needs, :class:`Graph` leaves out by itself. A
rule is kept from computing twice what is also wanted for itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from litmus_core.frame._graph import Graph, GraphNode, GraphStep, apply

_WORDY = re.compile(r"[\w\s]*")


def rewritten(graph: Graph) -> Graph:
    """Return a graph with the same outputs, bit by bit, that takes no longer in any layout."""
    uses = Counter([*graph.outputs, *(place for step in graph.steps for place in step.inputs)])
    rules, nodes = _Rules(), list(graph.sources)
    for place, step in enumerate(graph.steps, start=len(nodes)):
        inputs = [nodes[each] for each in step.inputs]
        node = rules.made(step, inputs)
        nodes.append(node)
        if uses[place] == 1:
            rules.used_once[id(node)] = node
    return Graph.of(graph.sources, [nodes[place] for place in graph.outputs])


class _Rules:
    """Makes nodes by the rules; ``used_once`` are those that a rule may take apart."""

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
        """(left + a) + between + right is left + (a + between) + right: texts are joined in any order."""
        if self._is(left, "surround") and not left.settings["before"]:
            return self._join(left.inputs[0], right, between=left.settings["after"] + between)
        for name in ("strip punctuation", "lower"):
            if self._is(left, name) and self._is(right, name) and _is_apart(name, between):
                inner = self._join(left.inputs[0], right.inputs[0], between=between)
                return self._once(apply(name, inner))
        return self._once(apply("join", left, right, between=between))

    def _collapsed(self, texts: GraphNode) -> GraphNode:
        """Of word letters and blanks alone, a whole word is what stands between blanks.

        So cutting words out and collapsing what is left drops words among blanks.
        """
        if self._is(texts, "cut words") and _is_wordy(texts.inputs[0]):
            cut = self._but_for_blanks(texts.inputs[0])
            return apply("drop words", cut, **texts.settings)
        return apply("collapse blanks", texts)

    def _but_for_blanks(self, texts: GraphNode) -> GraphNode:
        """Return texts with the same words between blanks, for an operation that sees no more than these."""
        if self._is(texts, "collapse blanks"):
            return self._but_for_blanks(texts.inputs[0])
        if self._is(texts, "join") and texts.settings["between"].isspace():
            left, right = (self._but_for_blanks(each) for each in texts.inputs)
            return self._join(left, right, between=texts.settings["between"])
        return texts

    def _is(self, node: GraphNode, name: str) -> bool:
        return node.operation is not None and node.operation.name == name and id(node) in self.used_once

    def _once(self, node: GraphNode) -> GraphNode:
        """Return a node that a rule has put in the place of one: whoever asks for it is its only use."""
        self.used_once[id(node)] = node
        return node


def _is_apart(name: str, between: str) -> bool:
    """Say whether an operation does to both texts alone what it does to them with ``between`` in between.

    Punctuation goes letter by letter. What a letter becomes in lower case depends on its neighbours (a final
    sigma), as far as a blank: it is no letter, and not passed over as marks are.
    """
    return between == " " if name == "lower" else bool(_WORDY.fullmatch(between))


def _is_wordy(node: GraphNode) -> bool:
    """Say whether texts certainly have word letters and blanks alone."""
    if node.operation is None:
        return False
    name, told = node.operation.name, [node.settings.get(each, "") for each in ("between", "before", "after")]
    if name == "strip punctuation":
        return True
    if name not in ("join", "surround", "collapse blanks", "drop words", "cut words", "slice"):
        return False
    return all(map(_is_wordy, node.inputs)) and all(map(_WORDY.fullmatch, told))
