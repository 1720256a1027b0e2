from __future__ import annotations

import numpy as np

from litmus_core.frame._moments import from_microseconds, microseconds, to_microseconds

NAN = float("nan")
WHEN = np.array(["1969-12-31T23:59:59.999999", "NaT", "0001-01-01", "2024-02-29"], dtype="datetime64[us]")
US = [-1, NAN, -62_135_596_800_000_000, 1_709_164_800_000_000]


def test_moments_are_whole_microseconds_and_nan_where_missing() -> None:
    assert repr(to_microseconds(WHEN)) == repr(US)
    assert repr([microseconds(each) for each in WHEN]) == repr(US)
    assert to_microseconds(WHEN, missing=None) == [-1, None, *US[2:]]


def test_microseconds_are_moments_again_to_the_last_one() -> None:
    last = [2**63 - 1, -(2**63) + 1]  # which a double does not hold

    np.testing.assert_array_equal(from_microseconds(US), WHEN)
    assert to_microseconds(from_microseconds(last)) == last
