"""The report on many targets in sentences, the verdict first."""

from __future__ import annotations

from collections.abc import Iterator

from litmus_core.many_targets._report import TargetsReport
from litmus_core.many_targets._texts import say
from litmus_core.verdicts import verdict_headline

_FEWEST_ROWS = 10  # that a verdict rests on


def targets_sentences(report: TargetsReport) -> list[str]:
    """Return what there is to say of judged targets: verdict, score, then each target."""
    return [*_verdict(report), *_targets(report)]


def _verdict(report: TargetsReport) -> Iterator[str]:
    verdict, score = report.verdict, report.verdict.score
    yield f"{verdict_headline(verdict)}."
    facts = {"title": say(score.metric), "value": score.value, "n": score.n_rows}
    yield say("score", low=score.low, high=score.high, **facts)
    yield say("baseline", value=verdict.baseline)
    if verdict.bar is not None and score.n_rows < _FEWEST_ROWS:
        yield say("few", wanted=_FEWEST_ROWS)
    if verdict.bar is not None and verdict.n_evaluations > 1:
        yield say("looks", n=verdict.n_evaluations)


def _targets(report: TargetsReport) -> Iterator[str]:
    for line in report.lines:
        facts = {"name": line.name, "value": line.score, "model": line.model}
        if line.threshold is None:
            yield say("number line", **facts)
        else:
            yield say("label line", threshold=line.threshold, n=line.n_yes or 0, **facts)
