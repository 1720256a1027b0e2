"""A row as a form, and its prediction with contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from app.presenters import humanize
from app.presenters.certainty import present_certainty
from litmus_core.diagnostics import Plain, WhatIf, plain_text
from litmus_core.text import format_count
from litmus_core.types import Column

__all__ = ["InputFieldView", "PredictionView", "PushView", "present_answer", "present_fields"]

FieldKind = Literal["number", "choice", "yes or no", "date", "date and time", "text"]
_MOST_CHOICES = 50
_MOST_PUSHES = 8
_MOST_PROBABILITIES = 5
_LONG_TEXT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFieldView:
    """One field of a row's form; ``value`` None is missing."""

    name: str
    kind: FieldKind
    value: Plain
    choices: tuple[str, ...] = ()
    is_whole: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PushView:
    """The contribution of one value, for the chart and as text."""

    label: str
    effect: float
    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionView:
    """The prediction, its certainty and contributions; ``probabilities`` are (label, share), most likely
    first.
    """

    answer: str
    sure: str
    probabilities: tuple[tuple[str, float], ...]
    pushes: tuple[PushView, ...]
    directions: str
    is_share: bool
    reading: str
    caption: str
    unsure_of: str = ""  # the most likely label when it abstains; "" otherwise
    certainty: str = ""  # its interval or label set; "" if the model has none


def present_fields(
    columns: Sequence[Column],
    row: Mapping[str, Plain],
    *,
    examples: Mapping[str, Sequence[Plain]],
    order: Sequence[str] = (),
) -> tuple[InputFieldView, ...]:
    """Turn the schema into form fields filled with ``row``; columns named in ``order`` come first.

    ``examples`` has each column's values in some real rows, which decide its choices and number format.
    """
    place = {name: at for at, name in enumerate(order)}
    ranked = sorted(columns, key=lambda column: place.get(column.name, len(place)))
    return tuple(_field(column, row.get(column.name), examples.get(column.name, ())) for column in ranked)


def _field(column: Column, value: Plain, examples: Sequence[Plain]) -> InputFieldView:
    values = [example for example in (*examples, value) if example is not None]
    match column.traits.role:
        case "quantity":
            return _number_field(column, value, values)
        case "truth":
            return InputFieldView(name=column.name, kind="yes or no", value=value)
        case "moment":
            has_time = any(not str(item).endswith("T00:00:00") for item in values)
            return InputFieldView(name=column.name, kind="date and time" if has_time else "date", value=value)
        case "vocabulary":
            return _choice_field(column, value, values)
        case "identifier" if all(_is_number(item) for item in values):
            return _number_field(column, value, values)
        case "identifier" | "prose":
            is_long = any(len(str(item)) > _LONG_TEXT for item in values)
            return InputFieldView(name=column.name, kind="text", value=value, is_long=is_long)
        case role:
            assert_never(role)


def _number_field(column: Column, value: Plain, values: Sequence[Plain]) -> InputFieldView:
    is_integral = bool(values) and all(float(item).is_integer() for item in values if _is_number(item))  # type: ignore[arg-type]
    return InputFieldView(name=column.name, kind="number", value=value, is_whole=is_integral)


def _choice_field(column: Column, value: Plain, values: Sequence[Plain]) -> InputFieldView:
    choices = set(sorted({str(example) for example in (*values, *column.examples)})[:_MOST_CHOICES])
    choices |= set() if value is None else {str(value)}  # the row's value is always included
    return InputFieldView(name=column.name, kind="choice", value=value, choices=tuple(sorted(choices)))


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def present_answer(answer: WhatIf, *, target: str) -> PredictionView:
    """Present a prediction and its strongest contributions."""
    is_share = answer.probability is not None
    pushes = tuple(
        PushView(
            label=f"{humanize.short(push.column, 20)} = {plain_text(push.value, max_text=22)}",
            effect=push.effect,
            low=push.low,
            high=push.high,
            sentence=push.sentence,
        )
        for push in answer.pushes[:_MOST_PUSHES]
        if push.effect != 0
    )
    subject = target
    if is_share:
        subject = f"the probability of “{humanize.short(answer.unsure_of or str(answer.answer), 40)}”"
    if pushes:
        reading = f"Strongest influence: {answer.pushes[0].sentence}"
    else:
        reading = "No single value made a difference."
    return PredictionView(
        answer=plain_text(answer.answer, max_text=120),
        sure="" if answer.probability is None else humanize.share(answer.probability, decimals=1),
        unsure_of=answer.unsure_of,
        certainty=present_certainty(answer.level, low=answer.low, high=answer.high, labels=answer.labels),
        probabilities=tuple(list(answer.probabilities.items())[:_MOST_PROBABILITIES]),
        pushes=pushes,
        directions=f"To the right: raises {subject}; to the left: lowers it.",
        is_share=is_share,
        reading=reading,
        caption=(
            "Each value was replaced in turn by those of "
            f"{format_count(answer.n_background, 'other row')}. "
            "Effects of values that work together need not add up."
        ),
    )
