"""Golden rows: real rows with their predictions at export, replayed wherever a bundle is loaded."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BundleError
from litmus_core.runtime._seal.manifest import EXPORT_AGAIN

if TYPE_CHECKING:
    import pandas as pd

GOLDEN = "golden.json"
# Absolute for a probability, relative for a value: other processors may change the last digits.
TOLERANCE = 1e-6
PROOF_TOLERANCE = 1e-4  # above this a bundle refuses to predict: no processor changes so many digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Rows as JSON objects, and :meth:`Predictor.predict_records` for each."""

    rows: tuple[dict[str, Any], ...]
    predictions: tuple[dict[str, Any], ...]

    def to_json(self) -> bytes:
        """Return the file's bytes."""
        plain = {"rows": list(self.rows), "answers": list(self.predictions)}
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> Golden:
        """Read the file's bytes; raises BundleError for anything else."""
        try:
            plain = json.loads(content)
            return cls(rows=tuple(plain["rows"]), predictions=tuple(plain["answers"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BundleError(f"The bundle's {GOLDEN} is damaged.", hint=EXPORT_AGAIN) from error

    def differences(
        self, predictions: Sequence[Mapping[str, Any]], *, tolerance: float = TOLERANCE
    ) -> list[str]:
        """Return one sentence for each row that is predicted differently than at export."""
        return [
            f"Golden row {number} was answered {_brief(then)} at export and {_brief(now)} here."
            for number, (then, now) in enumerate(zip(self.predictions, predictions, strict=True))
            if not same_predictions(then, now, tolerance=tolerance)
        ]


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return ``frame``'s rows as JSON objects: missing values None, times ISO 8601, NumPy values plain."""
    return [
        {str(name): _json_value(value) for name, value in row.items()} for row in frame.to_dict("records")
    ]


def _json_value(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()  # NaT is not equal to itself
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return None if type(value).__name__ == "NAType" else str(value)


def same_predictions(then: Mapping[str, Any], now: Mapping[str, Any], *, tolerance: float) -> bool:
    """Return whether two predictions have the same label, and are equal up to ``tolerance``.

    The tolerance is absolute for probabilities, and relative for values.
    """
    if "value" in then:
        return math.isclose(then["value"], now.get("value", math.nan), rel_tol=tolerance, abs_tol=tolerance)
    if then["probabilities"].keys() != now["probabilities"].keys():
        return False
    shares = then["probabilities"]
    near = all(abs(share - now["probabilities"][name]) <= tolerance for name, share in shares.items())
    return near and then["label"] == now.get("label")


def _brief(answer: Mapping[str, Any]) -> str:
    if "value" in answer:
        return f"{answer['value']!r}"
    label = answer.get("label")
    top = max(answer["probabilities"].values())
    return f"{label!r} (highest probability {top:.6f})"
