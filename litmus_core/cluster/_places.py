"""Where work runs: on this machine, by Ray on this machine, or on a Ray cluster."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.errors import UsageError

_HERE, _RAY = "here", "ray"
ANY = "auto"


@dataclass(frozen=True, slots=True)
class Place:
    """``on_ray``: Ray runs the work, on this machine unless ``address`` names a cluster."""

    on_ray: bool
    address: str | None = None


HERE = Place(on_ray=False)


def place_of(text: str) -> Place:
    """Return the place that a setting names: ``here``, ``ray``, or a cluster by its address or ``auto``.

    >>> place_of("ray"), place_of("10.0.0.5:6379").address
    (Place(on_ray=True, address=None), '10.0.0.5:6379')
    """
    if text == _HERE:
        return HERE
    if text == _RAY:
        return Place(on_ray=True)
    if text == ANY or ":" in text:
        return Place(on_ray=True, address=text)
    raise UsageError(
        f"'{text}' is not a place to work.",
        hint="Write here (this machine), ray (Ray on this machine), auto, or a cluster's host:port.",
    )
