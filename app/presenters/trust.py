"""The question whether to trust a workspace that somebody else made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.experiments import Untrusted

TITLE = "Somebody else made this workspace"
NOTICE = "You can read all of it. Its models are not opened and its jobs do not start before you trust it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustView:
    """The question before a workspace is trusted: ``lines`` say what will run."""

    lines: tuple[str, ...]


def present(untrusted: Untrusted) -> TrustView:
    """Present the question whether to trust ``untrusted``.

    >>> from litmus_core.experiments import Untrusted
    >>> view = present(Untrusted(workspace=True, runs=("run_1",), waiting=(), plugins=()))
    >>> view.lines[-1]
    'Runs with files that you did not write: run_1.'
    """
    return TrustView(lines=untrusted.sentences)
