"""Looks at many texts at once say what a look at each text says."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from litmus_core.data import read_rows
from litmus_core.data._types.dates.formats import _FORMS, possible_forms
from litmus_core.data._types.numbers.units import (
    Amounts,
    _evidence_of_marks,
    _mark,
    inspect_marks,
    inspect_texts,
)
from litmus_core.frame import number_form
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

_NUMBERS = ["1", "-2.5", "1.500", "12.750", "1.5e3", "+7.25", "0.500", "1.500.000", "3,5", "1234.567", ".5"]
_MONEY = ["$5", "($1,234.50)", "-$7.50", "$1.2M", "5k", "$ -", "7.25-", "$980.-", "$3 bn", "0", "-"]


@pytest.mark.parametrize("seed", range(40))
def test_marks_are_those_of_each_number(seed: int) -> None:
    texts = random.Random(seed).sample(_NUMBERS, 3)

    marks = {mark for text in texts if (mark := _mark(text.lstrip("+-"))) is not None}

    assert inspect_marks(texts) == _evidence_of_marks(frozenset([""]), marks)


def test_money_is_plain_as_all_its_steps_leave_it() -> None:
    for written_as in ("unit $", "thousands; unit $", "decimal comma; unit $"):
        form = number_form(written_as)
        assert form is not None
        for text in _MONEY:
            if re.fullmatch(form.shape, text, re.ASCII) is None:
                continue
            expected = text
            for pattern, replacement in form.steps:
                expected = re.sub(pattern, replacement, expected, flags=re.ASCII)
            assert form.plain(text) == expected


@pytest.mark.parametrize(
    "texts", [["1/2/2024", "12/31/2024"], ["31.12.2024 14:05"], ["5 May 2024"], ["1-jan-24"], ["1/2"], ["12"]]
)
def test_dates_have_the_forms_that_fit_each_text(texts: list[str]) -> None:
    fitting = [forms for shape, forms in _FORMS if all(map(shape.fullmatch, map(str.lower, texts)))]

    assert possible_forms(texts, column="x") == tuple(form for forms in fitting for form in forms)


def test_a_text_of_two_lines_is_no_number(
    workspace: Workspace, imported: Callable[..., DatasetVersion]
) -> None:
    version = imported('a,b\n"1\n2",x\n3,y\n4,z\n')

    assert read_rows(workspace, version)["a"].tolist() == ["1\n2", "3", "4"]


def test_texts_with_line_ends_are_amounts_each_by_itself() -> None:
    assert Amounts().of(["5 kg", "5\nkg", "7 kg"])[::2] == [Amounts()["9 kg"]] * 2


def test_amounts_far_down_name_their_unit_too() -> None:
    texts = [f"{number}.25 S" for number in range(20)] + [f"{number}.25 N" for number in range(20)]

    assert inspect_texts(texts, Amounts(), n_first=20).unit == "°N"
