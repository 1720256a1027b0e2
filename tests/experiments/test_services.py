"""A studio is the sum of its services: each is exposed, described, and knows nothing of the studio."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from litmus_core import Studio, experiments

ROOT = Path(__file__).parents[2]
SERVICES = {name: each for name, each in vars(experiments).items() if name.endswith("Service")}


def exposed(studio: Studio) -> dict[str, str]:
    """Return the services of a studio, by the name of their class."""
    return {
        type(each).__name__: name for name, each in vars(studio).items() if type(each) in SERVICES.values()
    }


def test_every_service_is_exposed_and_described(studio: Studio) -> None:
    table = (
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("The studio's services")[2]
    )

    assert set(exposed(studio)) == set(SERVICES)
    assert [name for name in exposed(studio).values() if f"`{name}`" not in table] == []


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_stores_the_context_and_what_it_calls(service: type) -> None:
    first, *others = dataclasses.fields(service)

    assert first.name == "context"
    assert len(others) <= 3, "a service that calls more than three others is two services"


def test_a_studio_adds_nothing_but_its_life() -> None:
    own = {
        name for name, each in vars(Studio).items() if inspect.isroutine(each) and not name.startswith("_")
    }

    assert own == {"open", "watch", "close", "acting_as"}
    assert Studio.__mro__ == (Studio, object)


def test_nothing_below_a_studio_takes_one() -> None:
    package = ROOT / "litmus_core" / "experiments"
    above = {package / "_studio.py", package / "__init__.py", *package.glob("_api/**/*.py")}
    workers = set(package.rglob("*worker.py")) | {package / "_plugins" / "checker.py"}
    below = sorted(set(package.rglob("*.py")) - above - workers)

    assert [each.name for each in below if re.search(r"\bStudio\b", each.read_text(encoding="utf-8"))] == []
