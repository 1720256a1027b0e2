"""Whether a deployed model still meets its bar, told from outcomes and before they come."""

from litmus_core.verdicts._live.expected import expected_score
from litmus_core.verdicts._live.judgement import judge_live

__all__ = ["expected_score", "judge_live"]
