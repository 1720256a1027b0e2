"""Convert facts to journal rows (type name, subject ids, plain payload) and back."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any, NamedTuple, get_args

from litmus_core.types import Event, Fact, from_plain, to_plain

FACT_TYPES: dict[str, type] = {cls.__name__: cls for cls in get_args(Fact)}


class Record(NamedTuple):
    """One row of the journal, not decoded. In a damaged row the values may have other types."""

    id: int
    at: str
    type: str
    run_id: str | None
    experiment_id: str | None
    person: str
    payload: str
    checksum: str

    @property
    def is_sound(self) -> bool:
        """Whether the row's checksum matches its contents."""
        return self.checksum == checksum(*self[:-1])


def checksum(
    id: int,  # noqa: A002 - the column's own name
    at: str,
    type: str,  # noqa: A002 - the column's own name
    run_id: str | None,
    experiment_id: str | None,
    person: str,
    payload: str,
) -> str:
    """Return a journal row's checksum: 16 hexadecimal digits over all its fields."""
    text = "\0".join(map(str, (id, at, type, run_id or "", experiment_id or "", person, payload)))
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def encode(fact: Fact) -> str:
    """Return the fact's payload as JSON; bytes that are not valid text (in file names) become ``?``."""
    if type(fact) not in get_args(Fact):
        raise TypeError(f"{type(fact).__name__} is not a fact that the journal knows")
    text = json.dumps(to_plain(fact), ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace").decode()


def decode(record: Record) -> Event | None:
    """Return the record as an event; None if it is damaged or only a newer Litmus knows its type."""
    return decode_sound(record) if record.is_sound else None


def decode_sound(record: Record) -> Event | None:
    """Return an undamaged record as an event; None if only a newer Litmus knows its type."""
    cls = FACT_TYPES.get(record.type)
    if cls is None:
        return None
    try:
        fact: Fact = from_plain(cls, json.loads(record.payload))
    except Exception as error:
        if not _is_structure_error(error):
            raise
        return None
    return Event(id=record.id, at=record.at, fact=fact, person=record.person)


def _is_structure_error(error: Exception) -> bool:
    """Whether the payload has an unknown structure: cattrs groups the causes, one for each bad field."""
    from cattrs.errors import BaseValidationError

    return isinstance(error, (BaseValidationError, KeyError, TypeError, ValueError))


def subjects(fact: Fact) -> tuple[str | None, str | None]:
    """Return the ids of the run and the experiment that the fact is about, each None if it names none."""
    inner: Any = next(
        (getattr(fact, name) for name in ("candidate", "bundle", "experiment") if hasattr(fact, name)), fact
    )
    run_id = getattr(fact, "run_id", None) or getattr(inner, "run_id", None)
    if run_id is None and hasattr(fact, "candidate_id"):
        run_id = run_of(fact.candidate_id)
    experiment_id = getattr(inner, "experiment_id", None)
    if experiment_id is None and hasattr(fact, "experiment"):
        experiment_id = fact.experiment.id
    return run_id, experiment_id


def run_of(candidate_id: str) -> str:
    """Return the id of a candidate's run: candidate ids start with the run's id, which contains no hyphen."""
    return candidate_id.partition("-")[0]
