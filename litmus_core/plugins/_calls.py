"""Use a workspace's plug-ins outside a run: data sources, exporters and actions."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BundleError, DataError, PlugInError, UnknownNameError, UsageError
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._process.host import PluginProcess
from litmus_core.plugins._proposals import Proposal, left_out_message, read_proposals
from litmus_core.plugins._proxy import PluginProxy
from litmus_core.plugins._registry import PlugIn, disable_part, find_plugin, find_plugins, ready_at
from litmus_core.plugins._trust.state import PlugInState
from litmus_core.runtime import MODULES, load_bundle

if TYPE_CHECKING:
    import pandas as pd

_LIMIT_S = 600.0
_PROPOSING_S = 60.0
# Some code stores a location as a path, which turns two slashes into one.
_LOCATION = re.compile(r"([A-Za-z][\w+.-]+):/+(?=\S)")


def as_location(source: Path | str) -> str | None:
    """Return a data source's location, such as ``shop://orders``; None for the path of a file.

    >>> as_location(Path("shop://orders")), as_location("data/orders.csv")
    ('shop://orders', None)
    """
    text = str(source)
    match = _LOCATION.match(text)
    return None if match is None else f"{match[1]}://{text[match.end() :]}"


@contextmanager
def table_at(home: Path, location: str) -> Iterator[tuple[pd.DataFrame | Path, str]]:
    """Yield the table at a plug-in data source's location (a frame, or a file) and the source's name.

    Raises UnknownNameError if no data source knows the location, and DataError if reading fails: the location
    may be at fault as well as the plug-in, so the plug-in is not disabled.
    """
    prefix = f"{location.partition('://')[0]}://"
    sources = ready_at(home, "data_source")
    names = [described.name for described in sources if described.facts.get("prefix") == prefix]
    if not names:
        prefixes = [str(described.facts.get("prefix")) for described in sources]
        raise UnknownNameError(kind="data source for", name=prefix, names=prefixes)
    plugin = find_plugin(home, "data_source", names[0])
    is_function = plugin.described is not None and plugin.described.facts.get("is_function")
    with open_plugin(home, plugin) as proxy:
        word = "" if is_function else "read"
        try:
            table = proxy.call(word, location, timeout_s=_LIMIT_S)
        except PlugInError as error:
            raise DataError(error.message, hint=error.hint or "Check the location.") from error
        if isinstance(table, str):
            table = Path(table)
        yield table, names[0]


def write_with(home: Path, name: str, bundle: Path, *, to: Path) -> Path:
    """Write a bundle with a plug-in exporter; ``to`` appears complete or not at all.

    The exporter gets an unpacked copy of the bundle. Raises UnknownNameError for an unknown name, UsageError
    if ``to`` exists, and BundleError if writing fails, which disables the plug-in.
    """
    target = to.expanduser().absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"Something already exists at {target}.", hint="Choose another name, or remove it first."
        )
    plugin = find_plugin(home, "exporter", name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        load_bundle(bundle) as loaded,
        tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work,
        open_plugin(home, plugin) as proxy,
    ):
        shutil.copytree(loaded.folder, Path(work, "bundle"))
        try:
            reply = proxy.call("write", Path(work, "bundle"), Path(work, target.name), timeout_s=_LIMIT_S)
        except PlugInError as error:
            disable_part(home, proxy.part, error.reason)
            raise BundleError(f"{error.message} It was disabled.", hint=error.hint) from error
        written = Path(reply) if isinstance(reply, str | Path) else Path(work, target.name)
        if not written.exists() or not written.resolve().is_relative_to(Path(work).resolve()):
            reason = f"it returned {reply!r}, which is not a path that it wrote at the requested place"
            disable_part(home, proxy.part, reason)
            raise BundleError(f"Your exporter {name} stopped: {reason}. It was disabled.")
        shutil.move(written, target)
    return target


def propose(
    home: Path,
    situation: Mapping[str, Any],
    rows: pd.DataFrame,
    *,
    accept: Callable[[Proposal], Any],
    seed: int,
    timeout_s: float = _PROPOSING_S,
) -> tuple[list[tuple[str, Any]], list[str]]:
    """Run the enabled plug-in actions; return (name, ``accept``'s result of a proposal), and messages.

    ``accept`` raises PluginFailedError for an invalid proposal. An action that fails, takes longer than
    ``timeout_s``, or proposes something invalid is disabled. A message says why, and none of its proposals
    is returned.
    """
    accepted: list[tuple[str, Any]] = []
    refusals: list[str] = []
    for plugin in find_plugins(home):
        described = plugin.described
        if described is None or described.point != "action" or plugin.state != "ready":
            continue
        try:
            with open_plugin(home, plugin) as proxy:
                answer = proxy.call("propose", dict(situation), rows, seed=seed, timeout_s=timeout_s)
            pairs = [accept(proposal) for proposal in read_proposals(answer)]
        except (PlugInError, PluginFailedError) as error:
            reason = error.reason if isinstance(error, PlugInError) else str(error)
            disable_part(home, described.part(), reason)
            refusals.append(left_out_message(plugin.name, reason))
        else:
            accepted += [(plugin.name, pair) for pair in pairs]
    return accepted, refusals


@contextmanager
def open_plugin(home: Path, plugin: PlugIn) -> Iterator[PluginProxy]:
    """Yield an enabled plug-in in a process of its own, run from the trusted copy."""
    described = plugin.described
    if described is None:
        raise UsageError(f"{plugin.where} was never inspected.", hint="Check it first.")
    state = PlugInState(home)
    with tempfile.TemporaryDirectory(prefix="litmus-plugin-") as empty:
        folder = state.source_of(plugin.key) if plugin.origin == "workspace" else Path(empty)
        host = PluginProcess(folder / MODULES)
        try:
            yield PluginProxy(described.part(), host)
        finally:
            host.close()
