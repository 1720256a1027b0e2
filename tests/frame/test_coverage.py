"""The table of what code can say is that of the registry."""

from __future__ import annotations

from scripts.frame_coverage import PAGE, page


def test_the_page_is_up_to_date_and_names_every_operation() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m scripts.frame_coverage writes it again"
