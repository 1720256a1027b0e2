"""Findings: what is wrong with a table, how bad that is, and the fix that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from litmus_core.types._plans import Scalar
from litmus_core.types._tasks import SplitPlan

Severity = Literal["harmful", "warning", "hint"]
FixKind = Literal[
    "leave_out",  # models do not look at ``columns``; the table keeps them
    "split",  # rows are parted by ``split``
    "as_missing",  # the ``values`` of ``columns`` become missing
    "replace",  # in ``columns``, each first of ``values`` becomes its second
    "trim",  # spaces around the texts of ``columns`` go
    "fold_case",  # spellings (3 letters or more) that differ in case or spaces become the most frequent
    "drop_missing",  # rows where one of ``columns`` is missing go
    "drop_duplicates",  # of rows that are equal in ``columns`` (none: in all) the first stays
    "drop_rows",  # ``rows`` (positions from 0, ascending) go
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One change to a table or to how it is used. ``title`` is the button's: "Leave 'order id' out".

    A ``safe`` fix loses nothing that a model could use; safe ones can be applied together.
    ``values`` are pairs (before, after); after is None where it becomes missing.
    """

    kind: FixKind
    title: str
    columns: tuple[str, ...] = ()
    safe: bool = False
    values: tuple[tuple[str, str | None], ...] = ()
    rows: tuple[int, ...] = ()
    split: SplitPlan | None = None


def finding_key(kind: str, columns: Sequence[str]) -> str:
    """Return what a finding of a check on ``columns`` is called in commands and addresses."""
    return ":".join(filter(None, (kind, ",".join(columns))))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTable:
    """A small table of text cells that shows what was found."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a check says, as facts: a stored verdict has these, and words are made where people read them.

    ``key`` chooses among the sentences of the check ``kind``, ``columns`` and ``target`` are what it is
    about, and ``figures`` stand in it by their names.
    """

    kind: str
    key: str
    columns: tuple[str, ...] = ()
    target: str = ""
    figures: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check found. ``sentence`` says it plainly, ``evidence`` shows it, ``fix`` would mend it.

    ``kind`` is the check's key; with ``columns`` it tells this finding from others of the table.
    ``share`` (0 to 1) of rows or ``n_rows`` that are touched, where that means something; ``score`` orders
    findings of one severity, the most harmful first. Checks that every training makes have a ``statement``:
    the facts that the sentence is made of.
    """

    kind: str
    severity: Severity
    sentence: str
    columns: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    table: EvidenceTable | None = None
    fix: Fix | None = None
    n_rows: int | None = None
    score: float = 0.0
    known: bool = False  # someone said: I know, it is fine
    statement: Statement | None = None

    @property
    def key(self) -> str:
        """What this finding is called in commands and addresses: ``leakage:price,total``."""
        return finding_key(self.kind, self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmadeCheck:
    """A check that was not made, and why, in plain words; ``lacks``: it waits for that."""

    kind: str
    reason: str
    lacks: Literal["", "target", "test"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All findings on one version, the most harmful first, and the checks that could not be made."""

    dataset_version_id: str
    target: str | None
    test_version_id: str | None
    findings: tuple[Finding, ...]
    not_made: tuple[UnmadeCheck, ...] = ()
    seconds: float = 0.0

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(each for each in self.findings if each.severity == severity)

    @property
    def unasked(self) -> tuple[str, ...]:
        """The kinds of checks that only wait to be told what to predict."""
        return tuple(each.kind for each in self.not_made if each.lacks == "target")

    @property
    def failed(self) -> tuple[UnmadeCheck, ...]:
        """The checks that could not be made although they had all they need."""
        return tuple(each for each in self.not_made if not each.lacks)
