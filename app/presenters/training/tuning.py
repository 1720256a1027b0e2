"""Tuning: the trials, the history of the best one, and the importance of settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log10

from app.presenters import humanize
from app.presenters.metrics import metric_messages
from litmus_core.metrics import get_metric
from litmus_core.text import format_count, format_score, unbroken
from litmus_core.types import Hyperparameter, Space, Trial

__all__ = [
    "AlgorithmView",
    "AxisView",
    "HistoryView",
    "SettingsView",
    "ShareView",
    "TuningView",
    "present_shares",
    "present_tuning",
]

_LEAST_DRAWN = 2  # a line needs two points
_LEAST_COMPARED = 3  # the least number of finished trials to compare
_ORIGINS = {"default": "as it is", "history": "did well before", "start": "a good start", "suggested": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The score of each finished trial, and the best up to then; ``hovers`` show the settings."""

    numbers: tuple[int, ...]  # from 1
    scores: tuple[float, ...]
    best: tuple[float, ...]
    hovers: tuple[tuple[str, ...], ...]  # lines
    default: float | None
    label: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisView:
    """One setting's values over the trials, as positions on an axis with ticks."""

    name: str
    places: tuple[float, ...]
    ticks: tuple[float, ...]
    tick_words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """Lines through settings, one per finished trial, coloured by score."""

    axes: tuple[AxisView, ...]
    scores: tuple[float, ...]
    label: str
    higher_is_better: bool
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """The importance of each setting, and a sentence about them."""

    names: tuple[str, ...]
    shares: tuple[float, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmView:
    """One algorithm's trials; ``settings`` None: too few to compare."""

    key: str
    title: str
    reading: str
    history: HistoryView | None
    settings: SettingsView | None
    best: tuple[tuple[str, str], ...]  # the best trial's settings


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningView:
    """A run's trials by algorithm."""

    algorithms: tuple[AlgorithmView, ...]


def present_tuning(trials: Sequence[Trial], titles: Mapping[str, str]) -> TuningView | None:
    """Present a run's trials; None without tuning. ``titles`` are the families' by key."""
    if not trials:
        return None
    return TuningView(
        algorithms=tuple(
            _algorithm(key, list(group), titles)
            for key, group in groupby(trials, key=lambda trial: trial.algorithm)
        )
    )


def present_shares(shares: Mapping[str, float]) -> ShareView | None:
    """Present the importance of one algorithm's settings; None if unknown."""
    if not shares:
        return None
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    name, share = ordered[0]
    return ShareView(
        names=tuple(one for one, _ in ordered),
        shares=tuple(one for _, one in ordered),
        reading=f"**{name}** made {humanize.share(share)} of the difference between the trials.",
    )


def _algorithm(key: str, trials: list[Trial], titles: Mapping[str, str]) -> AlgorithmView:
    finished = [trial for trial in trials if trial.state == "finished" and trial.value is not None]
    family, _, number = key.partition("-")
    title = titles.get(family, family) + (f", {number}" if number else "")
    best = _best(finished)
    return AlgorithmView(
        key=key,
        title=title,
        reading=_reading(trials, finished),
        history=_history(finished),
        settings=_settings(finished),
        best=()
        if best is None
        else tuple((setting.name, _value(setting.value)) for setting in best.settings),
    )


def _best(finished: Sequence[Trial]) -> Trial | None:
    if not finished:
        return None
    upward = get_metric(finished[0].metric).greater_is_better
    return max(finished, key=lambda trial: (trial.value or 0.0) * (1 if upward else -1))


def _default(finished: Sequence[Trial]) -> float | None:
    return next((trial.value for trial in finished if trial.origin == "default"), None)


def _reading(trials: Sequence[Trial], finished: Sequence[Trial]) -> str:
    tried = format_count(len(trials), "setting")
    spent = humanize.duration(sum(trial.seconds for trial in trials))
    failed = sum(trial.state == "failed" for trial in trials)
    n_abandoned = sum(trial.state == "given up" for trial in trials)
    parts = [f"{tried} tried in {spent}."]
    if n_abandoned:
        parts.append(f"{n_abandoned} given up early.")
    if failed:
        parts.append(f"{failed} failed.")
    best, default = _best(finished), _default(finished)
    if best is None or best.value is None:
        parts.append("None was finished, so it was trained as it is.")
    elif best.origin == "default":
        parts.append("None was better than the model as it is.")
    else:
        name = metric_messages(best.metric).technical
        than = "" if default is None else f"; as it is the model reaches {format_score(default)}"
        parts.append(f"The best reaches {name} {format_score(best.value)}{than}.")
    return unbroken(" ".join(parts))


def _history(finished: Sequence[Trial]) -> HistoryView | None:
    if len(finished) < _LEAST_DRAWN:
        return None
    pick = max if get_metric(finished[0].metric).greater_is_better else min
    best: list[float] = []
    for trial in finished:
        value = trial.value or 0.0
        best.append(value if not best else pick(best[-1], value))
    label = metric_messages(finished[0].metric).technical
    return HistoryView(
        numbers=tuple(trial.number + 1 for trial in finished),
        scores=tuple(trial.value or 0.0 for trial in finished),
        best=tuple(best),
        hovers=tuple(_hover(trial) for trial in finished),
        default=_default(finished),
        label=label,
        reading=f"{label} of each trial on validation rows, and the best up to then.",
    )


def _hover(trial: Trial) -> tuple[str, ...]:
    origin = _ORIGINS[trial.origin]
    head = f"Trial {trial.number + 1}: {format_score(trial.value or 0.0)}" + (
        f" ({origin})" if origin else ""
    )
    return (head, *(f"{setting.name} = {_value(setting.value)}" for setting in trial.settings))


def _value(value: object) -> str:
    """Format a setting's value.

    >>> _value(0.04999), _value(128), _value(True), _value(None)
    ('0.04999', '128', 'true', 'none')
    """
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _settings(finished: Sequence[Trial]) -> SettingsView | None:
    """Return the settings that all finished trials have, as axes."""
    with_settings = [trial for trial in finished if trial.settings]
    if len(with_settings) < _LEAST_COMPARED:
        return None
    by_name = [{setting.name: setting for setting in trial.settings} for trial in with_settings]
    names = [name for name in by_name[0] if all(name in one for one in by_name)]
    metric = get_metric(with_settings[0].metric)
    label = metric_messages(with_settings[0].metric).technical
    return SettingsView(
        axes=tuple(_axis([one[name] for one in by_name]) for name in names),
        scores=tuple(trial.value or 0.0 for trial in with_settings),
        label=label,
        higher_is_better=metric.greater_is_better,
        reading=f"Each line is a trial; the stronger its colour, the better its {label}.",
    )


def _axis(values: Sequence[Hyperparameter]) -> AxisView:
    space = values[0].space
    numbers = [value.value for value in values if isinstance(value.value, int | float)]
    if space is None or space.choices or len(numbers) < len(values):
        return _choices(values, space)
    if not space.log:
        ends = _ends(space, numbers)
        return AxisView(
            name=values[0].name, places=tuple(numbers), ticks=ends, tick_words=tuple(map(_value, ends))
        )
    ends = _ends(space, numbers)
    return AxisView(
        name=values[0].name,
        places=tuple(log10(number) for number in numbers),
        ticks=tuple(log10(end) for end in ends),
        tick_words=tuple(map(_value, ends)),
    )


def _ends(space: Space, numbers: Sequence[float]) -> tuple[float, ...]:
    """Return the ends and the middle of the axis."""
    low = min(numbers) if space.low is None else space.low
    high = max(numbers) if space.high is None else space.high
    middle = (low * high) ** 0.5 if space.log else (low + high) / 2
    ends = (low, middle, high)
    return tuple(float(round(end)) for end in ends) if space.integer else ends


def _choices(values: Sequence[Hyperparameter], space: Space | None) -> AxisView:
    values_known = list(dict.fromkeys(_value(choice) for choice in (() if space is None else space.choices)))
    values_known += [
        text for text in dict.fromkeys(_value(value.value) for value in values) if text not in values_known
    ]
    return AxisView(
        name=values[0].name,
        places=tuple(float(values_known.index(_value(value.value))) for value in values),
        ticks=tuple(float(at) for at in range(len(values_known))),
        tick_words=tuple(values_known),
    )
