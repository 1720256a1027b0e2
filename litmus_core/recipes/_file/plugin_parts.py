"""Find the plug-ins that a recipe names, with their places in its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from litmus_core.plugins import read_part
from litmus_core.recipes._node import Node, text_of
from litmus_core.types import PluginRef, Point, Scalar

_POINTS: Mapping[str, Point] = {
    "pre": "preprocess",
    "post": "postprocess",
    "post-process": "postprocess",
    "algorithms": "algorithm",
}


def plugin_parts(tree: Node) -> Iterator[tuple[Node, PluginRef]]:
    """Yield the plug-ins that valid pipelines and steps name, each with its node.

    An algorithm with a search space is yielded with each end of it.
    """
    if isinstance(tree.value, list):
        for item in tree.value:
            yield from plugin_parts(item)
    if not isinstance(tree.value, dict):
        return
    for name, (_, value) in tree.value.items():
        if name in _POINTS:
            for item in value.value if isinstance(value.value, list) else [value]:
                yield from _parts(item, _POINTS[name])
        elif isinstance(value.value, list | dict):
            yield from plugin_parts(value)


def _parts(item: Node, point: Point) -> Iterator[tuple[Node, PluginRef]]:
    if isinstance(item.value, dict):
        for name, (key, values) in item.value.items():
            if ":" in name:
                yield from (
                    (key, PluginRef(point=point, reference=name, parameters=p)) for p in _ends(values)
                )
    elif not isinstance(item.value, list):
        part = PluginRef(point=point, reference=text_of(item.value))
        part = part if point == "algorithm" else read_part(point, text_of(item.value))
        if ":" in part.reference:
            yield item, part


def _ends(values: Node) -> Iterator[tuple[tuple[str, Scalar], ...]]:
    """Yield the hyperparameters at both ends of each search space; lists have no ends to check."""
    pairs = values.value.items() if isinstance(values.value, dict) else ()
    ranges = {name: _range(value) for name, (_, value) in pairs}
    for at in (0, -1):
        yield tuple((name, ends[at]) for name, ends in ranges.items() if ends)


def _range(node: Node) -> list[Scalar]:
    if isinstance(node.value, list):
        return []
    if not isinstance(node.value, dict):
        return [node.value]
    fields = {name: value.value for name, (_, value) in node.value.items()}
    if isinstance(choices := fields.get("choices"), list):
        return [choice.value for choice in choices if not isinstance(choice.value, list | dict)]
    return [end for end in (fields.get("low"), fields.get("high")) if not isinstance(end, list | dict)]
