"""Errors go through a pickle, as from another process, and stay what they are."""

from __future__ import annotations

import pickle

import pytest

from litmus_core import errors

EVERY = (
    errors.LitmusError("It failed.", hint="Try again."),
    errors.UsageError("It is not valid.", hint="Say something else."),
    errors.UnknownNameError(kind="column", name="prise", names=["price"]),
    errors.UntrustedNameError(kind="metric", name="profit", names=["f1"], files=["money.py"]),
    errors.UntrustedError("Somebody else wrote it.", hint="Trust it."),
    errors.NotPermittedError("Moving a bar", person="ben", role="", least="asker", ask="Ask ada."),
    errors.DataError("It does not read."),
    errors.RemediableError("A time occurs twice.", hint="Merge.", remedies=[{"duplicates": "sum"}]),
    errors.RowError("Row ", row=3, rest=" is wrong.", field="size", hint="Fix it."),
    errors.NoAnswerError("There is no answer."),
    errors.TooSlowError("It was not done in its 5 s.", reason="it was not done"),
    errors.PlugInError(point="preprocess", name="Caps", reason="it raised", hint="Fix it."),
    errors.NotFoundError(kind="endpoint", id="shpo", names=["shop"]),
    errors.WorkspaceError("It is newer."),
    errors.BusyError("Someone has it."),
    errors.TrainingError("It could not go on."),
    errors.BundleError("It is damaged."),
    errors.NotCompilableError("there is no compiler for it"),
    errors.MissingExtraError(subject="Scoring on Ray", extra="ray"),
)


def test_no_kind_is_left_out() -> None:
    known, waiting = {errors.LitmusError}, [errors.LitmusError]
    while waiting:
        found = [each for each in waiting.pop().__subclasses__() if each.__module__ == errors.__name__]
        known.update(found)
        waiting += found

    assert {type(each) for each in EVERY} == known


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_a_pickle_keeps_all_of_it(error: errors.LitmusError) -> None:
    kept = pickle.loads(pickle.dumps(error))

    assert type(kept) is type(error)
    assert str(kept) == str(error)
    assert vars(kept) == vars(error)
    assert kept.args == error.args


def test_a_row_is_counted_anew_and_a_column_that_is_called_like_it_is_not() -> None:
    error = errors.RowError(
        "'row 2' should be a number, but row ", row=2, rest=" has 'row 2'.", field="row 2"
    )

    assert error.counted_from(1_000).message == "'row 2' should be a number, but row 1,002 has 'row 2'."
    assert pickle.loads(pickle.dumps(error)).counted_from(1).row == 3
