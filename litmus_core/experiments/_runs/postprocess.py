"""Steps after a model that is trained already: a run of its own, in which nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from litmus_core.errors import UsageError
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.types import Part, Run

if TYPE_CHECKING:
    from litmus_core.advice import Said
    from litmus_core.experiments._studio import Studio


class After:
    """The part of a Studio that puts steps after trained models."""

    def said(self, candidate_id: str) -> Said | None:
        """Return what a candidate answered to its validation rows (or out-of-fold), after its steps.

        Functions of :mod:`litmus_core.advice` tell from it what another threshold would do, or leaving unsure
        rows to people. None where its files were removed.
        """
        from litmus_core.experiments._runs.predictions import said_of

        studio = cast("Studio", self)
        return said_of(studio, studio.candidate(candidate_id), after_steps=True)

    def with_steps(self, candidate_id: str, steps: Sequence[str | Part] | str) -> Run:
        """Start a run that takes a candidate's model as it is and has ``steps`` after it.

        Such as ``"threshold(at=0.3)"``, ``"abstain(below=0.8)"``, ``"calibrate"``
        (docs/guides/post-processing.md). Steps that learn are fitted on validation rows, and what comes of it
        is judged as any run is: one more look at the test part. A model with code of one's own in it is
        trained again. Raises UsageError, in words and before anything starts, where the steps do not fit or
        the model is not finished; NotFoundError where its files were removed.
        """
        from litmus_core.advice import plan_after
        from litmus_core.engine import check_takeable

        studio = cast("Studio", self)
        parts = read_parts(steps)
        if not parts:
            raise UsageError("No step is named.", hint="Name one, such as 'threshold(at=0.3)'.")
        candidate = studio.candidate(candidate_id)
        run = studio.run(candidate.run_id)
        if not run.is_settled:
            raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
        plan = plan_after(run.plan, candidate, parts)
        if plan.takes is not None:
            check_takeable(studio.workspace.run_dir(run.id))
        return studio.start_run(run.experiment_id, plan)
