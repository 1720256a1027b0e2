"""Business rules: "if these conditions hold, predict that", parsed into data and never run as code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError
from litmus_core.frame import RawColumn
from litmus_core.types import Column, PluginRef, from_plain, to_plain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "is missing", "is known"]
Kind = Literal["answer", "set", "add", "multiply"]
Value = str | float | bool

WHEN_FORM = (
    "Write conditions such as: country = 'DE' and age < 18. "
    "There are = != < <= > >=, in ('a', 'b'), is missing, is known."
)
THEN_FORM = "Write answer = 'no' for a label; value = 0, value += 5 or value *= 1.2 for a number."
_OPERATORS: dict[str, Op] = {
    "==": "=",
    "=": "=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
    "<=": "<=",
    "≤": "<=",
    ">=": ">=",
    "≥": ">=",
    "<": "<",
    ">": ">",
}
_OPERATOR = re.compile("==|!=|<>|<=|>=|≤|≥|≠|=|<|>")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
_AND = re.compile(r"(?:^|\s+)and(?:\s+|$)", re.IGNORECASE)
_KNOWN = re.compile(r"\s+is\s+(missing|known)\s*$", re.IGNORECASE)
_IN = re.compile(r"\s+in\s*\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
_THEN = re.compile(r"\s*(answer|class|label|value)\s*([-+*/]?=)\s*(.+?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCondition:
    """A condition on one column; ``values`` has one value, several for ``in``, none for missing."""

    column: str
    op: Op
    values: tuple[Value, ...] = ()

    def __str__(self) -> str:
        if self.op in ("is missing", "is known"):
            return f"{self.column} {self.op}"
        shown = ", ".join(f"'{value}'" if isinstance(value, str) else f"{value:g}" for value in self.values)
        return f"{self.column} {self.op} {f'({shown})' if self.op == 'in' else shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEffect:
    """The effect of a rule: ``answer`` a label, or ``set``, ``add`` to or ``multiply`` a value."""

    kind: Kind
    value: Value


def parse_when(text: str) -> tuple[RuleCondition, ...]:
    """Parse conditions that must all hold; raises UsageError for an invalid text.

    >>> [str(each) for each in parse_when("country = 'DE' and Sales Price >= 100")]
    ["country = 'DE'", 'Sales Price >= 100']
    """
    hidden = _hide(text)
    parts, start = [], 0
    for joint in _AND.finditer(hidden):
        parts.append(text[start : joint.start()])
        start = joint.end()
    return tuple(_condition(part) for part in [*parts, text[start:]])


def columns_read(part: PluginRef) -> tuple[str, ...]:
    """Return the columns that a built-in post-processing step needs.

    >>> rule = PluginRef(point="postprocess", reference="rule", parameters=(("when", "a = 1 and b > 2"),))
    >>> columns_read(rule)
    ('a', 'b')
    """
    values = dict(part.parameters)
    if part.reference == "rule":
        return tuple(condition.column for condition in parse_when(str(values["when"])))
    return (str(values["column"]),) if part.reference == "thresholds_by_segment" else ()


def parse_then(text: str) -> RuleEffect:
    """Parse a rule's effect; raises UsageError for an invalid text.

    >>> parse_then("value *= 1.2")
    RuleEffect(kind='multiply', value=1.2)
    """
    match = _THEN.fullmatch(text)
    if match is None:
        raise UsageError(f"'{text}' does not say what a rule does.", hint=THEN_FORM)
    column, sign, value = match[1], match[2], _value(match[3])
    if column != "value":
        if sign != "=":
            raise UsageError(f"'{text}': a label can only be given.", hint=THEN_FORM)
        return RuleEffect(kind="answer", value=value)
    number = value if isinstance(value, float) else None
    if number is None or not np.isfinite(number) or (sign == "/=" and number == 0):
        raise UsageError(f"'{text}' needs a number that can be used.", hint=THEN_FORM)
    done: dict[str, tuple[Kind, float]] = {
        "=": ("set", number),
        "+=": ("add", number),
        "-=": ("add", -number),
        "*=": ("multiply", number),
        "/=": ("multiply", 1.0 / number if number else 0.0),
    }
    kind, amount = done[sign]
    return RuleEffect(kind=kind, value=amount)


def _hide(text: str) -> str:
    """Return ``text`` with quoted parts blanked, so that no word or sign in them counts."""
    return _QUOTED.sub(lambda match: "\0" * len(match[0]), text)


def _condition(text: str) -> RuleCondition:
    hidden = _hide(text)
    if match := _KNOWN.search(hidden):
        op: Op = "is known" if match[1].lower() == "known" else "is missing"
        return RuleCondition(column=_name(text[: match.start()], text), op=op)
    if among := _IN.search(hidden):
        inside, start, values = hidden[among.start(1) : among.end(1)], among.start(1), []
        for comma in [*(one.start() for one in re.finditer(",", inside)), len(inside)]:
            values.append(_value(text[start : among.start(1) + comma]))
            start = among.start(1) + comma + 1
        return RuleCondition(column=_name(text[: among.start()], text), op="in", values=tuple(values))
    sign = _OPERATOR.search(hidden)
    if sign is None:
        raise UsageError(f"'{text.strip()}' is not a condition.", hint=WHEN_FORM)
    return RuleCondition(
        column=_name(text[: sign.start()], text),
        op=_OPERATORS[sign[0]],
        values=(_value(text[sign.end() :]),),
    )


def _name(text: str, quoted: str) -> str:
    name = _unquoted(text.strip())
    if not name:
        raise UsageError(f"'{quoted.strip()}' names no column.", hint=WHEN_FORM)
    return name


def _unquoted(text: str) -> str:
    return text[1:-1] if _QUOTED.fullmatch(text) else text


def _value(text: str) -> Value:
    """Return the value of a text: a quoted text, true or false, a number, or a bare word as text."""
    bare = text.strip()
    if not bare:
        raise UsageError("A value is missing in a rule.", hint=WHEN_FORM)
    if _QUOTED.fullmatch(bare):
        return bare[1:-1]
    if bare.lower() in ("true", "false"):
        return bare.lower() == "true"
    try:
        return float(bare)
    except ValueError:
        return bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: if all conditions hold, it predicts the class at ``place`` or changes the value.

    ``then`` is stored as written. A missing value meets only the condition ``is missing``.
    """

    reference: ClassVar[str] = "rule"
    conditions: Sequence[RuleCondition]
    then: RuleEffect
    columns: Sequence[Column]  # of the conditions
    place: int | None = None
    _tests: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare each condition for its column."""
        readers = {column.name: RawColumn(column) for column in self.columns}
        tests = [_Test(condition, readers[condition.column]) for condition in self.conditions]
        object.__setattr__(self, "_tests", tests)

    def fires(self, rows: Any) -> Flags:
        """Return (n,) whether all conditions hold."""
        first, *others = self._tests
        holds: Flags = first.of(rows)
        for condition in others:
            holds = holds & condition.of(rows)
        return holds

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return predictions of the same shape, changed where the rule applies."""
        fires = self.fires(rows)
        if not fires.any():
            return predictions
        changed = predictions.copy()
        if self.place is not None:
            changed[fires] = 0.0
            changed[fires, self.place] = 1.0
        elif self.then.kind == "set":
            changed[fires] = self.then.value
        elif self.then.kind == "add":
            changed[fires] += float(self.then.value)
        else:
            changed[fires] *= float(self.then.value)
        return changed

    def state(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "conditions": [
                {"column": condition.column, "op": condition.op, "values": list(condition.values)}
                for condition in self.conditions
            ],
            "then": {"kind": self.then.kind, "value": self.then.value},
            "columns": to_plain(list(self.columns)),
            "place": self.place,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Rule:
        """Restore what :meth:`state` returned."""
        return cls(
            conditions=tuple(
                RuleCondition(
                    column=condition["column"], op=condition["op"], values=tuple(condition["values"])
                )
                for condition in state["conditions"]
            ),
            then=RuleEffect(kind=state["then"]["kind"], value=state["then"]["value"]),
            columns=tuple(from_plain(Column, column) for column in state["columns"]),
            place=state["place"],
        )


class _Test:
    """One condition, with its values read as the column's type."""

    def __init__(self, condition: RuleCondition, reader: RawColumn) -> None:
        self.op, self.reader = condition.op, reader
        self.values = [reader.constant(value) for value in condition.values]

    def of(self, rows: Any) -> Flags:
        """Return (n,) whether the condition holds."""
        values = self.reader.of(rows)
        present = _is_present(values)
        if self.op == "is known":
            return present
        if self.op == "is missing":
            return ~present
        if self.op == "in":
            holds = np.zeros(len(values), dtype=bool)
            for value in self.values:
                holds |= values == value
            return holds & present
        compare = {
            "=": np.equal,
            "!=": np.not_equal,
            "<": np.less,
            "<=": np.less_equal,
            ">": np.greater,
            ">=": np.greater_equal,
        }[self.op]
        flags: Flags = np.asarray(compare(values, self.values[0]), dtype=bool) & present
        return flags


def _is_present(values: NDArray[Any]) -> Flags:
    if values.dtype.kind == "O":
        return np.array([value is not None for value in values.tolist()], dtype=bool)
    return np.asarray(values == values)  # NaN and NaT are not equal to themselves
