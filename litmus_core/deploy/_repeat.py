"""The Python code that makes a model's run again."""

from __future__ import annotations

from typing import Any

from litmus_core.runtime import part_text, portable
from litmus_core.types import DatasetVersion, RunPlan, Task


def code_that_repeats(task: Task, dataset: DatasetVersion | None, plan: RunPlan | None) -> str:
    """Return a script that asks for the same training of the same columns with the same seed.

    Own validation and test files are named by a place to fill in: the bundle does not know where they are.
    """
    source = dataset.source if dataset is not None else "YOUR_TABLE.csv"
    wishes: dict[str, Any] = {
        "only": list(task.features),
        "problem_type": task.problem_type,
        "positive_class": task.positive_class,
        "validation": "YOUR_VALIDATION_ROWS.csv" if task.validation_version_id else None,
        "test": "YOUR_TEST_ROWS.csv" if task.test_version_id else None,
        "metric": task.metric,
        "bar": str(task.bar) if task.bar else None,
        "max_latency_ms": task.budget.max_latency_ms,
        "max_size_mb": task.budget.max_size_mb,
        "split": f"{task.split.kind}:{task.split.column}" if task.split.column else task.split.kind,
        "time_limit_s": task.time_limit_s,
        "seed": task.seed,
        "cards": list(plan.cards) if plan and plan.cards else None,
        "folds": plan.folds if plan else None,
        "postprocess": [part_text(portable(each)) for each in plan.postprocess]
        if plan and plan.postprocess
        else None,
        "models": [f"{each.module}:{each.name}" for each in plan.models] if plan and plan.models else None,
    }
    lines = ["import litmus_core", "", "handle = litmus_core.train("]
    lines += [f"    {source!r},", f"    {task.target!r},"]
    lines += [f"    {name}={value!r}," for name, value in wishes.items() if value is not None]
    return "\n".join([*lines, ")", "print(handle.wait().verdict.sentence)", ""])
