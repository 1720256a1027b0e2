"""A deliberate error is shown in its own words; a bug stays a bug."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def deliberate() -> None:
    from app.errors import guard
    from litmus_core.errors import DataError

    with guard():
        raise DataError("The file 'a.csv' has no rows.", hint="Choose another file.")


def bug() -> None:
    from app.errors import guard

    with guard():
        raise ZeroDivisionError("division by zero")


def test_a_deliberate_error_shows_message_hint_and_what_is_safe():
    app = AppTest.from_function(deliberate).run()
    assert app.warning[0].proto.title == "The file 'a.csv' has no rows."
    assert app.warning[0].value == "Choose another file.  \nNothing was changed."


def test_a_bug_is_not_hidden():
    app = AppTest.from_function(bug).run()
    assert app.exception[0].message == "division by zero"
