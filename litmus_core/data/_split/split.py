"""Split rows into training, validation and test parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._labels.class_labels import as_labels, codes_of
from litmus_core.data._split.cutters import Cut, Ints, cut_at_random, cut_by_group, cut_by_time
from litmus_core.data._split.incremental import AppendedRows, added_note, can_be_cut, follow_groups
from litmus_core.data._split.notes import unlabelled_note, whole_groups_note
from litmus_core.data._time.calendar_columns import moments
from litmus_core.errors import DataError, UnknownNameError
from litmus_core.metrics import get_metric
from litmus_core.runtime import label_text
from litmus_core.text import format_count, quote_names

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.data._split.overlap import SplitOverlap
    from litmus_core.types import SplitPlan, Task

Floats = NDArray[np.float64]

MIN_ROWS = 20
_FEW_ROWS, _MANY_ROWS = 20_000, 50_000
_TIME_BLOCKS = 50  # per part
_FEW_BLOCKS = 5  # fewer say little about how others would do
_RARE = 3  # a class with fewer rows cannot be in all three parts


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitParts:
    """Row positions of each part, ascending and disjoint; together all rows with a target except excluded
    ones.

    ``blocks`` (one code per row of the frame) are what the bootstrap draws: groups, or periods of time; None
    if rows are drawn one by one. ``note`` is a message for people; ``n_without_target`` rows are in no part.
    """

    train: Ints
    validation: Ints
    test: Ints
    blocks: Ints | None
    note: str
    n_without_target: int


def split(
    frame: pd.DataFrame,
    task: Task,
    *,
    validation: Sequence[int] | None = None,
    test: Sequence[int] | None = None,
    overlap: SplitOverlap | None = None,
    least: int = MIN_ROWS,
    is_complete: bool = True,
) -> SplitParts:
    """Split the rows of ``frame`` (with the target and the split's column) as ``task`` plans.

    ``validation`` and ``test`` are positions of rows from separate files, appended to the frame: they form
    that part, and the other rows are split into the rest. Excluded rows (``overlap``) are in no part. The
    same seed and rows give the same parts, also if rows were appended since and the plan says so
    (``grown_from``).
    Raises DataError if the rows do not allow the split or are fewer than ``least``, UsageError if its column
    cannot be used. If not ``is_complete``, a part may lack a class: outer folds judge by all rows.
    """
    has_target = frame[task.target].notna().to_numpy()
    codes, names = _classes(frame[task.target], task)
    is_usable = has_target.copy()
    if overlap is not None:
        is_usable[overlap.rows] = False
    tables = (("validation", validation), ("test", test))
    separate = {name: _usable(rows, is_usable) for name, rows in tables if rows is not None}
    appended = [np.asarray(rows, dtype=np.int64) for _, rows in tables if rows is not None]
    others = np.setdiff1d(np.flatnonzero(is_usable), _concatenate(appended))
    _check_number(others, task, n_separate=len(separate), overlap=overlap, least=least)
    rows = _Rows.of(frame, task, codes)
    grown = task.split.grown_from and AppendedRows.of(
        len(frame), task.split.grown_from[-1], _concatenate(appended)
    )
    if grown:
        before = _earlier_parts(frame, task, grown, validation=validation, test=test, overlap=overlap)
        parts = _add_new_rows(before, np.intersect1d(others, grown.new), separate, rows, task)
    else:
        parts = _split_rest(others, separate, rows, task)
    if is_complete:
        _check_parts(parts, codes, names, task)
    blocks = rows.blocks(parts)
    note = _note(parts, rows, codes, names, task, n_without_target=int((~has_target).sum()))
    if grown:
        added = {name: len(np.intersect1d(part, grown.new)) for name, part in parts.items()}
        note = f"{note} {added_note(task.split.grown_from[-1], added)}"
    block_note = "" if blocks is None else _block_note(blocks[parts["test"]], task.split)
    return SplitParts(
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
        blocks=blocks,
        note=" ".join(filter(None, [note, block_note, "" if overlap is None else overlap.note])),
        n_without_target=int((~has_target).sum()),
    )


def _split_rest(others: Ints, separate: dict[str, Ints], rows: _Rows, task: Task) -> dict[str, Ints]:
    """Return all parts: the ``separate`` ones, and the others split off from the rows ``others``."""
    rest, parts = others, dict(separate)
    if "test" not in parts:
        n_parts_left = 1 if "validation" in separate else 2
        cut = rows.cut(rest, fraction=task.split.test_fraction, n_parts_left=n_parts_left, step=1)
        rest, parts["test"] = cut.remaining, cut.selected
    if "validation" not in parts:
        fraction = task.split.validation_fraction or validation_fraction(len(rest))
        cut = rows.cut(rest, fraction=fraction, n_parts_left=1, step=2)
        rest, parts["validation"] = cut.remaining, cut.selected
    return parts | {"train": rest}


def _concatenate(rows: Sequence[Ints]) -> Ints:
    return np.concatenate([*rows, np.empty(0, np.int64)])


def _earlier_parts(
    frame: pd.DataFrame,
    task: Task,
    grown: AppendedRows,
    *,
    validation: Sequence[int] | None,
    test: Sequence[int] | None,
    overlap: SplitOverlap | None,
) -> dict[str, Ints]:
    """Return the parts as they were split before the last rows were appended."""
    separate = (None if rows is None else grown.among_old(np.asarray(rows)) for rows in (validation, test))
    validation_then, test_then = (None if rows is None else rows.tolist() for rows in separate)
    then = replace(task, split=replace(task.split, grown_from=task.split.grown_from[:-1]))
    old_overlap = None if overlap is None else replace(overlap, rows=grown.among_old(overlap.rows))
    parts = split(
        frame.iloc[grown.old], then, validation=validation_then, test=test_then, overlap=old_overlap
    )
    return {name: grown.old[getattr(parts, name)] for name in ("train", "validation", "test")}


def _add_new_rows(
    before: dict[str, Ints], new: Ints, separate: dict[str, Ints], rows: _Rows, task: Task
) -> dict[str, Ints]:
    """Return the parts with ``new`` rows, which are split separately in the shares of those ``before``."""
    parts, rest = before, new
    if rows.groups is not None:
        parts, rest = follow_groups(new, groups=rows.groups, parts=before)
    units = rows.groups if rows.groups is not None else rows.times
    unit_values = None if units is None else units[rest][~np.isnan(units[rest])]
    if not can_be_cut(len(rest), unit_values):
        return parts | {"train": np.union1d(parts["train"], rest)}
    n_learn = len(before["train"]) + len(before["validation"])
    share = len(before["validation"]) / n_learn
    alike = replace(task, split=replace(task.split, validation_fraction=share))
    none: dict[str, Ints] = {name: np.empty(0, np.int64) for name in separate}
    new_parts = _split_rest(rest, none, rows, alike)
    return {name: np.union1d(parts[name], new_parts[name]) for name in parts}


def validation_fraction(n_rows: int) -> float:
    """Return the validation share of ``n_rows`` (without test rows): 20 %, falling to 10 % at 50,000.

    >>> validation_fraction(1_000), validation_fraction(35_000), validation_fraction(1_000_000)
    (0.2, 0.15, 0.1)
    """
    beyond = (n_rows - _FEW_ROWS) / (_MANY_ROWS - _FEW_ROWS)
    return round(0.2 - 0.1 * min(max(beyond, 0.0), 1.0), 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The columns of all rows that a split reads; ``groups`` and ``times`` are None if the plan has none."""

    plan: SplitPlan
    seed: int
    classes: Ints | None
    groups: Ints | None
    times: Floats | None

    @classmethod
    def of(cls, frame: pd.DataFrame, task: Task, classes: Ints | None) -> _Rows:
        plan = task.split
        for column in () if plan.kind == "random" else plan.columns or ("",):
            if column not in frame.columns:
                columns = [str(name) for name in frame.columns]
                raise UnknownNameError(kind="column", name=column, names=columns)
        groups = group_codes(frame[plan.column]) if plan.kind == "group" else None
        times = moments(frame, plan.columns) if plan.kind == "time" else None
        return cls(plan=plan, seed=task.seed, classes=classes, groups=groups, times=times)

    def cut(self, rows: Ints, *, fraction: float, n_parts_left: int, step: int) -> Cut:
        """Take ``fraction`` of ``rows``; ``step`` keeps the draws of several splits independent."""
        n_wanted = min(max(1, round(fraction * len(rows))), len(rows) - 1)
        rng = np.random.default_rng([self.seed, step])
        column = self.plan.column or ""
        classes = None if self.classes is None else self.classes[rows]
        if self.times is not None:
            return cut_by_time(
                rows, times=self.times[rows], n_wanted=n_wanted, n_parts_left=n_parts_left, column=column
            )
        if self.groups is None:
            return cut_at_random(rows, classes=classes, n_wanted=n_wanted, n_parts_left=n_parts_left, rng=rng)
        return cut_by_group(
            rows,
            groups=self.groups[rows],
            classes=classes,
            n_wanted=n_wanted,
            n_parts_left=n_parts_left,
            column=column,
            rng=rng,
        )

    def blocks(self, parts: dict[str, Ints]) -> Ints | None:
        if self.groups is not None:
            return self.groups
        if self.times is None:
            return None
        blocks = np.full(len(self.times), -1, dtype=np.int64)
        for place, rows in enumerate(parts.values()):
            blocks[rows] = place * (_TIME_BLOCKS + 1) + _time_periods(self.times[rows])
        return blocks


def _time_periods(times: Floats) -> Ints:
    """Number 50 periods of time of about equal size; rows of one time stay together; NaN is the last.

    If one period would combine several times (since most rows have the same one), each time is its own.
    """
    ordered = np.sort(times)
    first = np.searchsorted(ordered, times, side="left")
    first[np.isnan(times)] = len(times)
    periods = (first * _TIME_BLOCKS // max(1, len(times))).astype(np.int64)
    if len(np.unique(periods)) > 1:
        return periods
    moments, places = np.unique(times, return_inverse=True)
    return (places * _TIME_BLOCKS // max(_TIME_BLOCKS, len(moments))).astype(np.int64)


def _classes(target: pd.Series[str], task: Task) -> tuple[Ints | None, list[str]]:
    """Return each row's class (-1: none) and the classes' names, most frequent first; regression has none."""
    if not task.type.stratifies:
        return None, []
    codes, classes = codes_of(as_labels(target))
    return codes, [label_text(label) for label in classes]


def _usable(rows: Sequence[int], is_usable: NDArray[np.bool_]) -> Ints:
    positions = np.asarray(rows, dtype=np.int64)
    return np.sort(positions[is_usable[positions]])


def group_codes(values: pd.Series[str]) -> Ints:
    """Return (n,) a code for each value; rows without a value are one group."""
    import pandas as pd

    return np.asarray(pd.factorize(values, use_na_sentinel=False)[0], dtype=np.int64)


def _check_number(
    rows: Ints, task: Task, *, n_separate: int, overlap: SplitOverlap | None, least: int
) -> None:
    needed = least if n_separate < 2 else least // 2
    if len(rows) < needed and overlap is not None and overlap.note:
        raise DataError(
            f"Only {len(rows)} rows are left to learn from, and at least {needed} are needed. {overlap.note}",
            hint="Add rows, or leave the separate validation and test files out.",
        )
    if len(rows) < needed:
        raise DataError(
            f"Only {len(rows)} rows have a '{task.target}'; training and testing need at least {needed}.",
            hint="Add rows, or choose another target.",
        )


def _check_parts(parts: dict[str, Ints], codes: Ints | None, names: list[str], task: Task) -> None:
    for name, rows in parts.items():
        if not len(rows):
            raise DataError(
                f"No row is left for the {name} part.", hint="Add rows, or choose another split or fraction."
            )
        if codes is None:
            continue
        present = np.unique(codes[rows])
        needs_both = name == "train" or (
            task.type.has_positive_class and get_metric(task.metric).needs_both_classes
        )
        if len(present) == 1 and needs_both:
            n_others = sum(int((codes[part] != present[0]).sum()) for part in parts.values())
            if 0 < n_others < _RARE:
                raise DataError(
                    f"Only {format_count(n_others, 'row')} have another '{task.target}' than "
                    f"{names[present[0]]}: too few to train and test.",
                    hint="Add rows of other classes, or choose another target.",
                )
            raise DataError(
                f"All rows of the {name} part have '{task.target}' = {names[present[0]]}.",
                hint="Choose another split, so that each part holds more than one class.",
            )


def _note(
    parts: dict[str, Ints],
    rows: _Rows,
    codes: Ints | None,
    names: list[str],
    task: Task,
    *,
    n_without_target: int,
) -> str:
    notes = [_unrequested_split_note(task.split)] if task.split.is_found else []
    notes += filter(None, [whole_groups_note(task), unlabelled_note(task, n_without_target)])
    if rows.times is not None:
        n_timeless = int(np.isnan(rows.times[parts["train"]]).sum())
        notes += [f"{n_timeless:,} rows without '{task.split.by}' train."] if n_timeless else []
    if codes is not None:
        notes += _class_notes(parts, codes, names)
    return " ".join(notes)


def parts_sentence(n_train: int, n_validation: int, n_test: int, *, n_folds: int = 0) -> str:
    """Describe the parts' sizes; in folds (0: none) the training rows also validate.

    >>> parts_sentence(960, 240, 300)
    '960 rows train, 240 validate, 300 test.'
    >>> parts_sentence(960, 240, 300, n_folds=5)
    '1,200 rows train and validate in 5 folds, 300 test.'
    """
    if n_folds:
        return f"{n_train + n_validation:,} rows train and validate in {n_folds} folds, {n_test:,} test."
    return f"{n_train:,} rows train, {n_validation:,} validate, {n_test:,} test."


def _unrequested_split_note(plan: SplitPlan) -> str:
    """Describe a split that nobody asked for, and how to choose another one."""
    how = (
        f"The latest rows by '{plan.by}' test"
        if plan.kind == "time"
        else f"Rows of one '{plan.by}' stay together"
    )
    return f"{how}: a random split would flatter the score. Choose one when you train if you want it."


def _block_note(tested: Ints, plan: SplitPlan) -> str:
    """Describe what the test interval is worth if it covers few groups or times."""
    n_blocks = len(np.unique(tested))
    if n_blocks == 1:
        return (
            f"All test rows are of one '{plan.by}', so the interval around the score treats "
            "them as independent: it may be too narrow."
        )
    if n_blocks < _FEW_BLOCKS:
        units = "values" if plan.kind == "group" else "periods"
        return (
            f"The test part holds only {n_blocks} {units} of '{plan.by}', so the interval around the "
            "score is rough."
        )
    return ""


def _class_notes(parts: dict[str, Ints], codes: Ints, names: list[str]) -> list[str]:
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    trained = np.bincount(codes[parts["train"]], minlength=len(names))
    tested = np.bincount(codes[parts["test"]], minlength=len(names))
    notes = []
    rare = np.flatnonzero((counts < _RARE) & (trained == counts) & (counts > 0))
    if len(rare):
        notes.append(
            f"{_name_classes(rare, names)} with fewer than {_RARE} rows only train: they cannot be tested."
        )
    untested = np.flatnonzero((tested == 0) & (counts >= _RARE))
    if len(untested):
        notes.append(f"{_name_classes(untested, names)} without a test row.")
    unknown = np.flatnonzero((trained == 0) & (tested > 0))
    if len(unknown):
        n_rows = int(tested[unknown].sum())
        notes.append(
            f"{_name_classes(unknown, names)} without a training row; "
            f"their {n_rows:,} test rows count as mistakes."
        )
    return notes


def _name_classes(places: NDArray[np.int64], names: list[str]) -> str:
    shown = quote_names([names[place] for place in places])
    return f"{'Classes' if len(places) > 1 else 'Class'} {shown}"
