"""The steps of the journey: where the visitor is, what is done, and what is to come."""

from __future__ import annotations

import pytest

from app.components import stepper
from app.navigation import JOURNEY


def test_steps_that_are_done_are_ticked_and_the_one_at_hand_is_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    icons: list[str] = []
    monkeypatch.setattr("app.navigation.link", lambda key, label, *, icon, **ids: icons.append(icon))

    first, here, *others = JOURNEY
    stepper(here, done=frozenset({first}))

    assert icons[:2] == [":material/check_circle:", ":material/radio_button_checked:"]
    assert set(icons[2:]) == {":material/radio_button_unchecked:"}
    assert len(icons) == len(JOURNEY) == 2 + len(others)
