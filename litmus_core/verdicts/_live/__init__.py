"""Live verdicts: whether a deployed model still meets its bar, by outcomes and before they arrive."""

from litmus_core.verdicts._live.comparison import FEWEST_COMPARED, compare_live
from litmus_core.verdicts._live.expected_score import FEWEST_NEWEST, FEWEST_REFERENCE, expected_score
from litmus_core.verdicts._live.judgement import judge_live

__all__ = [
    "FEWEST_COMPARED",
    "FEWEST_NEWEST",
    "FEWEST_REFERENCE",
    "compare_live",
    "expected_score",
    "judge_live",
]
