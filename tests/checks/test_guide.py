"""The guide to checks names what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from litmus_core.checks import CHECKS, check_kinds
from litmus_core.types import FixKind

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/data-checks.md").read_text()


def test_the_guide_has_a_line_for_every_kind_with_what_it_needs() -> None:
    lines = dict(re.findall(r"^\| `(\w+)` \|([trm ]*)\|", GUIDE, flags=re.MULTILINE))
    fixes = set(get_args(FixKind))
    assert set(lines) - fixes == set(check_kinds())
    for check in CHECKS:
        needs = lines[check.kind].split()
        assert ("t" in needs, "r" in needs, "m" in needs) == (
            check.needs == "target",
            check.needs == "test",
            check.slow,
        )


def test_the_guide_has_a_line_for_every_fix() -> None:
    for kind in get_args(FixKind):
        assert re.search(rf"^\| `{kind}` \|", GUIDE, flags=re.MULTILINE)
