"""Checks of certificate lines: their answers can be read, whatever the task and however few the rows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.plugins import PluginFailedError, read_line
from litmus_core.task_types import get_task_type
from litmus_core.testing._action_checks import example_rows, example_situation
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness
from litmus_core.types import CertificateLine, ProblemType

if TYPE_CHECKING:
    import pandas as pd

_KINDS: tuple[ProblemType, ...] = ("binary", "multiclass", "regression")
_FEW_ROWS = 3


def _facts(kind: ProblemType, bundle: Path, *, bare: bool) -> dict[str, Any]:
    """Return what is known of a bundle; ``bare``: its run is gone and little was measured."""
    situation = example_situation(kind, bare=bare)
    model = situation["chosen"]
    judged = {"grade": "meets", "score": model["score"], "low": model["low"], "high": model["high"]}
    measured = {"latency_ms": 0.4, "cold_start_s": 0.8, "memory_mb": 120.0, "environment_mb": 210.0}
    return {
        "bundle": {"id": "bd_1", "path": str(bundle), "size_mb": 1.3},
        "task": situation["task"],
        "model": None if bare else model,
        "verdict": None if bare else {**judged, "n_rows": 200},
        "measured": {
            "form": "short",
            "environment": "small server",
            **(dict.fromkeys(measured) if bare else measured),
            "cost_usd_per_million": None,
        },
    }


def _predictions(kind: ProblemType, rows: pd.DataFrame) -> pd.DataFrame:
    """Return predictions of the rows, two thirds of them right."""
    import pandas as pd

    rng, truth = np.random.default_rng(5), rows["answer"]
    if not get_task_type(kind).has_classes:
        return pd.DataFrame({"prediction": truth + rng.normal(0, 5, len(rows))})
    labels = sorted(example_rows(kind)["answer"].unique())
    is_wrong = rng.random(len(rows)) < 1 / 3
    prediction = truth.where(~is_wrong, labels[0])
    likely = np.array([[0.8 if label == one else 0.2 for label in labels] for one in prediction])
    shares = (likely / likely.sum(axis=1, keepdims=True)).T if len(rows) else [[] for _ in labels]
    names = [f"probability {label}" for label in labels]
    return pd.DataFrame({"prediction": prediction, **dict(zip(names, shares, strict=True))})


def _line(
    harness: PluginHarness, kind: ProblemType, *, n_rows: int = 200, bare: bool = False
) -> CertificateLine:
    import pandas as pd

    rows = example_rows(kind, n_rows) if n_rows else pd.DataFrame()
    predictions = _predictions(kind, rows) if n_rows else pd.DataFrame()
    with tempfile.TemporaryDirectory(prefix="litmus-line-") as scratch:
        bundle = Path(scratch, "bundle")
        bundle.mkdir()
        (bundle / "manifest.json").write_text('{"name": "example"}')
        answer = harness.call("check", _facts(kind, bundle, bare=bare), rows, predictions)
    try:
        return read_line(answer, name=harness.described.name)
    except PluginFailedError as error:
        raise FailedCheck(f"{error} ({kind})") from None


def _check_answers(harness: PluginHarness) -> None:
    for kind in _KINDS:
        harness.results[kind] = _line(harness, kind)


def _check_input_unchanged(harness: PluginHarness) -> None:
    for kind in _KINDS:
        _line(harness, kind)
        if harness.proxy.changed:
            name = ("the facts", "the rows", "the predictions")[harness.proxy.changed[0]]
            raise FailedCheck(f"check changes {name} that it is given")


def _check_repeatable(harness: PluginHarness) -> None:
    for kind in _KINDS:
        if _line(harness, kind) != harness.results[kind]:
            raise FailedCheck(f"of the same bundle it says something else the second time ({kind})")


def _check_few_rows(harness: PluginHarness) -> None:
    for kind in _KINDS:
        _line(harness, kind, n_rows=_FEW_ROWS)


def _check_no_rows(harness: PluginHarness) -> None:
    """The run's files may be gone; the check has to say what it makes of that."""
    for kind in _KINDS:
        _line(harness, kind, n_rows=0, bare=True)


CERTIFICATE_LINE_CHECKS = (
    ConformanceCheck("answers", _check_answers, first=True),
    ConformanceCheck("does not change its input", _check_input_unchanged),
    ConformanceCheck("same bundle, same answer", _check_repeatable),
    ConformanceCheck("a few rows", _check_few_rows),
    ConformanceCheck("no rows and little known", _check_no_rows),
)
