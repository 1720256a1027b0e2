"""Parse ``algorithm=`` into runs with their algorithms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._api.algorithm_text import parse_algorithm
from litmus_core.experiments._api.spec import AlgorithmSpec, argument_code, reference_of
from litmus_core.plugins import find_plugin, find_plugins, untrusted_message
from litmus_core.types import Algorithm


@dataclass(frozen=True, kw_only=True)
class GridEntry:
    """The algorithms of one run: built-in families, and those with hyperparameters or custom code."""

    title: str = ""
    families: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()


def read_entries(algorithm: Any) -> tuple[GridEntry, ...]:
    """Return an entry for each run. Raises UsageError for what is not an algorithm.

    >>> [entry.families for entry in read_entries(["linear", ["lightgbm", "catboost"]])]
    [('linear',), ('lightgbm', 'catboost')]
    """
    if algorithm is None:
        return (GridEntry(),)
    entries = algorithm if isinstance(algorithm, list | tuple) else [algorithm]
    if not entries:
        raise UsageError("No algorithm is named.", hint="Name one, or leave it out: Litmus chooses.")
    return tuple(_entry(entry if isinstance(entry, list | tuple) else [entry]) for entry in entries)


def with_plugins(entries: Sequence[GridEntry], home: Path) -> tuple[GridEntry, ...]:
    """Return the entries with names of plug-ins replaced by their references.

    The name of a built-in family always means that family. Raises UsageError if a plug-in of that name is
    not ready, and UnknownNameError, with similar names, if there is neither.
    """
    return tuple(_with_plugins(entry, home) for entry in entries)


def _with_plugins(entry: GridEntry, home: Path) -> GridEntry:
    from litmus_core.engine import model_families

    keys = {family.key for family in model_families()}
    custom_keys = [
        key
        for key in (*entry.families, *(algorithm.key for algorithm in entry.algorithms))
        if _is_bare(key, keys)
    ]
    if not custom_keys:
        return entry
    reference = {key: _reference(home, key, keys) for key in custom_keys}
    return replace(
        entry,
        families=tuple(key for key in entry.families if key not in reference),
        algorithms=(
            *(
                replace(algorithm, key=reference.get(algorithm.key, algorithm.key))
                for algorithm in entry.algorithms
            ),
            *(Algorithm(key=reference[key]) for key in entry.families if key in reference),
        ),
    )


def _is_bare(key: str, families: set[str]) -> bool:
    return ":" not in key and key not in families


def _reference(home: Path, name: str, families: set[str]) -> str:
    from litmus_core.engine import family_hint

    models = {
        plugin.name
        for plugin in find_plugins(home)
        if plugin.described is not None and plugin.described.point == "algorithm"
    }
    if name not in models:
        error = UnknownNameError(kind="algorithm", name=name, names=sorted(families | models))
        error.hint = f"{family_hint(name) or error.hint} {untrusted_message(home)}".strip()
        raise error
    described = find_plugin(home, "algorithm", name).described
    return name if described is None else described.reference


def _entry(together: Any) -> GridEntry:
    if not together:
        raise UsageError("A run without an algorithm is not possible.", hint="Name one in each list.")
    specs = [_spec(entry) for entry in together]
    families, algorithms = [], []
    for spec in specs:
        reference = reference_of(spec.name)
        if spec.hyperparameters or ":" in reference:
            algorithms.append(spec.algorithm())
        else:
            families.append(reference)
    return GridEntry(
        title=" + ".join(map(_title, specs)),
        families=tuple(dict.fromkeys(families)),
        algorithms=tuple(algorithms),
    )


def _spec(value: Any) -> AlgorithmSpec:
    if isinstance(value, AlgorithmSpec):
        return value
    if isinstance(value, str):
        return parse_algorithm(value)
    if isinstance(value, type):
        return AlgorithmSpec(value)
    raise UsageError(
        f"{value!r} is not an algorithm.",
        hint='Give a name such as "lightgbm", an Algorithm("lightgbm", …), or a class of your own.',
    )


def _title(spec: AlgorithmSpec) -> str:
    short = reference_of(spec.name).rpartition(":")[2]
    settings_text = ", ".join(
        f"{name}={argument_code(value)}" for name, value in spec.hyperparameters.items()
    )
    return f"{short} ({settings_text})" if settings_text else short
