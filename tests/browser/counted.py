"""A visitor whose clicks and keys are counted, against the budget of a task."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

__all__ = ["Counted"]

_KEY_MS = 80.0  # from key to key, as people type: a cell of a table opens its editor after the first


class Counted:
    """A page on which each click and each key counts as one action, and typing a value as none.

    To choose a file is one action: it is dropped onto its field.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._actions: list[str] = []

    def click(self, element: Locator) -> None:
        """Click an element."""
        element.click()
        self._actions.append(f"click {element}")

    def click_at(self, x: float, y: float) -> None:
        """Click a place of the page, such as a cell of a table on a canvas."""
        self.page.mouse.click(x, y)
        self._actions.append(f"click at {x:.0f}, {y:.0f}")

    def button(self, name: str) -> None:
        """Click a button by its name."""
        self.click(self.page.get_by_role("button", name=name, exact=True).first)

    def link(self, name: str) -> None:
        """Click the first link of this name."""
        self.click(self.page.get_by_role("link", name=name).first)

    def press(self, key: str) -> None:
        """Press a key where the keyboard is."""
        self.page.keyboard.press(key)
        self._actions.append(f"press {key}")

    def type(self, value: str) -> None:
        """Type a value where the keyboard is, in the place of what is selected."""
        self.page.keyboard.type(value, delay=_KEY_MS)

    def fill(self, field: Locator, value: str) -> None:
        """Click into a field, and type a value in the place of what it holds."""
        self.click(field)
        field.select_text()
        self.type(value)

    def drop(self, field: Locator, table: Path) -> None:
        """Drop a file onto its field."""
        field.set_input_files(table)
        self._actions.append(f"drop {table.name}")

    def took(self) -> int:
        """Return how many actions the task took, and begin the next."""
        n_actions = len(self._actions)
        self._actions.clear()
        return n_actions
