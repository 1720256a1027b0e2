"""Sentences about the promise of a model's intervals or label sets, and about their measured coverage."""

from __future__ import annotations

from litmus_core.runtime import DEFAULT_LEVEL, Calibration, CalibrationSource
from litmus_core.text import format_count, format_number, format_share, quote_names
from litmus_core.types import Coverage

_SOURCES: dict[CalibrationSource, str] = {
    "validation": "validation rows",
    "out of fold": "rows that each fold's models had not seen",
    "outer folds": "rows of outer folds, which had no part in choosing the model",
}
_FINAL = (
    "The errors are the judged model's; this one has learned from more rows, and none is left to test it on."
)
_ALIKE = "It holds on average, for rows like those: not for each single row, nor for data that has changed."


def certainty_sentences(calibration: Calibration, *, level: float = DEFAULT_LEVEL) -> tuple[str, ...]:
    """Return sentences on intervals or label sets at ``level``, the promise first."""
    lines = [_promise(calibration, level)]
    if calibration.coverage is not None:
        lines.append(coverage_sentence(calibration.coverage))
    source = f"{calibration.n_rows:,} {_SOURCES[calibration.source]}"
    lines.append(f"It comes from the errors on {source}, which the model did not learn from.")
    lines += [] if calibration.by is None else [_groups(calibration, calibration.by.name)]
    lines += [_FINAL] if calibration.is_final else []
    return (*lines, _ALIKE)


def coverage_sentence(coverage: Coverage) -> str:
    """Return the sentence on how often intervals or label sets held the truth on the judging rows."""
    kind = "label sets" if coverage.of_labels else "intervals"
    share = f"{format_share(coverage.share, decimals=1)} of the {coverage.n_rows:,} rows that judged it"
    likely = f"likely {format_share(coverage.low)} to {format_share(coverage.high)}"
    size = (
        f"have {coverage.size:.2f} labels"
        if coverage.of_labels
        else f"are {format_number(float(f'{coverage.size:.3g}'))} wide"
    )
    level = format_share(coverage.level)
    return f"Its {level} {kind} hold the truth for {share} ({likely}) and {size} on average."


def _promise(calibration: Calibration, level: float) -> str:
    is_set = calibration.scale is None
    if calibration.largest_level is None or calibration.largest_level < level:
        largest = calibration.largest_level
        possible = (
            "No level can be promised."
            if largest is None
            else f"Up to {format_share(largest)} can be promised."
        )
        return f"{calibration.too_few(level)} {possible}"
    kind = "The set of labels holds the true one" if is_set else "The interval holds the true value"
    return f"{kind} in {round(100 * level)} of 100 cases."


def _groups(calibration: Calibration, column: str) -> str:
    small = calibration.small_groups
    n_groups = len(calibration.groups) - len(small)
    counted = f"{'is' if n_groups == 1 else 'are'} counted separately"
    text = f"{format_count(n_groups, 'group')} by '{column}' {counted}"
    if not small:
        return f"{text}."
    names = quote_names((group.value for group in small), most=5)
    verb, they = ("has", "it") if len(small) == 1 else ("have", "they")
    return f"{text}; {names} {verb} fewer than 100 rows: {they} and new values are counted together."
