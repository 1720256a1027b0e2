"""Connect to Ray: the program's own, a cluster's, or one that is started for the block."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from litmus_core.cluster._places import ANY, Place
from litmus_core.cluster._processors import n_processors
from litmus_core.errors import LitmusError, MissingExtraError, UsageError

_ANSWERS_IN_S = 5.0


@contextmanager
def running(address: str | None = None, *, processes: int | None = None, purpose: str = "") -> Iterator[Any]:
    """Yield Ray: this program's, that of the cluster at ``address``, or ``processes`` processes here.

    With neither, one process for each processor. Raises UsageError if nothing answers at ``address`` or a
    running Ray has other settings; MissingExtraError, naming ``purpose``, without Ray.
    """
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject=purpose or "Computing on several processes", extra="ray") from error
    if ray.is_initialized():
        if processes or address:
            raise UsageError(
                "This program has started Ray already, and where it runs is settled.",
                hint="Say on='ray', without an address or a number of processes, or call ray.shutdown().",
            )
        yield ray
        return
    if address and processes:
        raise UsageError(
            "A cluster has its own number of processes.", hint="Leave 'processes' out, or 'address'."
        )
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address:
        check_address(address)
        try:
            ray.init(address=address, **quiet)
        except ConnectionError as error:
            raise _unreachable_error(address, str(error).splitlines()[0].rstrip(".")) from error
    else:
        _start(ray, num_cpus=processes or n_processors(), **quiet)
    try:
        yield ray
    finally:
        ray.shutdown()


def _start(ray: Any, **options: Any) -> None:
    try:
        ray.init(address="local", include_dashboard=False, **options)
    except Exception as error:
        reason = str(error).partition(". ")[0].rstrip(".")
        raise LitmusError(
            f"Ray did not start on this machine: {reason}.",
            hint="Try again once the machine has less to do, or work here without Ray.",
        ) from error


def check_place(place: Place, *, purpose: str) -> None:
    """Raise the error of a missing Ray or of an address that does not answer, before anything starts."""
    if place.on_ray and not has_ray():
        raise MissingExtraError(subject=purpose, extra="ray")
    if place.address:
        check_address(place.address)


def has_ray() -> bool:
    """Return whether Ray is installed, without loading it."""
    return find_spec("ray") is not None


def check_address(address: str) -> None:
    """Raise UsageError for an address that does not answer, sooner and more clearly than Ray would."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_IN_S).close()
    except (ValueError, OverflowError) as error:
        raise _unreachable_error(address, "a port is a number up to 65535") from error
    except OSError as error:
        raise _unreachable_error(address, (error.strerror or str(error)).lower()) from error


def _unreachable_error(address: str, why: object) -> UsageError:
    if address == ANY:
        return UsageError(
            "This machine belongs to no Ray cluster.",
            hint="Give the cluster's address as host:port, or start one here with 'ray start --head'.",
        )
    return UsageError(
        f"No Ray cluster answers at '{address}': {why}.",
        hint="Look with 'ray status' where it runs, and give its address as host:port.",
    )
