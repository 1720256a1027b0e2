"""An endpoint answers intervals and label sets where its caller asks for a level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from litmus_core.runtime import LEVELS, Bundle, Calibration, ErrorScale, load_bundle
from litmus_core.serving import create_app
from tests import tiny
from tests.serving.client import Client

NUMBERS = Calibration(
    source="validation",
    n_rows=40,
    margins=(*(2.0 for _ in LEVELS[:-2]), None, None),
    scale=ErrorScale(at=(0.0,), error=(1.0,)),
)
SETS = Calibration(source="validation", n_rows=1_000, margins=(0.9,) * len(LEVELS))
Opened = Callable[..., Client]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Return a client of a model with a calibration."""
    clients: list[Client] = []

    def open_client(calibration: Calibration | None, classes: tuple[str, ...] = ()) -> Client:
        model = tiny.predictor(classes=classes, calibrate=lambda: calibration)
        bundle: Bundle = load_bundle(tiny.bundle(tmp_path / f"bundle-{len(clients)}", model=model).path)
        clients.append(Client(create_app(bundle), quiet=True).__enter__())
        return clients[-1]

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


def ask(client: Client, query: str = "") -> Any:
    return client.request("POST", f"/predict{query}", json={"rows": [tiny.ROW]})


def test_a_level_adds_the_ends_of_an_interval(opened: Opened) -> None:
    client = opened(NUMBERS)
    plain, sure = ask(client).json(), ask(client, "?level=0.9").json()

    value = plain["predictions"][0]["value"]
    assert sure == {"predictions": [{"value": value, "low": value - 2, "high": value + 2}], "level": 0.9}


def test_a_level_adds_the_set_of_labels(opened: Opened) -> None:
    answer = ask(opened(SETS, ("no", "yes", "maybe")), "?level=0.95").json()["predictions"][0]

    assert answer["set"][0] == answer["label"]
    assert set(answer["set"]) == {label for label, share in answer["probabilities"].items() if share >= 0.1}


@pytest.mark.parametrize("level", ["", "high", "0.3", "1.5", "nan", "0.99", "90%"])
def test_a_level_that_cannot_be_kept_is_refused_in_words(opened: Opened, level: str) -> None:
    answer = ask(opened(NUMBERS), f"?level={level}")

    assert answer.status_code == 422
    assert "level" in answer.json()["detail"]["message"] or "99 %" in answer.json()["detail"]["message"]
    assert answer.json()["detail"]["hint"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?lvl=0.9", "/predict has no parameter 'lvl'."),
        ("?level=0.9&seed=1", "/predict has no parameter 'seed'."),
        ("?level=0.9&level=0.5", "'level' is there twice."),
    ],
)
def test_an_address_that_asks_for_something_else_is_refused(opened: Opened, query: str, message: str) -> None:
    answer = ask(opened(NUMBERS), query)

    assert answer.status_code == 422
    assert answer.json()["detail"]["message"] == message


def test_an_address_that_asks_for_nothing_is_answered(opened: Opened) -> None:
    assert ask(opened(NUMBERS), "?&").status_code == 200


def test_a_model_without_calibration_says_so_and_offers_none(opened: Opened) -> None:
    client = opened(None)

    assert ask(client, "?level=0.9").status_code == 422
    assert client.get("/schema").json()["certainty"] is None
    assert (
        "parameters" not in client.get("/openapi.json").json()["paths"]["/predict"]["post"]
        or not (client.get("/openapi.json").json()["paths"]["/predict"]["post"]["parameters"])
    )


def test_the_schema_names_the_fields_and_the_largest_level(opened: Opened) -> None:
    client = opened(NUMBERS)
    post = client.get("/openapi.json").json()["paths"]["/predict"]["post"]
    answer = post["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["predictions"]

    assert client.get("/schema").json()["certainty"] == {"fields": ["low", "high"], "largest_level": 0.97}
    assert post["parameters"][0]["schema"]["maximum"] == 0.97
    assert answer["items"]["properties"].keys() == {"value", "low", "high"}
    assert answer["items"]["required"] == ["value"]


def test_arrow_has_columns_for_them(opened: Opened) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    kind = "application/vnd.apache.arrow.stream"
    for calibration, classes, names in (
        (NUMBERS, (), ["prediction", "prediction low", "prediction high"]),
        (SETS, ("a", "b"), ["prediction", "probability a", "probability b", "prediction set"]),
    ):
        answer = opened(calibration, classes).request(
            "POST", "/predict?level=0.9", json={"rows": [tiny.ROW]}, headers={"Accept": kind}
        )
        with pyarrow.ipc.open_stream(answer.content) as stream:
            assert stream.read_all().column_names == names
