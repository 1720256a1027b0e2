"""What the application answers, and how it refuses."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.runtime import Bundle, load_bundle
from litmus_core.serving import Access, Limits, create_app
from litmus_core.serving._guards.hosts import Hosts
from tests import tiny
from tests.serving.client import Client


def post(client: Client, body: Any, **more: Any) -> Any:
    """Send ``body`` as it is when it is bytes or text, else as JSON."""
    content = body if isinstance(body, bytes | str | AsyncIterator) else json.dumps(body)
    return client.request("POST", "/predict", content=content, **more)


def test_health_names_the_model_and_its_version(client: Client, bundle: Bundle) -> None:
    assert client.get("/health").json() == {
        "status": "ok",
        "model": "Shop: Tiny",
        "version": bundle.manifest.id,
    }


@pytest.mark.parametrize("path", ["/health", "/v2/health/live", "/v2/health/ready"])
def test_health_answers_head_without_a_body(client: Client, path: str) -> None:
    answer = client.request("HEAD", path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_rows_get_labels_and_probabilities(client: Client, bundle: Bundle) -> None:
    answer = post(client, {"rows": [tiny.ROW, bundle.examples[2]]})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"predictions": bundle.predict_records([tiny.ROW, bundle.examples[2]])}
    assert answer.json()["predictions"][0]["label"] == "yes"
    assert list(answer.json()["predictions"][0]["probabilities"]) == ["no", "yes"]


def test_a_regression_gets_values(tmp_path: Path) -> None:
    model = tiny.predictor(classes=())
    bundle = load_bundle(tiny.bundle(tmp_path / "b", model=model).path)
    with Client(create_app(bundle)) as client:
        answer = post(client, {"rows": [tiny.ROW]}).json()

    assert answer == {"predictions": [{"value": model.predict_values([tiny.ROW]).tolist()[0]}]}


def test_no_rows_get_no_predictions(client: Client) -> None:
    assert post(client, {"rows": []}).json() == {"predictions": []}


def test_columns_beyond_the_schema_are_passed_over(client: Client) -> None:
    plain = post(client, {"rows": [tiny.ROW]}).json()

    assert post(client, {"rows": [{**tiny.ROW, "sold": "no", "more": [1, {}]}], "more": 1}).json() == plain


@pytest.mark.parametrize("word", ["n/a", "-", "unknown", "NA"])
def test_the_words_for_missing_that_import_knows_are_missing_here(client: Client, word: str) -> None:
    plain = post(client, {"rows": [{**tiny.ROW, "size": None, "day": None}]}).json()

    assert post(client, {"rows": [{**tiny.ROW, "size": word, "day": word}]}).json() == plain


def test_utf_8_with_a_mark_is_read(client: Client) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"rows": [tiny.ROW]}).encode()

    assert post(client, body, headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({**tiny.ROW, "size": "large"}, "size", "'size' should be a number, but row 1 has 'large'"),
        ({**tiny.ROW, "day": "yesterday"}, "day", "'day' should be a date"),
        ({**tiny.ROW, "new": 7}, "new", "'new' should be true or false"),
        ({**tiny.ROW, "zip": ["a"]}, "zip", "'zip' should be text"),
        ({"size": 1}, "zip", "Row 1 has no field 'zip'"),
        (7, None, "Row 1 is int"),
        (None, None, "Row 1 is NoneType"),
    ],
)
def test_a_row_that_does_not_fit_is_named(client: Client, row: Any, field: str, words: str) -> None:
    answer = post(client, {"rows": [tiny.ROW, row]})

    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert (detail["row"], detail["field"]) == (1, field)
    assert detail["message"].startswith(words)
    assert detail["hint"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "The body is empty."),
        (b"size=1&zip=2", 400, "The body is not JSON"),
        (b'{"rows": [', 400, "The body is not JSON"),
        (b'{"rows": [{"size": NaN}]}', 400, "NaN is not a JSON value"),
        (b'{"rows": [{"size": -Infinity}]}', 400, "-Infinity is not a JSON value"),
        (b'{"rows": [{"size": 1e999}]}', 400, "1e999 is too large a number"),
        (b'{"rows": [{"size": ' + b"9" * 5000 + b"}]}", 400, "The body is not JSON"),
        (b'{"rows": "\xff"}', 400, "The body is not UTF-8 text."),
        (b'{"rows": [{"zip": "\\ud800"}]}', 400, "The body is not UTF-8 text."),
        (b"[" * 15_000, 400, "The body is"),
        ([tiny.ROW], 422, "The body is a list."),
        (tiny.ROW, 422, 'The body has no "rows".'),
        ("3", 422, 'The body has no "rows".'),
        ({"rows": tiny.ROW}, 422, '"rows" is not a list.'),
        ({"rows": None}, 422, '"rows" is not a list.'),
        ({"rows": [tiny.ROW] * 101}, 413, "101 rows are more than the 100"),
        (b'{"rows": "' + b"x" * 30_000 + b'"}', 413, "The body is larger than"),
    ],
)
def test_a_body_of_another_shape_is_refused_in_words(
    client: Client, body: Any, status: int, words: str
) -> None:
    answer = post(client, body)

    assert answer.status_code == status
    detail = answer.json()["detail"]
    assert words in detail["message"]
    assert set(detail) == {"message", "row", "field", "hint"}
    assert detail["hint"]


def test_a_body_that_grows_past_the_limit_is_cut_off_though_its_length_was_not_told(
    client: Client,
) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    assert post(client, drip()).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/predict", 405), ("POST", "/health", 405), ("GET", "/x", 404)]
)
def test_what_is_not_there_says_what_is(client: Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    assert answer.json()["detail"]["message"] == f"{method} {path} is not possible here."
    assert "POST /predict" in answer.json()["detail"]["hint"]


def test_a_bug_is_one_sentence_to_the_caller_and_a_traceback_to_the_log(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(rows: object) -> Any:
        raise ZeroDivisionError("secret detail")

    app = create_app(bundle)
    with Client(app) as client:
        monkeypatch.setattr(bundle, "predict_records", broken)
        with pytest.raises(ZeroDivisionError):
            post(client, {"rows": [tiny.ROW]})
    monkeypatch.undo()
    with Client(create_app(bundle), quiet=True) as quiet:
        monkeypatch.setattr(bundle, "predict_records", broken)
        answer = post(quiet, {"rows": [tiny.ROW]})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "could not answer" in answer.json()["detail"]["message"]


def test_the_schema_has_an_example_that_can_be_sent_as_it_is(client: Client) -> None:
    schema = client.get("/schema").json()

    assert schema["target"] == "sold"
    assert schema["classes"] == ["no", "yes"]
    assert schema["positive_class"] == "yes"
    assert schema["max_rows"] == 100
    assert [column["name"] for column in schema["columns"]] == ["size", "zip", "day", "new"]
    assert post(client, schema["example"]).status_code == 200


def test_openapi_describes_columns_answers_and_problems(client: Client, bundle: Bundle) -> None:
    api = client.get("/openapi.json").json()
    predict = api["paths"]["/predict"]["post"]
    row = predict["requestBody"]["content"]["application/json"]["schema"]["properties"]["rows"]["items"]

    assert sorted(api["paths"]) == ["/health", "/predict", "/schema"]
    assert row["required"] == ["size", "zip", "day", "new"]
    assert row["properties"]["size"] == {"type": ["number", "string", "null"]}  # "21.16", as files spell it
    statuses = ["200", "400", "401", "408", "413", "415", "422", "501", "503", "504"]
    assert sorted(predict["responses"]) == statuses
    assert predict["responses"]["200"]["content"]["application/json"]["example"] == {
        "predictions": [bundle.golden.predictions[0]]
    }


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_the_page_needs_nothing_from_elsewhere(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.headers["content-type"].startswith("text/html")
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_model_is_warm_before_the_first_answer(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    warmed = []
    monkeypatch.setattr(bundle, "warm", lambda: warmed.append(threading.current_thread().name))

    with Client(create_app(bundle)) as client:
        assert warmed == ["litmus-model_0"]
        assert client.get("/health").status_code == 200


def test_requests_at_once_are_answered_one_after_the_other_by_one_thread(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, inside, most = set(), [], []
    answers = bundle.predict_records

    def watched(rows: Any) -> Any:
        threads.add(threading.current_thread().name)
        inside.append(1)
        most.append(len(inside))
        try:
            return answers(rows)
        finally:
            inside.pop()

    monkeypatch.setattr(bundle, "predict_records", watched)

    async def ask_all() -> list[httpx.Response]:
        app = create_app(bundle)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            bodies = [{"rows": [{**tiny.ROW, "size": size}]} for size in range(30)]
            return await asyncio.gather(*(client.post("/predict", json=body) for body in bodies))

    found = [answer.json()["predictions"][0] for answer in asyncio.run(ask_all())]

    assert found == [answers([{**tiny.ROW, "size": size}])[0] for size in range(30)]
    assert threads == {"litmus-model_0"}
    assert max(most) == 1


def test_when_too_many_wait_the_next_is_told_to_come_back(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    answers = bundle.predict_records

    def slow(rows: Any) -> Any:
        may_go_on.wait(timeout=20)
        return answers(rows)

    async def ask_all() -> list[httpx.Response]:
        app = create_app(bundle, limits=Limits(max_waiting=2))
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            monkeypatch.setattr(bundle, "predict_records", slow)
            waiting = [asyncio.create_task(client.post("/predict", json={"rows": []})) for _ in range(2)]
            for _ in range(1_000):  # turns of the loop, until both are with the worker
                await asyncio.sleep(0)
            health = await client.get("/health")
            third = await client.post("/predict", json={"rows": []})
            may_go_on.set()
            return [health, third, *await asyncio.gather(*waiting)]

    health, third, *others = asyncio.run(ask_all())

    assert health.status_code == 200
    assert third.status_code == 503
    assert third.headers["retry-after"] == "1"
    assert "requests are waiting already" in third.json()["detail"]["message"]
    assert [answer.status_code for answer in others] == [200, 200]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Host": "evil.test"}, "This server does not answer to the name 'evil.test'."),
        ({"Host": "localhost.evil.test"}, "This server does not answer to the name 'localhost.evil.test'."),
        ({"Origin": "http://evil.test"}, "A page of 'http://evil.test' may not use this server."),
        ({"Origin": "http://localhost:1"}, "A page of 'http://localhost:1' may not use this server."),
        ({"Origin": "null"}, "A page of 'null' may not use this server."),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, "A page of another server may not"),
    ],
)
@pytest.mark.parametrize("path", ["/predict", "/health", "/schema", "/metrics", "/docs", "/nowhere"])
def test_other_sites_pages_and_names_get_nothing(
    client: Client, path: str, headers: dict[str, str], words: str
) -> None:
    answer = client.request("POST" if path == "/predict" else "GET", path, headers=headers, content=b"{}")

    assert answer.status_code == 403
    assert answer.json()["detail"]["message"].startswith(words)
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_page_and_another_name_that_was_allowed_are_answered(bundle: Bundle) -> None:
    access = Access(hosts=Hosts(("shop.example.com",)))
    rows = {"rows": [tiny.ROW]}
    own = {"Host": "shop.example.com", "Origin": "https://shop.example.com"}

    with Client(create_app(bundle, access=access)) as client:
        assert post(client, rows, headers=own).status_code == 200
        assert post(client, rows).status_code == 403


@pytest.mark.parametrize("path", ["/health/", "/predict/", "/docs/", "/openapi.json/", "/schema//"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD"])
def test_nothing_is_answered_with_a_redirect_or_for_other_origins(
    client: Client, method: str, path: str
) -> None:
    answer = client.request(method, path)

    assert answer.status_code in (404, 405)
    assert "location" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["x-content-type-options"] == "nosniff"
