"""Lines of a certificate that a workspace's plug-ins check, each in a process of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import PlugInError, UsageError
from litmus_core.plugins._calls import open_plugin
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._registry import PlugIn, find_plugins
from litmus_core.plugins._trust.state import PlugInState
from litmus_core.types import Certificate, CertificateLine, Point

if TYPE_CHECKING:
    import pandas as pd

_LIMIT_S = 60.0
_MOST_LETTERS = 1_000
_REQUIRED = ("passed", "sentence")
_FIELDS = (*_REQUIRED, "figure")
_POINT: Point = "certificate_line"


def try_lines(
    home: Path,
    facts: Mapping[str, Any],
    rows: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    seed: int = 0,
    timeout_s: float = _LIMIT_S,
) -> tuple[CertificateLine, ...]:
    """Return the lines that the workspace's plug-ins check, for the arguments of their contract.

    A check that raises, hangs, or returns something else is a failed line with the reason, and so is one
    that cannot be used. Only a line that somebody disabled is left out.
    """
    return tuple(
        _try_line(home, plugin, (dict(facts), rows, predictions), seed=seed, timeout_s=timeout_s)
        for plugin in _required(home)
    )


def has_lines(home: Path) -> bool:
    """Return whether the workspace has certificate lines of its own."""
    return next(_required(home), None) is not None


def has_current_lines(home: Path, certificate: Certificate) -> bool:
    """Return whether a certificate has the predictions of the plug-ins that the workspace has now."""
    stored = {(line.plugin, line.version) for line in certificate.plugin_lines}
    return stored == {(plugin.name, _version(plugin)) for plugin in _required(home)}


def read_line(answer: Any, *, name: str) -> CertificateLine:
    """Return the line that the ``check`` of the plug-in ``name`` returned.

    Raises PluginFailedError for an invalid one.
    """
    if not isinstance(answer, dict):
        kind = "nothing" if answer is None else type(answer).__name__
        raise PluginFailedError(f"check returned {kind}, not a dictionary")
    for field in answer:
        if field not in _FIELDS:
            near = get_close_matches(str(field), _FIELDS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else f"; there are {', '.join(_FIELDS)}"
            raise PluginFailedError(f"the line has '{field}', which nothing reads{hint}")
    for field in _REQUIRED:
        if field not in answer:
            raise PluginFailedError(f"the line has no '{field}'")
    passed, sentence, figure = answer["passed"], answer["sentence"], answer.get("figure")
    if passed is not None and not isinstance(passed, bool):
        raise PluginFailedError(f"passed is {passed!r}; write True, False, or None if it does not apply")
    if not isinstance(sentence, str) or not sentence.strip():
        raise PluginFailedError(f"the sentence is {sentence!r}; write a sentence")
    if len(sentence) > _MOST_LETTERS:
        raise PluginFailedError(f"the sentence has {len(sentence):,} letters; {_MOST_LETTERS:,} are read")
    if figure is not None and (
        isinstance(figure, bool) or not isinstance(figure, int | float) or not math.isfinite(figure)
    ):
        raise PluginFailedError(f"the figure is {figure!r}; write a finite number, or None")
    return CertificateLine(
        key=f"plug-in: {name}",
        title=name,
        passed=passed,
        text=" ".join(sentence.split()),
        figure=None if figure is None else float(figure),
        plugin=name,
    )


def _required(home: Path) -> Iterator[PlugIn]:
    """Yield the certificate lines that count, usable or not: all but the disabled ones.

    Of a file that changed since it was trusted, these are the lines that it had.
    """
    state, plugins = PlugInState(home), find_plugins(home)
    earlier = {
        (described.reference.rpartition(":")[0], described.name): described
        for entries in state.descriptions().values()
        for described in entries
        if described.point == _POINT
    }
    for plugin in plugins:
        if plugin.described is not None:
            if plugin.described.point == _POINT and plugin.state != "disabled":
                yield plugin
            continue
        for (where, name), described in earlier.items():
            if where == plugin.where and not state.disabled_reason(_POINT, name, key=""):
                yield replace(plugin, described=described)


def _version(plugin: PlugIn) -> str:
    return plugin.key if plugin.state == "ready" else ""


def _try_line(
    home: Path,
    plugin: PlugIn,
    arguments: tuple[Mapping[str, Any], pd.DataFrame, pd.DataFrame],
    *,
    seed: int,
    timeout_s: float,
) -> CertificateLine:
    described = plugin.described
    title = plugin.name if described is None else described.title or plugin.name
    try:
        if plugin.state != "ready":
            raise PluginFailedError(f"{plugin.reason} ({plugin.where})")
        with open_plugin(home, plugin) as proxy:
            answer = proxy.call("check", *arguments, seed=seed, timeout_s=timeout_s)
        line = read_line(answer, name=plugin.name)
    except (PlugInError, PluginFailedError, UsageError) as error:
        reason = error.reason if isinstance(error, PlugInError) else str(error)
        text = f"Your check {plugin.name} gave no answer: {reason.rstrip('.')}."
        return CertificateLine(
            key=f"plug-in: {plugin.name}", title=title, passed=False, text=text, plugin=plugin.name
        )
    return replace(line, title=title, version=_version(plugin))
