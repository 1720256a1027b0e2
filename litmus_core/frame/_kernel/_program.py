"""Translate a graph of operations on texts into a program for the kernel's machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from litmus_core.frame._graph import Graph
from litmus_core.frame._kernel import _bytes_ops as passes
from litmus_core.frame._kernel import _machine as machine
from litmus_core.frame._kernel._letters import CHANGES, COLLAPSE, Table, follows, table_of
from litmus_core.frame._kernel._lookups import LOOKUPS, MOST_TEXTS, Lookup, lookup_of, n_known
from litmus_core.frame._kernel._word_ops import slot
from litmus_core.frame._layouts.regex_translation import has_lone_surrogate

_FIXED_BYTES, _FIXED_WHOLES = 4, 4  # buffers that every program has, ahead of the ones it adds
_NO_END = 2**62
_MULTIPLIERS = np.array([at * 2_654_435_761 & 0xFFFFFFFF | 1 for at in range(1, 65)], np.int64)
_MEASURES = {
    "length": (machine.LENGTH,),
    "words": (machine.WORDS,),
    "digits": (machine.MARKED, passes.DIGIT, *b"09"),
    "capitals": (machine.MARKED, passes.CAPITAL, *b"AZ"),
}


@dataclass(slots=True, kw_only=True)
class Buffer:
    """The size of a register: ``times`` the bytes of each source, and ``more`` a row."""

    times: tuple[float, ...]
    more: int = 0

    def for_bytes(self, sizes: Sequence[int], n_rows: int = 1) -> int:
        """Return the most bytes that rows can produce, given the bytes of their sources (``sizes``)."""
        grown = sum(times * size for times, size in zip(self.times, sizes, strict=True))
        return int(grown) + 1 + self.more * n_rows

    def grown(self, times: float = 1.0, more: int = 0) -> Buffer:
        return Buffer(
            times=tuple(time * times for time in self.times), more=int(self.more * times + 1) + more
        )

    def followed_by(self, other: Buffer) -> Buffer:
        times = tuple(one + two for one, two in zip(self.times, other.times, strict=True))
        return Buffer(times=times, more=self.more + other.more)


@dataclass(slots=True, kw_only=True)
class KernelProgram:
    """Instructions and their arguments.

    ``texts``, ``numbers`` and ``lookups`` are the indexes of outputs in the graph; for lookups also the index
    of the text, which of ``sets`` is the table, and the lookup itself.
    """

    n_sources: int
    code: list[int] = field(default_factory=list)
    constants: bytearray = field(default_factory=bytearray)
    sets: list[Any] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    rooms: dict[int, Buffer] = field(default_factory=dict)
    texts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lookups: dict[int, tuple[int, int, Lookup]] = field(default_factory=dict)

    def emit(self, kind: int, output: int, left: int, right: int = 0, *needs: int) -> None:
        """Add an instruction."""
        self.code += [kind, output, left, right, *needs, *[0] * (machine.WIDTH - 4 - len(needs))]

    def constant(self, text: str) -> tuple[int, int]:
        """Return the first byte and size of a text among the constants."""
        encoded = text.encode()
        start = len(self.constants)
        self.constants += encoded
        return start, len(encoded)


def why_not(graph: Graph) -> str | None:
    """Return why the kernel cannot run ``graph``, as the end of a sentence; None if it can."""
    for source in graph.sources:
        if source.dtype != "text":
            return f"'{source.name}' is not a column of texts"
    for step in graph.steps:
        name = step.operation.name
        if name in CHANGES or name in _MEASURES:
            continue
        if name in LOOKUPS:
            if n_known(name, step.settings) > MOST_TEXTS:
                return f"'{name}' has more than {MOST_TEXTS:,} texts"
            continue
        if name not in _OTHERS:
            return f"it does not know '{name}'"
        if not _is_supported(name, step.settings):
            return f"it does not know '{name}' with {dict(step.settings)}"
    return None


def _is_supported(name: str, settings: Mapping[str, Any]) -> bool:
    """Return whether the machine has an instruction for an operation's settings."""
    if name == "slice":
        start, stop, by = (settings[side] for side in ("start", "stop", "step"))
        return (start or 0) >= 0 and (stop is None or stop >= 0) and by in (None, 1)
    if name == "count pattern":
        return (settings["pattern"], settings["flags"]) == (r"\d", 0)
    if name == "cut words":
        return all(map(re.compile(r"\w+").fullmatch, settings["words"]))
    return not any(has_lone_surrogate(setting) for setting in settings.values() if isinstance(setting, str))


def program_of(graph: Graph) -> KernelProgram:
    """Return the program of a graph that :func:`why_not` accepts."""
    n_sources = len(graph.sources)
    program = KernelProgram(n_sources=n_sources)
    for place in range(n_sources):
        at = _FIXED_BYTES + 2 * place
        program.emit(machine.SOURCE, place, 0, 0, at, _FIXED_WHOLES + place, at + 1)
        program.rooms[place] = Buffer(times=tuple(float(place == index) for index in range(n_sources)))
    changes = _merged(graph)
    for place, step in enumerate(graph.steps, start=n_sources):
        name = step.operation.name
        if place in changes:
            _emit_changes(program, place, *changes[place])
        elif name in _OTHERS:
            _OTHERS[name](program, place, step.inputs, step.settings)
        elif name in LOOKUPS and place in graph.outputs:
            lookup = lookup_of(name, step.settings)
            program.lookups[place] = (step.inputs[0], len(program.sets), lookup)
            program.sets.append(lookup.table(program.constants))
        elif name in _MEASURES and place in graph.outputs:
            kind, *needs = _MEASURES[name]
            _emit_measure(program, place, kind, step.inputs[0], *needs)
    _emit_outputs(program, graph)
    return program


def _merged(graph: Graph) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return each index's changes and their input; changes merged into a later index have no entry."""
    uses = [*graph.outputs, *(place for step in graph.steps for place in step.inputs)]
    lookups: dict[int, tuple[int, tuple[str, ...]]] = {}
    for place, step in enumerate(graph.steps, start=len(graph.sources)):
        name = step.operation.name
        if name not in CHANGES:
            continue
        [before] = step.inputs
        if before in lookups and uses.count(before) == 1 and follows(name, next_words=lookups[before][1]):
            origin, changes = lookups.pop(before)
            lookups[place] = origin, (*changes, name)
        else:
            lookups[place] = before, (name,)
    return lookups


def _emit_changes(program: KernelProgram, place: int, origin: int, changes: tuple[str, ...]) -> None:
    table, growth = table_of(changes)
    program.emit(machine.REWRITE, place, origin, 0, len(program.tables), int(COLLAPSE in changes))
    program.tables.append(table)
    program.rooms[place] = program.rooms[origin].grown(growth)


def _emit_measure(program: KernelProgram, place: int, kind: int, of: int, *needs: int) -> None:
    program.emit(kind, place, of, 0, len(program.numbers), *needs)
    program.numbers.append(place)


def _emit_join(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    left, right = inputs
    between: str = settings["between"]
    start, size = program.constant(between)
    program.emit(machine.JOIN, place, left, right, start, size, _plain(between))
    program.rooms[place] = program.rooms[left].followed_by(program.rooms[right]).grown(more=size)


def _plain(text: str) -> int:
    """Return how plain a constant is, as the machine stores it in registers."""
    return machine.ASCII | machine.SIMPLE if text.isascii() else 0


def _emit_fill(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    start, size = program.constant(settings["value"])
    program.emit(machine.FILL, place, inputs[0], 0, start, size, _plain(settings["value"]))
    program.rooms[place] = program.rooms[inputs[0]].grown(more=size)


def _emit_slice(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    start, stop = settings["start"] or 0, settings["stop"]
    first = min(start, _NO_END)
    last = max(first, min(_NO_END if stop is None else stop, _NO_END))
    program.emit(machine.SLICE, place, inputs[0], 0, first, last)
    program.rooms[place] = program.rooms[inputs[0]]


def _emit_without(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    before = program.code[-machine.WIDTH :]
    is_rewritten = before[:2] == [machine.REWRITE, inputs[0]]
    _emit_words(machine.WITHOUT, program, place, inputs, settings, int(is_rewritten))


def _emit_cut_out(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    _emit_words(machine.CUT_OUT, program, place, inputs, settings)


def _emit_words(
    kind: int,
    program: KernelProgram,
    place: int,
    inputs: Sequence[int],
    settings: Mapping[str, Any],
    is_rewritten: int = 0,
) -> None:
    words = dict.fromkeys(
        setting for setting in settings["words"] if setting and not has_lone_surrogate(setting)
    )  # others occur in no text
    word_set, letters = _set_of(tuple(words))
    word_set = word_set.copy()
    word_set[4::4] += len(program.constants)
    program.constants += letters
    at = _FIXED_WHOLES + program.n_sources + len(program.sets)
    program.emit(kind, place, inputs[0], 0, at, is_rewritten)
    program.sets.append(word_set)
    program.rooms[place] = program.rooms[inputs[0]]


def _emit_symbol(
    program: KernelProgram, place: int, inputs: Sequence[int], settings: Mapping[str, Any]
) -> None:
    _emit_measure(program, place, machine.SYMBOL, inputs[0], *program.constant(settings["symbol"]))


def _emit_decimals(program: KernelProgram, place: int, inputs: Sequence[int], _: Mapping[str, Any]) -> None:
    _emit_measure(program, place, machine.MARKED, inputs[0], passes.DECIMAL, *b"09")


_OTHERS: Mapping[str, Callable[[KernelProgram, int, Sequence[int], Mapping[str, Any]], None]] = {
    "join": _emit_join,
    "fill text": _emit_fill,
    "slice": _emit_slice,
    "drop words": _emit_without,
    "cut words": _emit_cut_out,
    "count": _emit_symbol,
    "count pattern": _emit_decimals,
}


@lru_cache(maxsize=64)  # a repeated fit has the same stop words
def _set_of(words: tuple[str, ...]) -> tuple[Any, bytes]:
    """Return a set of words as the machine reads it, and their bytes; it counts from these.

    Uses the multiplier with the fewest collisions.
    """
    encoded = [word.encode() for word in words]
    keys = [int.from_bytes(one[:7], "little") for one in encoded]
    last = 7
    while last < 8 * len(keys):
        last = 2 * last + 1
    tried = _MULTIPLIERS[: 1 + 4_000 // max(1, len(keys))]
    slots: Any = slot(np.array(keys, np.int64)[None], tried[:, None], last)  # type: ignore[arg-type]
    n_places = (np.diff(np.sort(slots), axis=1, prepend=-1) > 0).sum(axis=1)
    multiplier = int(tried[n_places.argmax()])
    word_set = np.zeros(2 + 4 * (last + 1), dtype=np.int64)
    word_set[:2] = last, multiplier
    start = 0
    for word, key in zip(encoded, keys, strict=True):
        at = slot(key, multiplier, last)
        while word_set[2 + 4 * at]:
            word_set[5 + 4 * at] = 1
            at = (at + 1) & last
        word_set[2 + 4 * at : 5 + 4 * at] = len(word), key, start
        start += len(word)
    return word_set, b"".join(encoded)


def _emit_outputs(program: KernelProgram, graph: Graph) -> None:
    n_wholes = _FIXED_WHOLES + program.n_sources + len(program.sets)
    for place in dict.fromkeys(graph.outputs):
        if place not in program.numbers and place not in program.lookups:
            n_texts = len(program.texts)
            at = _FIXED_BYTES + 2 * (program.n_sources + n_texts)
            program.emit(machine.GIVE, 0, place, 0, at, n_wholes + n_texts, at + 1)
            program.texts.append(place)
    n_wholes += len(program.texts)
    for at, (of, table, _) in enumerate(program.lookups.values(), start=n_wholes):
        program.emit(machine.LOOK_UP, 0, of, 0, at, _FIXED_WHOLES + program.n_sources + table)
