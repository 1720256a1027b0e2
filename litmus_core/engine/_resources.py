"""The resources that a phase of a run may take of the machine, and whether they are available."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from litmus_core.data import free_gb
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import Folds, Resources

_GB = 1e9
_LEAST_GB = 0.5
_LIBRARIES_GB = 0.6  # of a process that fits folds, before it has rows: AutoGluon, and torch
_MEMORY_SHARE = 0.5  # of the free memory, for that; rows and models come on top
# From so many rows on, up to so many, folds are fitted in parallel: fewer are done before the processes have
# started, and with more each process would hold a large copy. docs/adr/0016
_PARALLEL_ROWS = range(2_000, 100_000)
# Threads that share fewer rows wait for each other: 60 trees of LightGBM of 400 rows took two of them 0.05 s
# beside one busy process and 3.2 s beside two, one of them 0.02 and 0.03 s; alone no family gained 0.25 s.
_THREADS_PAY = 1_000


def check_resources(phase: str, resources: Resources, *, elsewhere: bool = False) -> None:
    """Raise UsageError if ``resources`` is invalid, or exceeds this machine.

    ``phase`` names the request; ``elsewhere``: this machine does not matter.
    """
    if resources.cpus is not None:
        _check_number(phase, "processor", resources.cpus, least=1, available=None if elsewhere else _n_cpus())
    if resources.gpus:
        _check_number(phase, "GPU", resources.gpus, least=0, available=None if elsewhere else _n_gpus())
    if resources.gpus is not None and resources.gpus < 0:
        raise UsageError(f"{resources.gpus} GPUs is not possible.", hint="Ask for 0, or leave it out.")
    if resources.memory_gb is not None:
        available = math.inf if elsewhere else _memory_gb()
        if resources.memory_gb < _LEAST_GB:
            raise UsageError(
                f"{resources.memory_gb:g} GB of memory is too little for '{phase}'.",
                hint=f"Ask for {_LEAST_GB:g} GB or more.",
            )
        if resources.memory_gb > available:
            raise UsageError(
                f"'{phase}' asks for {resources.memory_gb:g} GB of memory, and this machine has "
                f"{available:.1f}.",
                hint=f"Ask for {int(available)} GB, or leave it out.",
            )
    if resources.parallel is not None:
        _check_parallel(phase, resources, resources.parallel, elsewhere=elsewhere)


def _check_parallel(phase: str, resources: Resources, parallel: int, *, elsewhere: bool) -> None:
    if phase != "tune":
        raise UsageError(
            f"'{phase}' has no trials that could be made at once.",
            hint="Give 'parallel' to 'tune'; Folds(parallel=True) fits the folds of a model at once.",
        )
    if parallel < 1:
        raise UsageError(f"{parallel} trials at once is not possible.", hint="Ask for 1 or more.")
    if elsewhere:
        return
    n_cpus = resources.cpus or _n_cpus()
    if parallel > n_cpus:
        raise UsageError(
            f"{format_count(parallel, 'trial')} at once would share {format_count(n_cpus, 'processor')}.",
            hint=f"Ask for {n_cpus} at most, or tune on a Ray cluster (on=…).",
        )
    if resources.gpus and parallel > 1:
        raise UsageError(
            "Trials at once would share a GPU.", hint="Try one after the other, or tune on a Ray cluster."
        )


def _check_number(phase: str, noun: str, number: int, *, least: int, available: int | None) -> None:
    if number < least:
        raise UsageError(f"{number} {noun}s is not possible.", hint=f"Ask for {least} or more.")
    if available is not None and number > available:
        has = f"only {available}" if available else "none"
        hint = f"Ask for {available}, or leave it out." if available else "Leave it out."
        raise UsageError(
            f"'{phase}' asks for {format_count(number, noun)}, and this machine has {has}.", hint=hint
        )


def _n_cpus() -> int:
    from autogluon.common.utils.resource_utils import ResourceManager

    return int(ResourceManager.get_cpu_count())


def _n_gpus() -> int:
    from autogluon.common.utils.resource_utils import ResourceManager

    return int(ResourceManager.get_gpu_count())


@contextmanager
def hide_gpus(fraction: float | None) -> Iterator[None]:
    """Make AutoGluon find no GPU in the block unless ``fraction`` of one is allowed.

    For each model it counts GPUs, and it logs the PyTorch version: importing that takes seconds and 200 MB
    in a process that fits trees.
    """
    from unittest.mock import patch

    with ExitStack() as patches:
        if not fraction:
            resources = "autogluon.common.utils.resource_utils.ResourceManager"
            patches.enter_context(patch(f"{resources}.get_gpu_count", _no_gpus))
            patches.enter_context(patch(f"{resources}.get_gpu_count_torch", _no_gpus))
            patches.enter_context(
                patch("autogluon.tabular.predictor.predictor.get_ag_system_info", _no_system_info)
            )
        yield


@contextmanager
def limit_fit_resources(gpus: float | None, processors: int | str) -> Iterator[None]:
    """Limit the resources of fits in the block: see :func:`hide_gpus`, :func:`limit_linear_algebra`."""
    with hide_gpus(gpus), limit_linear_algebra(processors):
        yield


@contextmanager
def limit_linear_algebra(processors: int | str) -> Iterator[None]:
    """Make NumPy and SciPy use one thread in the block if a model may take one processor.

    A linear model's solver multiplies tiny matrices again and again, and threads of OpenBLAS wait for each
    other. Beside other work, a fit of 600 rows took 25 ms of processor time with two threads, 1.5 ms with
    one.
    """
    if processors != 1:
        yield
        return
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, "blas"):
        yield


def _no_gpus(*, cuda_only: bool = False) -> int:
    del cuda_only
    return 0


def _no_system_info(**_: object) -> str:
    return "Which GPUs and which PyTorch there are was not asked: this fit takes no GPU."


def _memory_gb() -> float:
    import psutil

    return float(psutil.virtual_memory().total) / _GB


def folds_at_once(folds: Folds, *, resources: Resources) -> int:
    """Return how many of a model's folds our processes fit at once; 1: in this one.

    Each gets at least one processor, and memory for its libraries; a GPU is not shared.
    """
    if not folds.parallel or resources.gpus:
        return 1
    n_fitting = int(_MEMORY_SHARE * free_gb() / _LIBRARIES_GB)
    return max(1, min(folds.n_folds, resources.cpus or _n_cpus(), n_fitting))


def is_parallel_faster(n_rows: int, resources: Resources) -> bool:
    """Return whether folds of ``n_rows`` rows in all are better fitted in parallel, unless specified."""
    is_bounded = resources.gpus or resources.memory_gb is not None
    return n_rows in _PARALLEL_ROWS and not is_bounded and (resources.cpus or _n_cpus()) > 1


def threads_for(n_rows: int) -> int | str:
    """Return how many processors fits of that many rows use, unless specified; "auto": all of them."""
    return "auto" if n_rows >= _THREADS_PAY else 1
