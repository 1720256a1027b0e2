"""Whether a deployed model still meets its bar, told from outcomes and before they come."""

from litmus_core.verdicts._live.comparison import FEWEST_COMPARED, compare_live
from litmus_core.verdicts._live.expected import FEWEST_NEWEST, FEWEST_REFERENCE, expected_score
from litmus_core.verdicts._live.judgement import judge_live

__all__ = [
    "FEWEST_COMPARED",
    "FEWEST_NEWEST",
    "FEWEST_REFERENCE",
    "compare_live",
    "expected_score",
    "judge_live",
]
