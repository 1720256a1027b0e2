"""Findings: problems in a table, their severity, and their fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from litmus_core.types._column_kinds import KindName
from litmus_core.types._statements import Statement
from litmus_core.types._tasks import SplitPlan

Severity = Literal["harmful", "warning", "hint"]
FixKind = Literal[
    "leave_out",  # models do not use ``columns``; the table keeps them
    "split",  # rows are split by ``split``
    "as_missing",  # the ``values`` of ``columns`` become missing
    "replace",  # in ``columns``, the first of each pair in ``values`` becomes the second
    "trim",  # spaces around the texts of ``columns`` are removed
    "fold_case",  # spellings (3 letters or more) that differ in case or spaces become the most frequent
    "drop_missing",  # rows with a missing value in one of ``columns`` are removed
    "drop_duplicates",  # of rows with equal ``columns`` (none: all columns) the first is kept
    "drop_rows",  # ``rows`` (positions from 0, ascending) are removed
    "read_as",  # the one of ``columns`` is read as ``meaning``
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One change to a table or to how it is used; ``check`` is the kind of check that proposed it.

    ``litmus_core.data.fix_title`` makes the button's label: "Leave 'order id' out". A ``safe`` fix loses
    nothing that a model could use; safe ones can be applied together. ``values`` are pairs (before, after);
    after is None for values that become missing. ``meaning`` is the kind that a column is read as.
    """

    kind: FixKind
    columns: tuple[str, ...] = ()
    check: str = ""
    safe: bool = False
    values: tuple[tuple[str, str | None], ...] = ()
    rows: tuple[int, ...] = ()
    split: SplitPlan | None = None
    meaning: KindName | None = None

    @property
    def is_destructive(self) -> bool:
        """Whether it drops rows, or a column from what models see."""
        return self.kind in ("leave_out", "drop_missing", "drop_duplicates", "drop_rows")


def finding_key(kind: str, columns: Sequence[str]) -> str:
    """Return the key of a check's finding on ``columns``, for commands and addresses."""
    return ":".join(filter(None, (kind, ",".join(columns))))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTable:
    """A small table of text cells as evidence."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of a check. ``statement`` says what it is, ``evidence`` shows it, ``fix`` corrects it.

    ``kind`` is the check's key; together with ``columns`` it identifies the finding within the table.
    ``n_rows`` are affected, if applicable; ``score`` orders findings of one severity, the most harmful first.
    Statements and evidence are facts; ``litmus_core.checks`` makes the sentences.
    """

    kind: str
    severity: Severity
    statement: Statement
    columns: tuple[str, ...] = ()
    evidence: tuple[Statement, ...] = ()
    table: EvidenceTable | None = None
    fix: Fix | None = None
    n_rows: int | None = None
    score: float = 0.0
    dismissed: bool = False  # somebody marked it as fine

    @property
    def key(self) -> str:
        """The key of this finding in commands and addresses: ``leakage:price,total``."""
        return finding_key(self.kind, self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedCheck:
    """A check that was not run, and the reason; ``lacks`` is the input that it is waiting for."""

    kind: str
    reason: str
    lacks: Literal["", "target", "test"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All findings on one version, the most harmful first, and the checks that could not run."""

    dataset_version_id: str
    target: str | None
    test_version_id: str | None
    findings: tuple[Finding, ...]
    not_made: tuple[SkippedCheck, ...] = ()
    seconds: float = 0.0

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def waiting_for_target(self) -> tuple[str, ...]:
        """The kinds of checks that wait for a target."""
        return tuple(check.kind for check in self.not_made if check.lacks == "target")

    @property
    def failed(self) -> tuple[SkippedCheck, ...]:
        """The checks that could not run although they had everything they need."""
        return tuple(check for check in self.not_made if not check.lacks)
