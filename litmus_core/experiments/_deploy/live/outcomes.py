"""Outcomes of an endpoint's answers, and the live verdict that they give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError, NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.cases import case_of, unit_of_task
from litmus_core.experiments._deploy.live.causes import live_causes
from litmus_core.experiments._deploy.live.sources import add_again, add_from
from litmus_core.experiments._deploy.living import deployed_models, live_assertions
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.metrics import LabelCase, Metric, get_metric
from litmus_core.runtime import label_text
from litmus_core.store import utc_now
from litmus_core.types import (
    DETECT_ALL,
    AssertionResult,
    ExpectedScore,
    LiveCauses,
    LiveJudgement,
    LiveVerdict,
    OutcomeCounts,
    ReadOptions,
    Task,
)
from litmus_core.verdicts import (
    FEWEST_NEWEST,
    FEWEST_REFERENCE,
    expected_score,
    expected_sentence,
    judge_live,
    live_headline,
    live_moved_sentence,
    live_sentence,
    unweighted_sentence,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.deploy import LiveRows

_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class OutcomesService:
    """The outcomes of the answers of endpoints on this machine."""

    context: Context

    def add(
        self,
        name: str,
        outcomes: Path | str | pd.Series[Any] | Mapping[str, Any],
        *,
        key: str | None = None,
        outcome: str | None = None,
        at: str | None = None,
        options: ReadOptions = DETECT_ALL,
    ) -> OutcomeCounts:
        """Store outcomes of the endpoint ``name``, running or not; return how many were stored.

        ``outcomes`` is a file or an address, as for :meth:`DatasetsService.import_file`, or labels or values
        by the answers' ids (a dict, or a Series with the ids as its index). ``options`` say which table,
        query or sheet. With ``key`` they are joined by that column, which the rows carried besides the
        model's columns, instead of by ids in the column ``id``. ``outcome`` is the column of outcomes (None:
        the target's name, or "outcome"), ``at`` the column of times, if any. The latest outcome of an answer
        counts; all are kept. What cannot be read is counted and explained; the rest is stored.
        """
        from litmus_core.deploy import OutcomeColumns, add_outcomes

        if isinstance(outcomes, str | Path):
            columns = OutcomeColumns(key=key, outcome=outcome, at=at)
            return add_from(self.context, name, outcomes, columns, options)
        return add_outcomes(self.context.workspace, name, _chunks(outcomes.items()), key=key)

    def refresh(self, name: str) -> OutcomeCounts:
        """Store the outcomes that are now at the address that they came from last; see :meth:`source`.

        Outcomes that are stored already change nothing. Raises UsageError if none came from an address,
        UntrustedError in a foreign workspace, DataError if the address cannot be read; nothing is lost then.
        """
        return add_again(self.context, name)

    def source(self, name: str) -> str | None:
        """Return the address that outcomes came from last, without secrets; None for files alone."""
        from litmus_core.deploy import stored_outcome_source

        record = stored_outcome_source(self.context.workspace, name)
        return None if record is None else record.address

    def verdict(self, name: str) -> LiveVerdict:
        """Judge the live version of the endpoint ``name`` by the outcomes of its answers.

        The bar and the metric are those of the experiment now. Of 20 endpoints that meet their bars, at
        most 1 is ever judged to miss it, however often this is called (docs/guides/outcomes.md). The verdict
        is stored for :meth:`last_verdict`, the pages and ``/metrics``.
        """
        from litmus_core.deploy import live_rows, store_verdict

        rows = live_rows(self.context.workspace, name)
        metric, judgement = self._judged(rows)
        expected, why_not = self._expected(metric, rows)
        began = judgement.began_at_row
        began_at = None if began is None else rows.answered_at[began]
        unit = unit_of_task(self.context, self._task(rows))
        sentence = live_sentence(
            judgement,
            metric,
            n_outcomes=len(rows.outcomes),
            n_answers=rows.n_answers,
            began_at=began_at,
            unit=unit,
        )
        more = expected_sentence(expected, metric, why_not=why_not)
        unweighted = unweighted_sentence(self._task(rows).weight) if rows.outcomes else ""
        assertions = self._assertions(name, rows)
        broken = [result.sentence for result in assertions if result.state == "broken"]
        verdict = LiveVerdict(
            name=name,
            version=rows.version.number,
            bundle_id=rows.version.bundle_id,
            judgement=judgement,
            n_answers=rows.n_answers,
            n_outcomes=len(rows.outcomes),
            began_at=began_at,
            expected=expected,
            why_not_expected=more if expected is None else "",
            headline=live_headline(judgement),
            sentence=" ".join(filter(None, (sentence, self._moved(rows, unit), unweighted, *broken, more))),
            judged_at=utc_now(),
            assertions=assertions,
        )
        store_verdict(self.context.workspace, verdict)
        return verdict

    def last_verdict(self, name: str) -> LiveVerdict | None:
        """Return the last :meth:`verdict` on the version that answers now, without judging again.

        None if it was never judged. Raises NotFoundError if there is no such endpoint.
        """
        from litmus_core.deploy import stored_verdict

        return stored_verdict(self.context.workspace, name)

    def deployed(self) -> dict[str, dict[str, LiveVerdict | None]]:
        """Return the last verdict on the model of each running endpoint, by experiment and name.

        None for an endpoint that was never judged. Nothing is judged now.
        """
        return deployed_models(self.context)

    def causes(self, name: str) -> LiveCauses:
        """Return why the live version of the endpoint ``name`` scores worse than on its validation rows.

        There are at most three causes: a column whose values moved, a group whose predictions got worse, or a
        group of hard rows that grew. They are looked for in the sampled rows with known outcomes, from the
        fall on if it is dated; 100 are needed. The model predicts again, which takes seconds. Raises
        NotFoundError if there is no such endpoint.
        """
        from litmus_core.deploy import live_rows

        rows = live_rows(self.context.workspace, name)
        metric, judgement = self._judged(rows)
        return live_causes(self.context, name, rows, metric, began=judgement.began_at_row)

    def _judged(self, rows: LiveRows) -> tuple[Metric, LiveJudgement]:
        task = self._task(rows)
        metric = get_metric(task.metric if task.bar is None else task.bar.metric)
        info = rows.manifest.signature
        if metric.by_group and rows.groups is None:
            raise UsageError(
                f"{metric.label} is counted within groups by '{task.needs.group}', and some rows came "
                "without a whole number or a text of up to 64 letters there.",
                hint="Send such a value with each row.",
            )
        metric = metric.grouped(rows.groups)
        case = case_of(metric, info, rows.outcomes, rows.raw) if rows.outcomes else None
        return metric, judge_live(metric, task.bar, case)

    def _task(self, rows: LiveRows) -> Task:
        """Return the experiment's task, or the one at export if the experiment was deleted."""
        try:
            return self.context.experiment(rows.manifest.origin.experiment_id).task
        except NotFoundError:
            if rows.manifest.task is None:
                raise
            return rows.manifest.task

    def _moved(self, rows: LiveRows, unit: str) -> str:
        """Return what is to be said of a moved bar; "" if it was not moved, or the model is gone."""
        try:
            candidate = self.context.candidate(rows.manifest.origin.candidate_id)
            judged = self.context.run(candidate.run_id).verdict
        except NotFoundError:
            return ""
        return "" if judged is None or judged.moved is None else live_moved_sentence(judged.moved, unit)

    def _assertions(self, name: str, rows: LiveRows) -> tuple[AssertionResult, ...]:
        """Test the experiment's assertions; () if it or its model is gone."""
        if not self._task(rows).assertions:
            return ()
        try:
            return live_assertions(self.context, name)
        except NotFoundError:
            return ()

    def _expected(self, metric: Metric, rows: LiveRows) -> tuple[ExpectedScore | None, str]:
        """Return the score to expect of the newest answers, or why it is unknown."""
        if metric.needs == "values":
            return None, "numbers"
        if len(rows.newest) < FEWEST_NEWEST:
            return None, "few answers"
        reference = self._reference(metric, rows)
        if reference is None:
            return None, "no reference"
        if reference.n_rows < FEWEST_REFERENCE:
            return None, "few reference rows"
        info = rows.manifest.signature
        live = case_of(metric, info, [label_text(info.classes[0])] * len(rows.newest), rows.newest)
        if not isinstance(live, LabelCase):
            return None, "numbers"
        expected = expected_score(metric, live, reference, seed=0)
        return expected, "" if expected is not None else "uncalibrated"

    def _reference(self, metric: Metric, rows: LiveRows) -> LabelCase | None:
        info, origin = rows.manifest.signature, rows.manifest.origin
        try:
            stored = predictions_of(
                self.context, self.context.candidate(origin.candidate_id), with_steps=True
            )
        except LitmusError:
            return None
        if stored is None or stored.scored.predictions.shape[1:] != (len(info.classes),):
            return None
        truth = [label_text(label) for label in stored.scored.truth.tolist()]
        case = case_of(metric, info, truth, stored.scored.predictions)
        return case if isinstance(case, LabelCase) else None


def judge_again(context: Context, experiment_id: str) -> None:
    """Judge an experiment's models behind endpoints by its bar and assertions now, if outcomes did so before.

    A model that cannot be judged again, such as one whose files are gone, keeps its last verdict.
    """
    from litmus_core.deploy import stored_verdict

    service = OutcomesService(context)
    for name in endpoints_of(context, experiment_id):
        with suppress(LitmusError):
            if stored_verdict(context.workspace, name) is not None:
                service.verdict(name)
                _wake_policy(context, name)


def endpoints_of(context: Context, experiment_id: str) -> list[str]:
    """Return the names of the endpoints, stopped ones too, whose live version is an experiment's model."""
    from litmus_core.deploy import all_endpoint_stats

    deployed = all_endpoint_stats(context.workspace)
    experiments = context.store.experiments_of_bundles(stats.bundle_id for stats in deployed)
    return [stats.name for stats in deployed if experiments.get(stats.bundle_id) == experiment_id]


def _wake_policy(context: Context, name: str) -> None:
    """Store an endpoint's policy again, if any, so that the app checks the new verdict by it."""
    from litmus_core.deploy import store_policy, stored_policy

    if (policy := stored_policy(context.workspace, name)) is not None:
        store_policy(context.workspace, name, policy)


def _chunks(pairs: Iterable[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any, None]]]:
    rest = ((reference, value, None) for reference, value in pairs)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
