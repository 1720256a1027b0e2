"""Would a bandit choose layouts better than calibrated lines? Streams replayed from measured times.

Every layout is timed on the pipeline of benchmarks/frame.py at sizes from 1 to 32,768 rows, several times, in
the forms that have a choice. Streams of batch sizes are then replayed: a call costs one of the times that
were measured at the sizes around it. Figures are per cent of time over always knowing the best layout:

- `lines`: the calibrated choice, with (`paid`) and without the time that calibrating took
- `defaults`: the lines as they come
- `greedy`: epsilon-greedy (5 %) by powers of two of the rows, each layout tried once in each
- `ucb`: the layout with the lowest confidence bound of the logarithm of time by row
- `seeded`: greedy that begins with the calibrated lines and explores 1 % of calls

What choosing itself takes is measured and added. `busy` is a stream in which the polars layout takes three
times as long from the middle on: made up, so that a bandit has something to find out.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from benchmarks._frame_code import Listings
from benchmarks._frame_listing import COLUMNS, in_form, listings
from benchmarks._harness import Figure, Run, main
from litmus_core.frame import FramePlan
from litmus_core.frame._layouts.frame_plan import _first

FORMS = ("records", "columns", "pandas")
_SIZES = [2**power for power in range(16)]
Times = dict[str, dict[int, list[float]]]  # microseconds by layout and rows


class Policy(Protocol):
    """Chooses a layout for n rows, and is told what the call took."""

    def choose(self, n_rows: int) -> str: ...

    def learn(self, n_rows: int, layout: str, us: float) -> None: ...


@dataclass
class Lines:
    """The plan's own choice; it learns nothing."""

    fastest: Callable[[int], str]

    def choose(self, n_rows: int) -> str:
        return self.fastest(n_rows)

    def learn(self, n_rows: int, layout: str, us: float) -> None:
        pass


@dataclass
class Greedy:
    """Epsilon-greedy on mean time by row, for each power of two; ``first`` says where to begin, if known."""

    layouts: list[str]
    rng: np.random.Generator
    epsilon: float
    first: Callable[[int], str] | None = None
    seen: dict[int, dict[str, tuple[int, float]]] = field(default_factory=lambda: defaultdict(dict))

    def choose(self, n_rows: int) -> str:
        known = self.seen[n_rows.bit_length()]
        if self.rng.random() < self.epsilon:
            return self.layouts[int(self.rng.integers(len(self.layouts)))]
        if self.first is not None:
            return min(known, key=lambda each: known[each][1]) if len(known) > 1 else self.first(n_rows)
        untried = [each for each in self.layouts if each not in known]
        return untried[0] if untried else min(known, key=lambda each: known[each][1])

    def learn(self, n_rows: int, layout: str, us: float) -> None:
        known = self.seen[n_rows.bit_length()]
        n, so_far = known.get(layout, (0, 0.0))
        weight = max(1 / (n + 1), 0.02)  # what is old fades, so that a change is noticed
        known[layout] = (n + 1, so_far + weight * (us / n_rows - so_far))


@dataclass
class Ucb:
    """The lowest confidence bound of the mean of log(time by row), for each power of two."""

    layouts: list[str]
    spread: float = 0.3
    seen: dict[int, dict[str, tuple[int, float]]] = field(default_factory=lambda: defaultdict(dict))

    def choose(self, n_rows: int) -> str:
        known = self.seen[n_rows.bit_length()]
        for each in self.layouts:
            if each not in known:
                return each
        much = 2 * math.log(sum(n for n, _ in known.values()))
        return min(known, key=lambda each: known[each][1] - self.spread * math.sqrt(much / known[each][0]))

    def learn(self, n_rows: int, layout: str, us: float) -> None:
        known = self.seen[n_rows.bit_length()]
        n, so_far = known.get(layout, (0, 0.0))
        known[layout] = (n + 1, so_far + (math.log(us / n_rows) - so_far) / (n + 1))


def figures(run: Run) -> list[Figure]:
    return [figure for form in FORMS for figure in _of_form(form, run)]


def _of_form(form: str, run: Run) -> Iterator[Figure]:
    run.say(f"{form}: timing layouts")
    rows = in_form(listings(_SIZES[-1]), form)
    plan, calibrated = (FramePlan.fitted(Listings(), COLUMNS, _first(rows, form, 10_000)) for _ in range(2))
    times = _times(plan, form, rows, run.options.repeats)
    started = perf_counter()
    with TemporaryDirectory() as folder:
        calibrated.calibrate(_first(rows, form, 4_000), folder=Path(folder))
    paid_us = (perf_counter() - started) * 1e6
    layouts = list(times)
    for name, draw in _STREAMS.items():
        over: dict[str, list[float]] = defaultdict(list)
        for seed in range(run.options.seeds):
            rng = np.random.default_rng(seed)
            sizes = draw(rng, run.options.calls)
            replay = _Replay(times, sizes, busy=name == "busy", seed=seed)
            policies: dict[str, Policy] = {
                "lines": Lines(lambda n: calibrated._chooser.fastest(form, n)),
                "defaults": Lines(lambda n: plan._chooser.fastest(form, n)),
                "greedy": Greedy(layouts, rng, 0.05),
                "ucb": Ucb(layouts),
                "seeded": Greedy(layouts, rng, 0.01, lambda n: calibrated._chooser.fastest(form, n)),
            }
            best = replay.best()
            for policy_name, policy in policies.items():
                over[policy_name].append(100 * (replay.total(policy) / best - 1))
            over["lines, paid"].append(over["lines"][-1] + 100 * paid_us / best)
        for policy_name, each in over.items():
            yield _per_cent(f"{form}, {name}: {policy_name}", mean(each))


def _times(plan: FramePlan, form: str, rows: Any, repeats: int) -> Times:
    layouts = [name for of, name in plan._chooser._lines if of == form]
    found: Times = {name: {} for name in layouts}
    for n_rows in _SIZES:
        few = _first(rows, form, n_rows)
        for name in layouts:
            plan._run(few, form, name)
            found[name][n_rows] = []
        for _ in range(repeats):
            for name in layouts:
                started = perf_counter()
                plan._run(few, form, name)
                found[name][n_rows].append((perf_counter() - started) * 1e6)
    return found


class _Replay:
    """One stream of batches and what each would take on each layout, the same for every policy."""

    def __init__(self, times: Times, sizes: list[int], *, busy: bool, seed: int) -> None:
        rng = np.random.default_rng(1_000 + seed)
        self.sizes = sizes
        self.us = [{name: _cost(each, n, rng) for name, each in times.items()} for n in sizes]
        self.typical = [{name: _typical(each, n) for name, each in times.items()} for n in sizes]
        if busy:
            for each in (*self.us[len(sizes) // 2 :], *self.typical[len(sizes) // 2 :]):
                each["polars"] *= 3

    def best(self) -> float:
        """Return the microseconds of who knows each layout's median, and does not have to choose."""
        return sum(
            us[min(known, key=known.__getitem__)] for us, known in zip(self.us, self.typical, strict=True)
        )

    def total(self, policy: Policy) -> float:
        """Return the microseconds of a policy, its own work included."""
        taken, started = 0.0, perf_counter()
        for n_rows, us in zip(self.sizes, self.us, strict=True):
            layout = policy.choose(n_rows)
            policy.learn(n_rows, layout, us[layout])
            taken += us[layout]
        return taken + (perf_counter() - started) * 1e6


def _cost(times: dict[int, list[float]], n_rows: int, rng: np.random.Generator) -> float:
    low = 1 << (n_rows.bit_length() - 1)
    at = int(rng.integers(len(times[low])))
    return _between(times[low][at], times[min(2 * low, _SIZES[-1])][at], n_rows / low - 1)


def _typical(times: dict[int, list[float]], n_rows: int) -> float:
    low = 1 << (n_rows.bit_length() - 1)
    return _between(median(times[low]), median(times[min(2 * low, _SIZES[-1])]), n_rows / low - 1)


def _between(low: float, high: float, share: float) -> float:
    return low + share * (high - low)


def _service(rng: np.random.Generator, n: int) -> list[int]:
    """Draw requests of one row mostly, and some of up to a few dozen."""
    return [1 if rng.random() < 0.8 else int(min(64, rng.geometric(0.1))) for _ in range(n)]


def _mixed(rng: np.random.Generator, n: int) -> list[int]:
    """Draw every order of magnitude as often."""
    return np.exp(rng.uniform(0, math.log(_SIZES[-1]), n)).astype(int).clip(1, _SIZES[-1]).tolist()


def _batches(rng: np.random.Generator, n: int) -> list[int]:
    """Draw batches of some hundred rows, a few ten times as many or as few."""
    return rng.lognormal(math.log(400), 1.2, n).astype(int).clip(1, _SIZES[-1]).tolist()


_STREAMS = {"service": _service, "mixed": _mixed, "batches": _batches, "busy": _mixed}


def _per_cent(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, unit="%", target=None, better="lower")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, default=2_000, help="batches of a stream")
    parser.add_argument("--seeds", type=int, default=10, help="streams of a kind")
    parser.add_argument("--repeats", type=int, default=11, help="timings of a layout and size")


if __name__ == "__main__":
    main("bandit", figures, add_arguments=_arguments)
