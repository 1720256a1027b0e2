"""ScalableSeries: a column to be with pandas' words, for pre-processing that is traced."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._called import by_function
from litmus_core.frame._graph import Node, apply
from litmus_core.frame._numpy_words import call_function, call_ufunc
from litmus_core.frame._series_asked import AskedWords
from litmus_core.frame._series_categories import CategoryWords, known_categories
from litmus_core.frame._series_dates import DateWords, Gap
from litmus_core.frame._series_signs import SignWords
from litmus_core.frame._series_text import TextWords
from litmus_core.frame._series_values import (
    as_flag,
    as_number,
    as_scalar,
    chosen,
    is_missing,
    is_moment,
    is_number,
    is_text,
    moment_node,
    pairs_of,
    retyped,
    skipping,
    whole,
)
from litmus_core.frame._terms import terms_of
from litmus_core.frame._unsupported import no_options, unmeant, unsupported, words_of


class ScalableSeries(SignWords, AskedWords):
    """A column of rows that are not there yet. Its words are those of a pandas Series, and mean the same.

    ``node`` says how its values come from the raw columns. A word that is not here raises UsageError, which
    names it and says what to do.
    """

    __hash__ = object.__hash__
    __array_priority__ = 1000.0

    _categories: tuple[Any, ...] | None = None

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def str(self) -> TextWords:
        """What can be done with texts."""
        if self.node.dtype != "text":
            raise UsageError(
                "'.str' is for columns of texts.",
                hint="This one holds numbers, dates, or nothing that says so, as types={…: 'text'} does.",
            )
        return TextWords(self.node, ScalableSeries)

    @property
    def dt(self) -> DateWords:
        """What can be done with dates."""
        if self.node.dtype != "moment":
            raise UsageError("'.dt' is for columns of dates.", hint="This one holds numbers or texts.")
        return DateWords(self.node, ScalableSeries)

    @property
    def cat(self) -> CategoryWords:
        """What can be done with categories that are told: ``astype(pd.CategoricalDtype([…]))``."""
        return CategoryWords(self, self._categories)

    def __getattr__(self, name: Any) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        is_at_hand = terms_of(self.node).rows is not None
        raise unsupported("column", name, words_of(ScalableSeries), at_hand=is_at_hand)

    def __bool__(self) -> bool:
        raise UsageError(
            "A column has no truth value before rows come.",
            hint="Use &, | and ~ between conditions, and where(…) or mask(…) to choose by one.",
        )

    def __len__(self) -> int:
        raise unsupported("column", "len", at_hand=terms_of(self.node).rows is not None)

    def __getitem__(self, key: Any) -> Any:
        raise unmeant("column[…], which takes rows,", "Take them of the frame: frame[condition]['column'].")

    def __iter__(self) -> Any:
        raise unsupported("column", "items", at_hand=terms_of(self.node).rows is not None)

    def __repr__(self) -> Any:
        return f"ScalableSeries of {self.node.dtype}s: collect() of its frame computes it"

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise unmeant("A function that wants a column's values", "Use the column's own words, or NumPy's.")

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **options: Any) -> ScalableSeries:
        made: ScalableSeries = call_ufunc(ScalableSeries, ufunc, method, inputs, options)
        return made

    def __array_function__(self, function: Any, _: Any, arguments: Any, options: Any) -> Any:
        return call_function(ScalableSeries, function, arguments, options)

    # Arithmetic.

    def __add__(self, other: Any) -> Any:
        return self._plus(other, last=True)

    def __radd__(self, other: Any) -> Any:
        return self._plus(other, last=False)

    def _plus(self, other: Any, *, last: bool) -> ScalableSeries:
        if self.node.dtype == "text":
            if isinstance(other, ScalableSeries):
                return self.str.cat(other)
            if not is_text(other):
                raise UsageError("Texts and numbers cannot be added.", hint="Add a text to a text.")
            before, after = ("", other) if last else (other, "")
            return self._apply("surround", before=before, after=after)
        return self._arithmetic("add", other, last=last)

    def __sub__(self, other: Any) -> Any:
        if self.node.dtype == "moment":
            return Gap(self.node, moment_node(other), ScalableSeries)
        return self._arithmetic("subtract", other)

    def __rsub__(self, other: Any) -> Any:
        if self.node.dtype == "moment":
            return Gap(moment_node(other), self.node, ScalableSeries)
        return self._arithmetic("subtract", other, last=False)

    def __mul__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("multiply", other)

    def __rmul__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("multiply", other, last=False)

    def __truediv__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("divide", other)

    def __rtruediv__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("divide", other, last=False)

    def __floordiv__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("floor divide", other)

    def __rfloordiv__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("floor divide", other, last=False)

    def __mod__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("remainder", other)

    def __rmod__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("remainder", other, last=False)

    def __pow__(self, other: Any) -> ScalableSeries:
        if isinstance(other, ScalableSeries):
            return self._arithmetic("power", other)
        return ScalableSeries(apply("raise", as_number(self.node), exponent=as_scalar(other)))

    def __rpow__(self, other: Any) -> ScalableSeries:
        return self._arithmetic("power", other, last=False)

    def __neg__(self) -> ScalableSeries:
        return ScalableSeries(apply("negate", self._plain_number("-")))

    def __pos__(self) -> ScalableSeries:
        return self

    def __abs__(self) -> ScalableSeries:
        return self.abs()

    def __round__(self, ndigits: int = 0) -> ScalableSeries:
        return self.round(ndigits)

    # Comparisons and conditions.

    def __lt__(self, other: Any) -> ScalableSeries:
        return self._compared(other, "less", "before")

    def __le__(self, other: Any) -> ScalableSeries:
        return self._compared(other, "less or equal", "not after")

    def __gt__(self, other: Any) -> ScalableSeries:
        return self._compared(other, "less", "before", swapped=True)

    def __ge__(self, other: Any) -> ScalableSeries:
        return self._compared(other, "less or equal", "not after", swapped=True)

    def __eq__(self, other: Any) -> ScalableSeries:  # type: ignore[override]
        if self.node.dtype == "text":
            return self._same_text(other)
        return self._compared(other, "equal", "same moment")

    def __ne__(self, other: Any) -> ScalableSeries:  # type: ignore[override]
        if self.node.dtype == "number" and not isinstance(other, ScalableSeries):
            return self._compared(other, "not equal", "")
        return ~self.eq(other)

    def __and__(self, other: Any) -> ScalableSeries:
        return ScalableSeries(apply("and", as_flag(self), as_flag(other)))

    def __or__(self, other: Any) -> ScalableSeries:
        return ScalableSeries(apply("or", as_flag(self), as_flag(other)))

    def __xor__(self, other: Any) -> ScalableSeries:
        return ScalableSeries(apply("exclusive or", as_flag(self), as_flag(other)))

    def __invert__(self) -> ScalableSeries:
        return ScalableSeries(apply("not", as_flag(self)))

    # Words.

    def abs(self) -> ScalableSeries:
        """Return the sizes of numbers without their sign."""
        return ScalableSeries(apply("absolute", self._plain_number("abs")))

    def round(self, decimals: int = 0, **options: Any) -> ScalableSeries:
        """Return numbers with so many decimals, halves to the even one."""
        no_options("round", options)
        decimals = whole(decimals, what="a number of decimals")
        return ScalableSeries(apply("round", self._plain_number("round"), decimals=decimals))

    def clip(self, lower: Any = None, upper: Any = None, **options: Any) -> ScalableSeries:
        """Return numbers no lower than ``lower`` and no higher than ``upper``."""
        no_options("clip", options)
        low = None if lower is None else as_scalar(lower)
        high = None if upper is None else as_scalar(upper)
        return ScalableSeries(apply("clip", self._plain_number("clip"), low=low, high=high))

    def between(self, left: Any, right: Any, inclusive: Any = "both") -> ScalableSeries:
        """Return whether values lie between the two, by default edges included."""
        if inclusive not in ("both", "neither", "left", "right"):
            raise unmeant(f"between(…, inclusive={inclusive!r})", "Say both, neither, left or right.")
        above = self.ge(left) if inclusive in ("both", "left") else self.gt(left)
        return above & (self.le(right) if inclusive in ("both", "right") else self.lt(right))

    def isna(self) -> ScalableSeries:
        """Return whether values are missing."""
        if self.node.dtype == "flag":
            return ScalableSeries(apply("not", apply("or", self.node, apply("not", self.node))))
        return self._apply(f"{self.node.dtype} is missing")

    isnull = isna

    def notna(self) -> ScalableSeries:
        """Return whether values are there."""
        return ~self.isna()

    notnull = notna

    def isin(self, values: Collection[Any]) -> ScalableSeries:
        """Return whether values are among ``values``; a missing one never is."""
        if is_text(values) or not isinstance(values, Iterable):
            raise unmeant(f"isin({values!r})", "Give a list of values.")
        wanted = list(values)
        if any(map(is_missing, wanted)):
            raise unmeant("isin with a missing value", "Use isna() for missing values.")
        if self.node.dtype == "text":
            return self._apply("text is in", values=tuple(str(each) for each in wanted if is_text(each)))
        numbers = tuple(float(each) for each in wanted if is_number(each))
        return ScalableSeries(apply("number is in", as_number(self.node), values=numbers))

    def fillna(self, value: Any = None, **options: Any) -> ScalableSeries:
        """Return the column with ``value`` (of a column: the value of that row) where it is missing."""
        no_options("fillna", options)
        if type(value) is float and self.node.dtype == "number":  # as most are
            return ScalableSeries(apply("fill number", self.node, value=value))
        if value is None or isinstance(value, Mapping):
            raise unmeant("fillna without one value", "Give the value, or a column, to take instead.")
        if isinstance(value, ScalableSeries):
            return self.where(self.notna(), value)
        if self.node.dtype == "flag":
            return self
        if self.node.dtype == "text":
            if not is_text(value):
                raise unmeant(f"fillna({value!r}) of texts", "Give a text.")
            return self._apply("fill text", value=str(value))
        if self.node.dtype == "moment":
            raise unmeant("fillna of dates", "Make numbers of the date first.")
        return self._apply("fill number", value=as_scalar(value))

    def where(self, cond: Any, other: Any = math.nan, **options: Any) -> ScalableSeries:
        """Return the column where ``cond`` is true, else ``other``, which is missing by default."""
        no_options("where", options)
        return ScalableSeries(chosen(as_flag(cond), self, other))

    def mask(self, cond: Any, other: Any = math.nan, **options: Any) -> ScalableSeries:
        """Return ``other`` where ``cond`` is true, else the column."""
        no_options("mask", options)
        return self.where(~ScalableSeries(as_flag(cond)), other)

    def map(self, arg: Any, na_action: Any = None) -> ScalableSeries:
        """Return what the dict (or the Series of pandas, by its index) makes of values; else missing.

        A function is called with each value, with missing ones unless ``na_action="ignore"``.
        """
        if isinstance(arg, np.ufunc):
            made: ScalableSeries = arg(self)
            return made
        if callable(arg):
            return ScalableSeries(by_function(self.node, skipping(arg) if na_action == "ignore" else arg))
        kind, table = pairs_of(arg, of_texts=self.node.dtype == "text")
        node = self.node if self.node.dtype == "text" else as_number(self.node)
        return ScalableSeries(apply(f"{node.dtype} to {kind}", node, table=table))

    def apply(self, func: Any, args: tuple[Any, ...] = (), **named: Any) -> ScalableSeries:
        """Return what the function makes of each value, missing ones included."""
        if not callable(func):
            raise unmeant(f"apply of {func!r}", "Give a function of one value.")
        return self.map(partial(func, *args, **named) if args or named else func)

    def replace(self, to_replace: Any, value: Any = None, **options: Any) -> ScalableSeries:
        """Return the column with some values replaced: by a dict, or one or more by ``value``."""
        no_options("replace", options)
        if isinstance(to_replace, Mapping):
            return self.where(~self.isin(list(to_replace)), self.map(to_replace))
        if value is None:
            raise unmeant("replace without a value", "Give the value to take instead.")
        olds = to_replace if isinstance(to_replace, list | tuple | set) else [to_replace]
        return self.where(~self.isin(list(olds)), value)

    def astype(self, dtype: Any, **options: Any) -> ScalableSeries:
        """Return numbers or conditions as ``float``, ``int`` (without what is behind the point) or ``bool``.

        Texts that spell numbers become numbers by ``float``, and stay texts by ``str``, ``object`` and
        ``category``; numbers become texts by ``str``. What is missing stays missing.
        """
        no_options("astype", options)
        categories = known_categories(dtype)
        if categories is not None:
            told = self.where(self.isin(categories))
            told._categories = categories
            return told
        return ScalableSeries(retyped(self.node, str(getattr(dtype, "__name__", dtype))))

    def copy(self, deep: bool = True) -> ScalableSeries:
        """Return the column: nothing changes it."""
        del deep
        return self

    # How it is done.

    def _apply(self, name: Any, *others: Node, **settings: Any) -> ScalableSeries:
        return ScalableSeries(apply(name, self.node, *others, **settings))

    def _plain_number(self, word: Any) -> Node:
        if self.node.dtype != "number":
            raise UsageError(
                f"'{word}' works on numbers, not on a {self.node.dtype}.", hint="Make numbers of it first."
            )
        return self.node

    def _arithmetic(self, name: Any, other: Any, *, last: bool = True) -> ScalableSeries:
        other_node = other.node if isinstance(other, ScalableSeries) else None
        if self.node.dtype == "flag" and other_node is not None and other_node.dtype == "flag":
            both = {"add": "or", "multiply": "and"}
            if name not in both:
                raise unmeant(f"'{name}' of two conditions", "Use astype(float) first.")
            return self._apply(both[name], other_node)
        left = as_number(self.node)
        right = apply("constant", value=as_scalar(other)) if other_node is None else as_number(other_node)
        return ScalableSeries(apply(name, left, right) if last else apply(name, right, left))

    def _compared(self, other: Any, numbers: Any, moments: Any, *, swapped: bool = False) -> ScalableSeries:
        if self.node.dtype == "moment" or (
            isinstance(other, ScalableSeries) and other.node.dtype == "moment"
        ):
            pair = [moment_node(self), moment_node(other)]
            return ScalableSeries(apply(moments, *(reversed(pair) if swapped else pair)))
        if self.node.dtype == "text" or is_text(other) or is_moment(other):
            raise unmeant("A comparison of texts by their order", "Compare numbers, or dates, or use ==.")
        number = as_number(self.node)
        against = (
            as_number(other.node)
            if isinstance(other, ScalableSeries)
            else apply("constant", value=as_scalar(other))
        )
        pair = [against, number] if swapped else [number, against]
        return ScalableSeries(apply(numbers, *pair))

    def _same_text(self, other: Any) -> ScalableSeries:
        if isinstance(other, ScalableSeries):
            return self._apply("texts equal", other.node)
        if not is_text(other):
            raise unmeant(f"A text compared with {other!r}", "Compare texts with a text.")
        return self._apply("text equal", value=str(other))
