"""Deliberate errors: each takes facts, says what happened and where, and offers what to do.

    LitmusError
    ├── UsageError               an invalid value: unknown column, metric, family, split
    │   ├── UnknownNameError     a name that is not among the known ones; suggests the nearest
    │   │   └── UntrustedNameError   one that untrusted plug-ins may have
    │   └── UntrustedError       files that somebody else wrote, and that would run as code
    ├── DataError                a table that cannot be read or used as requested
    │   ├── RowError             a row (and field) that does not fit a model's schema
    │   ├── RemediableError      a request that does not fit its table, with choices that would
    │   └── NoAnswerError        a custom model that gave no prediction for these rows
    │       └── PlugInError      a plug-in that gave no answer, and the reason
    ├── NotPermittedError        an action that needs another role
    ├── NotFoundError            an id that the workspace does not hold
    ├── WorkspaceError           a folder or store that cannot be opened, or is newer than this Litmus
    ├── BusyError                someone else holds what is needed; trying again later helps
    ├── TrainingError            a run that could not go on
    ├── BundleError              a bundle that is damaged, altered, or of another version
    ├── NotCompilableError       a model that only its own library can run
    └── MissingExtraError        an optional part of the installation that is not there

Anything else that escapes is a bug and stays one.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

DISTRIBUTION = "litmus-automl"  # what pip installs; on PyPI, "litmus" is somebody else's package


class LitmusError(Exception):
    """Base of every deliberate error: ``message`` says what happened, ``hint`` what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the parts that a pickle stores: not every error class is constructed from its message."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(error_class: type[LitmusError], args: tuple[Any, ...], facts: dict[str, Any]) -> LitmusError:
    error = error_class.__new__(error_class, *args)
    error.__dict__.update(facts)
    return error


class UsageError(LitmusError):
    """An invalid value."""


class UnknownNameError(UsageError):
    """A name that is not among the known ``names``.

    >>> str(UnknownNameError(kind="column", name="prise", names=["price", "size"]))
    "There is no column 'prise'. Did you mean 'price'?"
    """

    def __init__(self, *, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(names)
        near = get_close_matches(name, self.known, n=1)
        if near:
            hint = f"Did you mean '{near[0]}'?"
        else:
            shown = ", ".join(f"'{one}'" for one in self.known[:20])
            more = f" and {len(self.known) - 20} more" if len(self.known) > 20 else ""
            hint = f"Known: {shown}{more}." if self.known else ""
        super().__init__(f"There is no {kind} '{name}'.", hint=hint)


class UntrustedNameError(UnknownNameError):
    """An unknown name that may be one of plug-ins in ``files`` that nobody trusted: none of them was run.

    >>> str(UntrustedNameError(kind="metric", name="profit", names=["f1"], files=["profit.py"]))
    "There is no metric 'profit'. It may be in profit.py, which is not trusted yet. Read it, then trust it \
on the page Plug-ins or with: litmus plugins trust profit.py"
    """

    def __init__(self, *, kind: str, name: str, names: Iterable[str], files: Sequence[str]) -> None:
        super().__init__(kind=kind, name=name, names=names)
        near = self.hint if self.hint.startswith("Did you mean") else ""
        where = ", ".join(files)
        isnt, it = ("is not", "it") if len(files) == 1 else ("are not", "them")
        command = files[0] if len(files) == 1 else "FILE"
        hint = f"It may be in {where}, which {isnt} trusted yet. Read {it}, then trust {it} on the page "
        self.hint = f"{near} {hint}Plug-ins or with: litmus plugins trust {command}".strip()


class UntrustedError(UsageError):
    """Files that somebody else wrote and that would run as code; none of them was run."""


class NotPermittedError(LitmusError):
    """An action that a person's ``role`` ("": none) does not permit; it needs at least the role ``least``.

    >>> str(NotPermittedError("Moving a bar", person="ben", role="viewer", least="scientist", ask="Ask ada."))
    'Moving a bar needs the role scientist. You are signed in as ben with the role viewer. Ask ada.'
    """

    def __init__(self, action: str, *, person: str, role: str, least: str, ask: str) -> None:
        self.words, self.role, self.least = action, role, least
        shown = f"with the role {role}" if role else "without a role"
        super().__init__(f"{action} needs the role {least}. You are signed in as {person} {shown}.", hint=ask)


class DataError(LitmusError):
    """A table that cannot be read or used as requested. Nothing was changed."""


class RowError(DataError):
    """A row that does not fit a model's schema; ``row`` counts from 0, ``field`` names the column.

    With a ``rest`` the number of the row stands between ``message`` and it.

    >>> RowError("Row ", row=3, rest=" has no field 'age'.").counted_from(1_000).message
    "Row 1,003 has no field 'age'."
    """

    def __init__(
        self,
        message: str,
        *,
        row: int | None = None,
        rest: str | None = None,
        field: str | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message if rest is None else f"{message}{row:,}{rest}", hint=hint)
        self.row, self.field = row, field
        self._start, self._rest = message, rest

    def counted_from(self, first: int) -> RowError:
        """Return the same error with its row counted as if these rows began at the row ``first``."""
        row = None if self.row is None else self.row + first
        return type(self)(self._start, row=row, rest=self._rest, field=self.field, hint=self.hint)


class RemediableError(DataError):
    """A request that does not fit its table. Each of ``remedies`` makes it valid, or nearly.

    A remedy names choices and their values: of a forecast ``{"duplicates": "sum"}`` or ``{"horizon": 3}``, of
    many targets ``{"separator": ";"}``, of both ``{"without": "promotion"}`` for a column to leave out.
    """

    def __init__(
        self, message: str, *, hint: str = "", remedies: Iterable[Mapping[str, str | int]] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.remedies = tuple(remedies)


class NoAnswerError(DataError):
    """Custom code that gave no answer; the message is a sentence that says why.

    ``reason`` is the rest of a sentence about that code ("it returned a value that is not a number"), where
    there is one.
    """

    def __init__(self, message: str, *, hint: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason or message.rstrip(".")


class TooSlowError(NoAnswerError):
    """Custom code that gave no answer within its time limit."""


# The noun that people use for a plug-in, by plug-in point.
PLUGIN_NOUNS = {
    "preprocess": "pre-processor",
    "algorithm": "model",
    "postprocess": "post-processor",
    "metric": "metric",
    "data_source": "data source",
    "task_type": "task type",
    "exporter": "exporter",
    "hook": "hook",
    "action": "action",
    "certificate_line": "certificate line",
}


class PlugInError(NoAnswerError):
    """A plug-in that gave no answer: ``point`` and ``name`` say which one.

    ``reason`` says why, as the rest of a sentence; ``timed_out``: it ran out of time.

    >>> str(PlugInError(point="preprocess", name="Caps", reason="it was not done in the 5 s it was given"))
    'Your pre-processor Caps stopped: it was not done in the 5 s it was given.'
    """

    def __init__(
        self, *, point: str, name: str, reason: str, hint: str = "", timed_out: bool = False
    ) -> None:
        super().__init__(f"Your {PLUGIN_NOUNS[point]} {name} stopped: {reason}.", hint=hint, reason=reason)
        self.point, self.name, self.timed_out = point, name, timed_out


def check_overlap(to: Path, source: Path) -> None:
    """Raise UsageError where writing ``to`` would replace the ``source`` that is read, or join its folder."""
    if to.exists() and source.exists() and to.samefile(source):
        raise UsageError("Input and output are the same file.", hint="Choose another name for the output.")
    joins = to.suffix.lower() in (".parquet", ".pq") and to.resolve().is_relative_to(source.resolve())
    if joins and source.is_dir():
        raise UsageError(
            f"'{to}' is in the folder that is read.", hint="Choose another place for the output."
        )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise a UsageError where ``path`` cannot be written: no space left, not allowed, no folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"'{path}' cannot be written: {error.strerror or error}.",
            hint="Nothing was changed. Free some space, or choose another place.",
        ) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise a WorkspaceError that names the damaged file ``path``, whatever error its reader raises.

    An OSError (the file is missing, or not allowed) and a LitmusError pass through unchanged.
    """
    try:
        yield
    except LitmusError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise WorkspaceError(
            f"The file {path.name} of '{path.parent.name}' is damaged ({reason}).",
            hint="Take it from a backup, or train again. 'litmus doctor' looks for more.",
        ) from error


class NotFoundError(LitmusError):
    """An id that the workspace does not hold; among ``names`` the nearest is suggested.

    >>> str(NotFoundError(kind="endpoint", id="shpo", names=["shop"]))
    "There is no endpoint 'shpo' in this workspace. Did you mean 'shop'?"
    """

    def __init__(
        self,
        *,
        kind: str,
        id: str,  # noqa: A002 - the usual word
        hint: str = "",
        names: Iterable[str] = (),
    ) -> None:
        near = get_close_matches(id, tuple(names), n=1)
        super().__init__(
            f"There is no {kind} '{id}' in this workspace.",
            hint=f"Did you mean '{near[0]}'?" if near else hint,
        )
        self.kind, self.id = kind, id


class WorkspaceError(LitmusError):
    """A workspace that cannot be opened, or that a newer Litmus wrote."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@contextmanager
def machine_message() -> Iterator[None]:
    """Turn what the machine refuses (no space, no right to write) into a WorkspaceError, at the entry point.

    Any other OSError passes through unchanged.
    """
    try:
        yield
    except OSError as error:
        place = f"'{error.filename}'" if error.filename else "A file"
        if error.errno in _FULL:
            message = f"{place} cannot be written: the disk is full."
            hint = "What was finished is kept. Free some space (litmus rm shows what can go), then try again."
        elif error.errno in _REFUSED:
            message = f"{place} cannot be opened or written: {error.strerror}."
            hint = (
                "Reading still works. To change something, make the folder writable for you,"
                " or choose another with --workspace or LITMUS_HOME."
            )
        else:
            raise
        raise WorkspaceError(message, hint=hint) from error


class BusyError(LitmusError):
    """Someone else holds what is needed; trying again later helps."""


class TrainingError(LitmusError):
    """A run that could not go on."""


class BundleError(LitmusError):
    """A bundle that is damaged, altered, or of another version."""


class NotCompilableError(LitmusError):
    """A model that only its own library can run; ``reason`` says why, as the rest of a sentence.

    >>> str(NotCompilableError("there is no compiler for it"))
    'The model cannot be compiled: there is no compiler for it. Export it with the library that made it.'
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The model cannot be compiled: {reason}.", hint="Export it with the library that made it."
        )
        self.reason = reason


class MissingExtraError(LitmusError):
    """An optional part of the installation that is not there.

    >>> str(MissingExtraError(subject="Training", extra="train"))
    "Training needs the 'train' extra. Install it with: pip install 'litmus-automl[train]'"
    """

    def __init__(self, *, subject: str, extra: str) -> None:
        super().__init__(
            f"{subject} needs the '{extra}' extra.",
            hint=f"Install it with: pip install '{DISTRIBUTION}[{extra}]'",
        )
        self.what, self.extra = subject, extra
