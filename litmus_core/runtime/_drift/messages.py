"""The words for columns that do not look as a model learned them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litmus_core.text import format_number, join_names, quote_names

_SHOWN = 3
_AS_UNKNOWN = "Predictions treat them as unknown. If only their spelling changed, spell them as in training."


def new_categories(
    name: str,
    *,
    n_known: int,
    n_rows: int,
    learned: Sequence[str],
    new: Sequence[str],
    alike: Mapping[str, str],
) -> str:
    """Return the note that the model knows hardly any category of a column.

    ``alike`` are new categories that differ from learned ones in letter case and spaces alone.
    """
    sentences = [f"'{name}': of {n_rows:,} values checked, the model learned {n_known or 'none'}."]
    if alike:
        pairs = [
            f"{_quote(short)} was {_quote(full)} in training" for short, full in list(alike.items())[:_SHOWN]
        ]
        sentences.append(f"They differ from learned ones in letter case or spaces: {', '.join(pairs)}.")
    else:
        sentences.append(f"It learned {_names(learned)}; these rows have {_names(new)}.")
    return " ".join([*sentences, _AS_UNKNOWN])


def other_letters(name: str, n_alike: int, n_rows: int, alike: Mapping[str, str]) -> str:
    """Return the note that ``alike`` values look like learned ones, but are composed of other letters."""
    return (
        f"'{name}': {n_alike:,} of {n_rows:,} values checked look like learned ones, such as "
        f"{_names([*alike.values()])}. They are other Unicode letters, so predictions treat them as unknown. "
        "Normalise texts as in training, usually to NFC."
    )


def lost_zeros(name: str, *, n_rows: int, full: Mapping[str, str]) -> str:
    """Return the note that codes lost their leading zeros; ``full`` are learned codes by what is left."""
    pairs = [f"{_quote(short)} may be {_quote(code)}" for short, code in list(full.items())[:_SHOWN]]
    return (
        f"'{name}': none of {n_rows:,} values checked begins with 0, as codes did in training. "
        f"{join_names(pairs)}. Codes differ in length, so no zeros were added; write them as in training."
    )


def other_scale(
    name: str,
    *,
    here: float,
    before: float | None,
    outside: tuple[int, int],
    learned: tuple[float, float],
) -> str:
    """Return the note that numbers are on another scale; ``here`` and ``before`` are medians."""
    n_outside, n_rows = outside
    low, high = map(format_number, learned)
    place = (
        f"Of {n_rows:,} values checked, {n_outside:,} lie outside the learned range {low} to {high}."
        if n_outside
        else f"They lie in the learned range, {low} to {high}, but beyond nearly all example rows."
    )
    typical = "" if before is None else f", and above {format_number(before)} in the model's example rows"
    return (
        f"'{name}': half of its values are above {format_number(here)} here{typical}. {place} Check its unit."
    )


def thousands(name: str, *, n_broken: int, n_rows: int, example: float, learned: tuple[float, float]) -> str:
    """Return the note that numbers such as 1.234 may be thousands."""
    low, high = map(format_number, learned)
    return (
        f"'{name}': {n_broken:,} of {n_rows:,} values checked were read as decimals, such as {example:.3f}. "
        f"Only times 1,000 ({1000 * example:,.0f}) do they lie in the learned range, {low} to {high}. "
        "Check whether the point separates thousands there, and the unit."
    )


def _names(values: Sequence[str]) -> str:
    return quote_names(values, most=_SHOWN)


def _quote(value: str) -> str:
    return quote_names([value])
