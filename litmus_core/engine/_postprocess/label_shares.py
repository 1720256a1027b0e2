"""Shares of labels as text: ``no = 0.9, yes = 0.1``."""

from __future__ import annotations

import re

from litmus_core.errors import UsageError

_FORM = "Write each label with its share: no = 0.9, yes = 0.1."
_PART = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^=,'"]+?))\s*=\s*([0-9.eE+-]+)\s*(%?)\s*(?:,|$)""")
_NEAR = 0.01


def parse_shares(text: str) -> dict[str, float]:
    """Return the shares by label, normalised to sum to 1; raises UsageError for an invalid text.

    >>> parse_shares("no = 90%, yes = 10%")
    {'no': 0.9, 'yes': 0.1}
    """
    shares: dict[str, float] = {}
    at = 0
    while at < len(text):
        match_ = _PART.match(text, at)
        if match_ is None:
            raise UsageError(f"'{text[at:].strip()}' is not a label with its share.", hint=_FORM)
        label = next(group for group in match_.groups()[:3] if group is not None).strip()
        if label in shares:
            raise UsageError(f"'{label}' has two shares.", hint="Give it one.")
        shares[label] = _share(match_[4], text) / (100.0 if match_[5] else 1.0)
        at = match_.end()
    total = sum(shares.values())
    if not abs(total - 1.0) <= _NEAR:
        raise UsageError(f"The shares '{text}' sum to {total:g}.", hint=f"They must sum to 1. {_FORM}")
    return {label: share / total for label, share in shares.items()}


def _share(text: str, source: str) -> float:
    try:
        share = float(text)
    except ValueError:
        raise UsageError(f"'{text}' in '{source}' is not a number.", hint=_FORM) from None
    if not 0 <= share <= 100:
        raise UsageError(f"'{text}' in '{source}' is not a share.", hint=_FORM)
    return share
