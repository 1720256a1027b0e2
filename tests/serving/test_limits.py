"""What is sent too long, too slowly, twice or without a key is refused in words, and holds up nobody."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.errors import UsageError
from litmus_core.runtime import Bundle
from litmus_core.serving import Access, Limits, create_app, read_key
from litmus_core.serving._guards.middleware import AccessMiddleware
from litmus_core.serving._guards.protocol import TimeLimitedProtocol
from litmus_core.serving._metrics import Metrics
from tests import tiny
from tests.serving.client import Client, refusal


def post(client: Client, body: Any, **more: Any) -> httpx.Response:
    """Send ``body``, JSON unless it is bytes or comes in parts."""
    content = body if isinstance(body, bytes | AsyncIterator) else json.dumps(body)
    return client.request("POST", "/predict", content=content, **more)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"POST /predict HT", b"HTTP/1.1 408 Request Timeout", "head did not arrive within 0.3 seconds"),
        (b"", b"HTTP/1.1 408 Request Timeout", "head did not arrive within 0.3 seconds"),
        (b"no HTTP at all\r\n\r\n", b"HTTP/1.1 400 Bad Request", "Invalid HTTP request"),
    ],
)
def test_a_head_that_does_not_come_or_is_none_is_refused_while_others_are_answered(
    address: tuple[str, int], sent: bytes, status: bytes, words: str
) -> None:
    with socket.create_connection(address, timeout=30) as slow:
        slow.sendall(sent)
        url = f"http://127.0.0.1:{address[1]}/predict"
        assert httpx.post(url, json={"rows": [tiny.ROW]}, trust_env=False).status_code == 200
        line, body = refusal(slow)

    assert line == status
    assert words in body["detail"]["message"]


def test_a_body_that_drips_is_refused(bundle: Bundle) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.02)

    with Client(create_app(bundle, limits=Limits(max_body_s=0.1))) as client:
        answer = post(client, drip())

    assert answer.status_code == 408
    assert answer.headers["connection"] == "close"
    assert answer.json()["detail"]["message"] == "The body did not arrive within 0.1 seconds."


def test_a_caller_that_does_not_read_its_answers_is_hung_up_on(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TimeLimitedProtocol, "read_timeout_s", 0.2)
    body = json.dumps({"rows": [tiny.ROW] * 5_000}).encode()
    request = (
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.connect(address)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - until it hangs up
            for _ in range(1_000):
                deaf.sendall(request + body)
    url = f"http://127.0.0.1:{address[1]}/predict"
    assert httpx.post(url, json={"rows": [tiny.ROW]}, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        ({"Content-Type": "text/csv"}, "A body of the type text/csv"),
        ({"Content-Type": "text/plain"}, "A body of the type text/plain"),  # no browser asks first
        ({"Content-Type": "application/x-www-form-urlencoded"}, "A body of the type application/x-www"),
        ({"Content-Type": ""}, "A body without a Content-Type"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "A body of the type multipart/form-data"),
        ({"Content-Type": "application/xml"}, "A body of the type application/xml"),
        ({"Content-Type": "application/json; charset=latin-1"}, "Text in latin-1"),
        ({"Content-Encoding": "gzip"}, "A body that is packed as gzip"),
    ],
)
def test_a_body_that_says_it_is_something_else_is_refused(
    client: Client, headers: dict[str, str], what: str
) -> None:
    answer = post(client, {"rows": [tiny.ROW]}, headers=headers)
    assert answer.status_code == 415
    assert answer.json()["detail"]["message"].startswith(what)


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=UTF-8", "APPLICATION/JSON", "application/vnd.api+json"],
)
def test_json_by_each_of_its_names_is_read(client: Client, kind: str) -> None:
    assert post(client, {"rows": [tiny.ROW]}, headers={"Content-Type": kind}).status_code == 200


def test_no_body_may_be_larger_than_256_megabytes_whatever_is_configured() -> None:
    assert Limits(max_body_bytes=256 << 20).max_rows == 50_000
    with pytest.raises(UsageError, match="may have up to 268 MB, not 269"):
        Limits(max_body_bytes=257 << 20)


def test_bodies_that_are_large_together_wait_for_each_other(bundle: Bundle) -> None:
    arrived, may_go_on = asyncio.Event(), asyncio.Event()
    row = json.dumps({"rows": [{**tiny.ROW, "other": "x" * 900_000}]}).encode()
    two = row[:-2] + b"," + row[10:]

    async def slow() -> AsyncIterator[bytes]:
        yield two[:-2]
        arrived.set()
        await may_go_on.wait()
        yield two[-2:]

    async def ask() -> list[httpx.Response]:
        app = create_app(bundle, limits=Limits(max_bytes_at_once=3_000_000))
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=transport,
                base_url="http://localhost",
                headers={"Content-Type": "application/json"},
            ) as client,
        ):
            first = asyncio.create_task(client.post("/predict", content=slow()))
            await arrived.wait()
            second = await client.post("/predict", content=two)
            small = await client.post("/predict", json={"rows": [tiny.ROW]})
            may_go_on.set()
            return [await first, second, small, await client.post("/predict", content=two)]

    first, second, small, after = asyncio.run(ask())
    found = [each.status_code for each in (first, second, small, after)]
    assert found == [200, 503, 200, 200]
    assert second.json()["detail"]["message"].startswith("Other requests' bodies are large")


def test_too_little_memory_for_a_request_is_said(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> Any:
        raise MemoryError

    with Client(create_app(bundle)) as client:
        monkeypatch.setattr(bundle, "predict_records", full)
        answer = post(client, {"rows": [tiny.ROW]})
    assert answer.status_code == 413
    assert answer.json()["detail"]["message"] == "The server has too little memory for these rows."


def test_very_many_objects_are_refused_before_they_are_made_and_braces_in_texts_are_none(
    bundle: Bundle,
) -> None:
    with Client(create_app(bundle, limits=Limits(max_rows=10))) as client:
        many = post(client, b'{"rows": [{"size": [' + b"[]," * 100_000 + b"[]]}]}")
        text = post(client, {"rows": [{**tiny.ROW, "zip": '[{"' * 60_000 + "\\"}]})
    assert many.status_code == 413
    assert many.json()["detail"]["message"].startswith("The body has more than 100,000 objects and lists")
    assert text.status_code == 200


def test_a_model_that_takes_too_long_is_given_up_and_whoever_waited_is_told_so(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    answers = bundle.predict_records

    def slow(rows: Any) -> Any:
        may_go_on.wait(timeout=20)
        return answers(rows)

    async def ask() -> list[httpx.Response]:
        app = create_app(bundle, limits=Limits(max_answer_s=0.2))
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            monkeypatch.setattr(bundle, "predict_records", slow)
            both = [client.post("/predict", json={"rows": [tiny.ROW]}) for _ in range(2)]
            found = await asyncio.gather(*both)
            may_go_on.set()
            await asyncio.sleep(0.1)
            return [*found, await client.post("/predict", json={"rows": [tiny.ROW]})]

    ran, waited, after = asyncio.run(ask())

    assert (ran.status_code, waited.status_code, after.status_code) == (504, 503, 200)
    assert ran.json()["detail"]["message"] == "The model did not answer within 0.2 seconds."
    assert waited.json()["detail"]["message"] == "Others took the model for 0.2 seconds."
    assert ran.headers["retry-after"] == waited.headers["retry-after"] == "1"


def test_a_field_named_twice_is_refused_with_its_row(client: Client) -> None:
    row = json.dumps(tiny.ROW)
    twice = row[:-1] + ', "size": 3}'

    answer = post(client, f'{{"rows": [{row}, {twice}]}}'.encode())
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert (detail["row"], detail["field"]) == (1, "size")
    assert detail["message"] == "Row 1 names the field 'size' twice."
    assert post(client, b'{"rows": [], "rows": []}').status_code == 422


def test_a_text_that_is_too_long_is_refused_with_row_and_field(bundle: Bundle) -> None:
    rows = [tiny.ROW, {**tiny.ROW, "zip": "x" * 10_000_000}]
    with Client(create_app(bundle)) as client:
        answer = post(client, {"rows": rows})

    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert (detail["row"], detail["field"]) == (1, "zip")
    assert "has 10,000,000 characters" in detail["message"]


def test_a_hundred_thousand_rows_at_once_are_too_many(bundle: Bundle) -> None:
    with Client(create_app(bundle)) as client:
        answer = post(client, {"rows": [{}] * 100_000})

    assert answer.status_code == 413
    assert answer.json()["detail"]["message"].startswith("100,000 rows are more than the 50,000")


@pytest.mark.parametrize("field", ["size", "zip", "day", "new"])
@pytest.mark.parametrize(
    "value",
    [
        10**400, -(10**25), 1e308, -0.0, "NaN", "inf", "1e999", "\x00", "😀" * 50, "", " ", [], {}, [[[[]]]],
        {"a": {"b": 1}}, True, "9999-99-99", "2024-02-30", "-0001-01-01", "9" * 4_000, 2**63, 1e-320,
    ],
)  # fmt: skip
def test_whatever_a_value_is_the_answer_is_a_prediction_or_names_row_and_field(
    client: Client, field: str, value: Any
) -> None:
    answer = post(client, {"rows": [{**tiny.ROW, field: value}]})

    if answer.status_code == 200:
        assert len(answer.json()["predictions"]) == 1
    else:
        detail = answer.json()["detail"]
        assert (answer.status_code, detail["row"], detail["field"]) == (422, 0, field)


def test_without_the_key_only_health_and_the_page_answer(bundle: Bundle) -> None:
    rows = {"rows": [tiny.ROW]}
    with Client(create_app(bundle, access=Access("s3cret"))) as client:
        refused = post(client, rows)
        wrong = post(client, rows, headers={"Authorization": "Bearer s3cre"})
        bearer = post(client, rows, headers={"Authorization": "Bearer s3cret"})
        plain = post(client, rows, headers={"X-API-Key": "s3cret"})
        paths = ("/health", "/docs", "/schema", "/metrics", "/openapi.json")
        pages = [client.get(path).status_code for path in paths]

    assert [refused.status_code, wrong.status_code] == [401, 401]
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["detail"]["message"] == "This model answers only with its API key."
    assert [bearer.status_code, plain.status_code] == [200, 200]
    assert pages == [200, 200, 401, 401, 401]


def test_the_key_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITMUS_API_KEY", "from outside")
    (tmp_path / "key").write_text("from a file\n")
    (tmp_path / "empty").write_text("\n")

    assert (read_key(None), read_key(tmp_path / "key")) == ("from outside", "from a file")
    with pytest.raises(UsageError, match="is empty"):
        read_key(tmp_path / "empty")
    with pytest.raises(UsageError, match="cannot be read"):
        read_key(tmp_path / "none")


def test_a_quick_model_is_asked_without_a_hop_and_never_beside_the_worker(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    inside, most = [], []

    def answers(rows: Any) -> Any:
        threads.append(threading.current_thread().name)
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.05 if len(rows) > 100 else 0)
        inside.pop()
        return [{"value": 1.0}] * len(rows)

    monkeypatch.setattr(bundle, "predict_records", answers)

    async def ask() -> list[int]:
        app = create_app(bundle, quick_below_ms=1e9)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            threads.clear()
            await client.post("/predict", json={"rows": [tiny.ROW]})
            bodies = [{"rows": [tiny.ROW] * n} for n in (500, 1, 1)]
            found = await asyncio.gather(*(client.post("/predict", json=body) for body in bodies))
            return [len(answer.json()["predictions"]) for answer in found]

    assert asyncio.run(ask()) == [500, 1, 1]
    assert threads[0] == "MainThread"
    assert "litmus-model_0" in threads[1:]
    assert max(most) == 1


def test_what_is_left_when_the_server_ends_is_told_to_try_again() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def cancelled() -> None:
        gate = AccessMiddleware(
            lambda *_: asyncio.sleep(60),
            access=Access(),
            metrics=metrics,
            predict=lambda *_: asyncio.sleep(60),
        )
        scope = {"type": "http", "path": "/predict", "method": "POST", "headers": [(b"host", b"127.0.0.1")]}
        asking = asyncio.ensure_future(gate(scope, asyncio.Event().wait, send))
        await asyncio.sleep(0)
        asking.cancel()
        await asking

    metrics = Metrics(model="m", version="1")
    asyncio.run(cancelled())
    begun, body = sent
    assert (begun["status"], dict(begun["headers"])[b"retry-after"]) == (503, b"1")
    assert json.loads(body["body"])["detail"]["hint"] == "Send it again."
    assert metrics.n_in_flight == 0
