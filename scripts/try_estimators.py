"""Give both estimators to scikit-learn's own checks, with the Litmus that this Python has installed.

    PYTHON scripts/try_estimators.py

Prints how many passed, and each that failed with its reason; then the status is 1.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

# As of scikit-learn's own LogisticRegressionCV.
EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": "folds of weighted rows are others than of repeated ones"
}


def checked(estimator: Any) -> list[dict[str, Any]]:
    """Return the result of each of scikit-learn's checks of an estimator."""
    from sklearn.utils.estimator_checks import check_estimator

    results: list[dict[str, Any]] = check_estimator(
        estimator, expected_failed_checks=EXPECTED, on_fail=None, on_skip=None, callback=None
    )
    return results


def failures(results: list[dict[str, Any]]) -> dict[str, str]:
    """Return the checks that failed, but for the expected ones, and why."""
    return {each["check_name"]: str(each["exception"]) for each in results if each["status"] == "failed"}


def main() -> int:
    """Check both; return the exit status."""
    from litmus_core import LitmusClassifier, LitmusRegressor

    warnings.simplefilter("ignore")
    status = 0
    for estimator in (LitmusClassifier(), LitmusRegressor()):
        results = checked(estimator)
        failed = failures(results)
        print(f"{type(estimator).__name__}: {len(failed)} of {len(results)} checks of scikit-learn fail.")
        for name, reason in failed.items():
            print(f"{name}: {reason}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
