"""Messages about a model that the time limit cut short, and about an ensemble that hardly pays off."""

from __future__ import annotations

from collections.abc import Iterable

from litmus_core.text import format_count, format_score
from litmus_core.types import Candidate, SimplerModel, TimeCut

_PAST_ITS_BEST = 0.8  # of the steps: later ones had not helped for a while
_FEW_STEPS = 20


def time_cut_message(candidate: Candidate, candidates: Iterable[Candidate] = ()) -> str:
    """Return the sentence that the time limit cut a candidate or its members short; "" if it did not.

    >>> from litmus_core.types import TimeCut
    >>> _single(TimeCut(unit="round", steps=34, best_at=33, most=500))
    'Stopped early by the time limit: 34 of up to 500 rounds.'
    """
    if candidate.time_cut is not None:
        return _single(candidate.time_cut)
    members = [member for member in candidates if member.id in candidate.parents]
    n_cut = sum(member.time_cut is not None for member in members)
    if not n_cut:
        return ""
    of_all, was = format_count(len(candidate.parents), "model"), "was" if n_cut == 1 else "were"
    return f"{n_cut} of its {of_all} {was} stopped early by the time limit."


def hardly_trained(candidate: Candidate, candidates: Iterable[Candidate] = ()) -> TimeCut | None:
    """Return how the time limit cut a candidate, or all its members, after a few steps; else None."""
    members = [member for member in candidates if member.id in candidate.parents] or [candidate]
    cuts = [member.time_cut for member in members if member.time_cut is not None]
    if len(cuts) < len(members) or any(cut.steps >= _FEW_STEPS or _is_past_its_best(cut) for cut in cuts):
        return None
    return max(cuts, key=lambda cut: cut.steps)


def steps_text(cut: TimeCut) -> str:
    """Return how far a model came: "34 of up to 500 rounds".

    >>> steps_text(TimeCut(unit="tree", steps=1)), steps_text(TimeCut(unit="round", steps=34, most=500))
    ('1 tree', '34 of up to 500 rounds')
    """
    if cut.most is None:
        return format_count(cut.steps, cut.unit)
    return f"{cut.steps:,} of up to {cut.most:,} {cut.unit}s"


def _is_past_its_best(cut: TimeCut) -> bool:
    return cut.best_at is not None and cut.best_at < _PAST_ITS_BEST * cut.steps


def _single(cut: TimeCut) -> str:
    where = "" if cut.n_fits < 2 else f" in {cut.n_cut} of {cut.n_fits} folds"
    done = " were done" if cut.most is None else ""
    sentence = f"Stopped early by the time limit{where}: {steps_text(cut)}{done}."
    if _is_past_its_best(cut):
        sentence += f" It was best after {cut.best_at:,}, so more time would hardly help."
    return sentence


def simpler_message(simpler: SimplerModel) -> str:
    """Return the sentence on how much faster an ensemble's best member is, at about the same score.

    >>> figures = {"times_faster": 12.4, "difference": 0.0021, "low": -0.001, "high": 0.005, "n_rows": 800}
    >>> simpler_message(SimplerModel(candidate_id="a", name="LightGBM", **figures))
    'LightGBM alone answers 12 times faster, and the difference in score (0.002 on 800 rows) is noise.'
    """
    return (
        f"{simpler.name} alone answers {simpler.times_faster:,.0f} times faster, and the difference in score "
        f"({format_score(abs(simpler.difference))} on {format_count(simpler.n_rows, 'row')}) is noise."
    )
