"""Where someone's own code has no answer, the model that it was asked of is named, too."""

from __future__ import annotations

import pytest

from litmus_core.engine import name_model_in_errors
from litmus_core.errors import PlugInError


def test_the_model_stands_in_what_is_said_and_what_to_do_stays() -> None:
    with pytest.raises(PlugInError) as caught, name_model_in_errors("Linear model"):
        raise PlugInError(point="task_type", name="Exps", reason="it gave inf for row 3", hint="Bound it.")

    assert caught.value.message == (
        "Your task type Exps stopped: it gave inf for row 3; the model is Linear model."
    )
    assert caught.value.hint == "Bound it."
