"""No function of the product takes more than ten parameters."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "check_parameters.py"
_SPEC = importlib.util.spec_from_file_location("check_parameters", SCRIPT)
assert _SPEC is not None
assert _SPEC.loader is not None
parameters = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(parameters)


@pytest.mark.exhaustive(reason="make check runs the same script")
def test_no_function_takes_more_than_ten() -> None:
    assert parameters.main() == 0


def test_one_that_takes_eleven_is_found_with_its_line() -> None:
    names = ", ".join("abcdefghijk")
    source = (
        f"class A:\n    def of_ten(self, {names[:-3]}): ...\n\n"
        f"    async def of_eleven(self, *, {names}): ...\n"
    )

    assert list(parameters.long_functions(source)) == [(4, "of_eleven", 11)]
