"""Outcomes of an endpoint's answers, from a file or in memory, joined by answer id or by a key column."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.deploy._served import check_outcomes
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.runtime import (
    Manifest,
    ModelInfo,
    chunk_rows,
    label_text,
    open_table,
    read_manifest,
    unchanged,
)
from litmus_core.serving import AnswerStore, JudgedRows, NewOutcome, OutcomeReader, read_id, time_of
from litmus_core.store import Workspace
from litmus_core.types import Column, EndpointVersion, OutcomeCounts, OutcomeProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sent = tuple[Any, Any, Any]  # the id or key of an answer, its outcome, and its time or None
_ID_COLUMNS = ("id", "answer id")
_MOST_NEWEST = 2_000
_WRITTEN_S = 2.0  # a server writes its answers about once a second
_WITH_ZEROS = re.compile(r"(-?[1-9]\d*|0)\.0+")  # as a spreadsheet or pandas writes whole numbers in a CSV


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeColumns:
    """The columns of a file of outcomes.

    ``key`` is a column of the answered rows; None joins by the answers' ids in the column ``id``. ``outcome``
    None is the target's own column, or "outcome". ``at`` may hold the time of the outcome.
    """

    key: str | None = None
    outcome: str | None = None
    at: str | None = None

    def described(self, target: str) -> list[Column]:
        """Return the columns to look for, with all their values as texts."""
        names = (*self.references, *self.values(target), *self.times)
        return [
            Column(name=name, original_name=name, kind="text", storage="VARCHAR")
            for name in dict.fromkeys(names)
        ]

    @property
    def references(self) -> Sequence[str]:
        """The names that the column of keys or ids may have."""
        return [self.key] if self.key else _ID_COLUMNS

    def values(self, target: str) -> Sequence[str]:
        """Return the names that the column of outcomes may have."""
        return [self.outcome] if self.outcome else (target, "outcome")

    @property
    def times(self) -> Sequence[str]:
        """The name of the column of times, if there is one."""
        return [] if self.at is None else [self.at]


def add_outcomes(
    workspace: Workspace, name: str, sent: Iterable[Sequence[Sent]], *, key: str | None = None
) -> OutcomeCounts:
    """Store chunks of outcomes of the endpoint ``name``, running or not; return how many were stored.

    Answers that the server may not have written yet are waited for, once. Raises NotFoundError if there is no
    such endpoint, UsageError if no stored answer has the column ``key``.
    """
    home = EndpointFolder(workspace, name)
    reader = OutcomeReader(_model_info(home.read()))
    store = AnswerStore(home.answers)
    if key is not None:
        _check_key(store, key)
    total, has_waited = OutcomeCounts(), False
    for chunk in sent:
        by_key = _lookup(store, chunk, key)
        if not has_waited and _may_be_unwritten(store, chunk, by_key):
            time.sleep(_WRITTEN_S)
            has_waited, by_key = True, _lookup(store, chunk, key)
        total += _add(store, reader, chunk, by_key=by_key, first=total.n_sent)
    return total


def _lookup(store: AnswerStore, chunk: Sequence[Sent], key: str | None) -> Mapping[str, list[int]] | None:
    """Return the stored answers by key; None where ids join."""
    if key is None:
        return None
    return store.numbers_by_key(key, list(dict.fromkeys(_key_texts(entry[0] for entry in chunk))))


def _may_be_unwritten(
    store: AnswerStore, chunk: Sequence[Sent], by_key: Mapping[str, list[int]] | None
) -> bool:
    """Return whether an outcome is of an unstored answer of the last moment, or of an unstored key."""
    if by_key is not None:
        return any(not _numbers_of_key(reference, by_key) for reference, _, _ in chunk)
    since = datetime.now(UTC) - timedelta(seconds=_WRITTEN_S)
    numbers = [number for number in (read_id(reference) for reference, _, _ in chunk) if number is not None]
    latest = [number for number in numbers if time_of(number) > since]
    return bool(latest) and bool(store.unstored(latest))


def _model_info(state: State) -> ModelInfo:
    return _manifest(state.version(state.live)).signature


def _manifest(version: EndpointVersion) -> Manifest:
    """Return the manifest of a version; raises UsageError where its kind of model takes no outcomes."""
    check_outcomes(version.path)
    return read_manifest(version.path)


def target_of(workspace: Workspace, name: str) -> str:
    """Return the target of an endpoint's live version."""
    return _model_info(EndpointFolder(workspace, name).read()).target


def _check_key(store: AnswerStore, key: str) -> None:
    columns = store.key_columns()
    if key in columns:
        return
    if columns:
        raise UnknownNameError(kind="key column of the answered rows called", name=key, names=columns)
    raise UsageError(
        f"No answered row carried a column '{key}' beyond what the model reads.",
        hint="Send it along with each row, or join by the ids that the endpoint returns.",
    )


def _add(
    store: AnswerStore,
    reader: OutcomeReader,
    chunk: Sequence[Sent],
    *,
    by_key: Mapping[str, list[int]] | None,
    first: int,
) -> OutcomeCounts:
    now = datetime.now(UTC)
    read: list[tuple[int, NewOutcome]] = []
    problems: list[OutcomeProblem] = []
    n_unknown_keys = 0
    for place, (reference, value, at) in enumerate(chunk, start=first):
        try:
            numbers = _numbers(reference) if by_key is None else _numbers_of_key(reference, by_key)
            outcome = reader.read(value, at, now=now)
        except DataError as error:
            problems.append(OutcomeProblem(place=place, message=f"{error.message} {error.hint}".strip()))
            continue
        n_unknown_keys += not numbers
        read.extend((number, outcome) for number in numbers)
    counts = store.record(read).with_refused(problems, n_sent=len(chunk))
    return replace(counts, n_unknown=counts.n_unknown + n_unknown_keys)


def _numbers(reference: Any) -> list[int]:
    number = read_id(reference)
    if number is None:
        raise DataError(
            f"'{str(reference)[:40]}' is not the id of an answer.", hint="/predict returns the ids."
        )
    return [number]


def _key_texts(keys: Iterable[Any]) -> Iterator[str]:
    for key in keys:
        text = _key_text(key)
        yield from {text, _whole_text(text)}


def _numbers_of_key(key: Any, by_key: Mapping[str, list[int]]) -> list[int]:
    """Return the answers with a key; those of 5 for the text 5.0, unless that is a key itself."""
    text = _key_text(key)
    return by_key.get(text) or by_key.get(_whole_text(text), [])


def _whole_text(text: str) -> str:
    match = _WITH_ZEROS.fullmatch(text)
    return match[1] if match else text


def _key_text(key: Any) -> str:
    """Return a key as SQLite writes it: 5.0, as in a file with gaps, is 5 as in a request."""
    if hasattr(key, "item"):
        key = key.item()
    if isinstance(key, bool):
        return str(int(key))
    if isinstance(key, float) and key.is_integer():
        return str(int(key))
    return str(key)


def outcomes_in_file(path: Path, columns: OutcomeColumns, *, target: str) -> Iterator[list[Sent]]:
    """Yield the outcomes in a CSV or Parquet file. Raises DataError or UnknownNameError if it has none."""
    path = path.expanduser()
    with unchanged(path), open_table(path, columns.described(target)) as table:
        reference = _column(table.names, columns.references, noun="ids")
        outcome = _column(table.names, columns.values(target), noun="outcomes")
        at = _column(table.names, columns.times, noun="times") if columns.times else None
        for chunk in table.chunks(chunk_rows(table)):
            frame = chunk.frame()
            moments = [None] * len(frame) if at is None else frame[at].tolist()
            yield list(zip(frame[reference].tolist(), frame[outcome].tolist(), moments, strict=True))


def _column(names: Sequence[str], wanted: Sequence[str], *, noun: str) -> str:
    for name in wanted:
        if name in names:
            return name
    if len(wanted) == 1:
        raise UnknownNameError(kind="column of the file called", name=wanted[0], names=names)
    raise DataError(
        f"The file has no column of {noun}: neither '{wanted[0]}' nor '{wanted[1]}'.",
        hint=f"Name it. Its columns are {', '.join(names[:12])}.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRows:
    """Answers of an endpoint's live version, and their outcomes.

    ``numbers`` (n,) are the ids of the answers whose ``outcomes`` (n,) are known, in the order in which the
    outcomes came. ``raw`` (n, k) or (n,) are their predictions, ``answered_at`` (n,) ISO times. ``newest``
    are the predictions of the latest answers, with an outcome or without. ``n_answers`` is the number of
    stored answers. ``groups`` (n,) are the rows' groups; None if the task has no group column, or some rows
    came without it.
    """

    version: EndpointVersion
    manifest: Manifest
    numbers: list[int]
    raw: NDArray[np.float64]
    outcomes: list[Any]
    answered_at: list[str]
    newest: NDArray[np.float64]
    n_answers: int
    groups: list[str | int] | None = None


def live_rows(workspace: Workspace, name: str) -> LiveRows:
    """Read the stored answers and outcomes of an endpoint's live version.

    Raises NotFoundError if there is no such endpoint.
    """
    home = EndpointFolder(workspace, name)
    state = home.read()
    version = state.version(state.live)
    manifest = _manifest(version)
    store = AnswerStore(home.answers)
    judged = store.judged(version.bundle_id)
    newest = store.recent(version.bundle_id, _MOST_NEWEST)
    return LiveRows(
        version=version,
        manifest=manifest,
        numbers=judged.numbers,
        raw=_raw(manifest.signature, judged.predictions),
        outcomes=judged.outcomes,
        answered_at=[time_of(number).isoformat(timespec="seconds") for number in judged.numbers],
        newest=_raw(manifest.signature, newest),
        n_answers=judged.n_answers,
        groups=_groups(manifest, judged),
    )


def _groups(manifest: Manifest, judged: JudgedRows) -> list[str | int] | None:
    group = "" if manifest.task is None else manifest.task.needs.group
    return [keys[group] for keys in judged.keys] if all(group in keys for keys in judged.keys) else None


def _raw(info: ModelInfo, predictions: Sequence[dict[str, Any]]) -> NDArray[np.float64]:
    if not info.classes:
        return np.array([prediction["value"] for prediction in predictions], dtype=np.float64)
    labels = [label_text(label) for label in info.classes]
    table = [[prediction["probabilities"][label] for label in labels] for prediction in predictions]
    return np.array(table, dtype=np.float64).reshape(len(predictions), len(labels))
