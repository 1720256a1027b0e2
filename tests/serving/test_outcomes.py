"""What came true is joined to what was answered, and nothing that is sent is lost without a word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.errors import DataError
from litmus_core.runtime import Bundle, ModelInfo
from litmus_core.serving import (
    Access,
    AnswerStore,
    Limits,
    NewOutcome,
    OutcomeReader,
    RequestLogOptions,
    create_app,
)
from litmus_core.serving._outcomes import AnswerIds, Bounds, StoredAnswer, id_text, read_id, time_of
from litmus_core.serving._request_log import RequestLog
from litmus_core.types import Bar, Column, LiveJudgement, LiveVerdict, Score, to_plain
from tests import tiny
from tests.serving.client import Client

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def plan(tmp_path: Path) -> RequestLogOptions:
    """Where an endpoint stores its counts, samples and answers."""
    return RequestLogOptions(
        counts=tmp_path / "counts.json",
        samples=tmp_path / "samples.jsonl",
        predictions=tmp_path / "answers.db",
        verdict=tmp_path / "verdict.json",
    )


@pytest.fixture
def endpoint(bundle: Bundle, plan: RequestLogOptions) -> Iterator[Client]:
    """A client of the application of an endpoint."""
    limits = Limits(max_rows=100, max_body_bytes=20_000)
    with Client(create_app(bundle, limits=limits, log_options=plan), quiet=True) as opened:
        yield opened


def predict(client: Client, *rows: dict[str, Any]) -> list[str]:
    """Answer rows; return the answers' ids."""
    ids: list[str] = client.request("POST", "/predict", content=json.dumps({"rows": rows})).json()["ids"]
    return ids


def send(client: Client, *outcomes: Any) -> httpx.Response:
    """Send outcomes."""
    return client.request("POST", "/outcomes", content=json.dumps({"outcomes": outcomes}))


def test_an_outcome_is_joined_to_its_answer_by_the_id_that_was_returned(
    endpoint: Client, plan: RequestLogOptions, bundle: Bundle
) -> None:
    first, second = predict(endpoint, tiny.ROW, tiny.ROW)
    answer = send(
        endpoint, {"id": second, "outcome": "YES", "at": "2024-05-01"}, {"id": first, "outcome": "no"}
    )

    assert plan.predictions is not None
    judged = AnswerStore(plan.predictions).judged(bundle.manifest.id)
    assert answer.json()["n_stored"] == 2
    assert [id_text(number) for number in judged.numbers] == [second, first]
    assert judged.outcomes == ["yes", "no"]
    assert judged.predictions == bundle.predict_records([tiny.ROW, tiny.ROW])
    assert abs(time_of(judged.numbers[0]) - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_last_outcome_wins_and_all_are_kept(
    endpoint: Client, plan: RequestLogOptions, bundle: Bundle
) -> None:
    (id_,) = predict(endpoint, tiny.ROW)
    first = send(endpoint, {"id": id_, "outcome": "yes"}, {"id": id_, "outcome": "yes"}).json()
    second = send(endpoint, {"id": id_, "outcome": "no"}).json()
    third = send(endpoint, {"id": id_, "outcome": "no"}).json()

    assert plan.predictions is not None
    store = AnswerStore(plan.predictions)
    assert (first["n_stored"], first["n_repeated"]) == (1, 1)
    assert (second["n_stored"], second["n_corrected"]) == (1, 1)
    assert (third["n_stored"], third["n_repeated"]) == (0, 1)
    assert store.judged(bundle.manifest.id).outcomes == ["no"]
    with store._open() as connection:
        assert connection.execute("SELECT value FROM outcomes").fetchall() == [("yes",), ("no",)]


def test_what_is_wrong_with_an_outcome_is_said_and_the_others_are_stored(endpoint: Client) -> None:
    (id_,) = predict(endpoint, tiny.ROW)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    answer = send(
        endpoint,
        {"id": "no-such-id", "outcome": "yes"},
        {"id": id_, "outcome": "maybe"},
        {"id": id_, "outcome": None},
        {"id": id_, "outcome": ["yes"]},
        {"id": id_, "outcome": "yes", "at": tomorrow},
        {"id": id_, "outcome": "yes", "at": "soon"},
        {"id": id_, "outcome": "yes", "at": "0001-01-01T00:00:00+14:00"},
        {"id": id_, "outcome": "yes", "at": "9999-12-31T23:59:59-14:00"},
        {"id": id_},
        "yes",
        {"id": "1" * 15, "outcome": "yes"},
        {"id": id_, "outcome": "yes"},
    )

    counts = answer.json()
    words = [problem["message"] for problem in counts["problems"]]
    assert (answer.status_code, counts["n_sent"], counts["n_refused"]) == (200, 12, 10)
    assert (counts["n_stored"], counts["n_unknown"]) == (2, 1)
    assert words[1] == "'maybe' is not a label of 'sold'. It is one of 'no', 'yes'."
    parts = ["not the id", "label", "no value", "label", "future", "time", "time", "future", "at", "at"]
    for word, part in zip(words, parts, strict=True):
        assert part in word
    assert predict(endpoint, tiny.ROW)  # it goes on answering


def test_metrics_say_what_was_last_judged_of_this_version(
    endpoint: Client, plan: RequestLogOptions, bundle: Bundle
) -> None:
    before = endpoint.request("GET", "/metrics").text
    score = Score(metric="accuracy", value=0.75, low=0.7, high=0.8, n_rows=900)
    bar = Bar(metric="accuracy", op=">=", value=0.8)
    verdict = LiveVerdict(
        name="shop",
        version=1,
        bundle_id=bundle.manifest.id,
        judgement=LiveJudgement(state="not any more", bar=bar, score=score),
        n_answers=1_000,
        n_outcomes=900,
        judged_at="1970-01-01T01:00:00+00:00",
    )
    assert plan.verdict is not None
    plan.verdict.write_text(json.dumps(to_plain(verdict)))
    after = endpoint.request("GET", "/metrics").text
    plan.verdict.write_text(json.dumps(to_plain(replace(verdict, bundle_id="bd_another"))))

    assert "litmus_live" not in before + endpoint.request("GET", "/metrics").text
    assert 'litmus_live_state{state="not any more"} 1\n' in after
    assert 'litmus_live_state{state="still meets"} 0\n' in after
    assert 'litmus_live_score_low{metric="accuracy"} 0.7\n' in after
    assert 'litmus_live_bar{metric="accuracy"} 0.8\n' in after
    assert "litmus_live_outcomes 900\n" in after
    assert "litmus_live_judged_at_seconds 3600.0\n" in after


def test_bad_bodies_are_refused_in_words(endpoint: Client) -> None:
    too_many = send(endpoint, *({"id": "1" * 15, "outcome": "yes"} for _ in range(101)))
    too_large = endpoint.request("POST", "/outcomes", content=b" " * 30_000)
    rows = endpoint.request("POST", "/outcomes", content=json.dumps({"rows": []}))
    form = endpoint.request("POST", "/outcomes", content="{}", headers={"Content-Type": "text/plain"})
    nothing = send(endpoint, "all of it is wrong")

    assert too_many.status_code == too_large.status_code == 413
    assert "101 outcomes are more than the 100" in too_many.json()["detail"]["message"]
    assert "litmus endpoints outcomes" in too_many.json()["detail"]["hint"]
    assert (rows.status_code, form.status_code, nothing.status_code) == (422, 415, 422)


def test_openapi_says_what_outcomes_are_answered_with(endpoint: Client) -> None:
    responses = endpoint.request("GET", "/openapi.json").json()["paths"]["/outcomes"]["post"]["responses"]
    said = send(endpoint, {"id": "1" * 15, "outcome": "perhaps"})

    assert {"200", "400", "401", "413", "415", "422"} <= set(responses)
    assert "501" not in responses
    counts, problem = responses["422"]["content"]["application/json"]["schema"]["anyOf"]
    assert said.status_code == 422
    assert set(counts["properties"]) == set(said.json())
    assert set(problem["properties"]) == {"detail"}


def test_whoever_has_no_key_adds_no_outcome(bundle: Bundle, plan: RequestLogOptions) -> None:
    with Client(create_app(bundle, access=Access("secret"), log_options=plan), quiet=True) as closed:
        assert send(closed, {"id": "1" * 15, "outcome": "yes"}).status_code == 401


def test_a_server_that_keeps_nothing_says_so(client: Client) -> None:
    answer = client.request("POST", "/predict", content=json.dumps({"rows": [tiny.ROW]}))
    assert "ids" not in answer.json()
    assert send(client, {"id": "1" * 15, "outcome": "yes"}).status_code == 404


def test_answers_that_cannot_be_stored_now_are_stored_later(
    endpoint: Client, plan: RequestLogOptions, bundle: Bundle
) -> None:
    assert plan.predictions is not None
    plan.predictions.mkdir()  # as good as a full disk
    (id_,) = predict(endpoint, tiny.ROW)
    assert send(endpoint, {"id": id_, "outcome": "yes"}).status_code == 500
    plan.predictions.rmdir()

    assert send(endpoint, {"id": id_, "outcome": "yes"}).json()["n_stored"] == 1
    assert AnswerStore(plan.predictions).judged(bundle.manifest.id).outcomes == ["yes"]


def test_rows_are_found_again_by_a_column_that_the_model_does_not_read(
    endpoint: Client, plan: RequestLogOptions
) -> None:
    order = {"order": "A-1", "note": "x" * 65, "number": 7.0, "gone": None, "price": 1.5, "new": True}
    first, second, _ = predict(endpoint, tiny.ROW | order, tiny.ROW | order, tiny.ROW | {"order": "A-2"})
    send(endpoint)  # which has the answers written

    assert plan.predictions is not None
    store = AnswerStore(plan.predictions)
    assert store.key_columns() == ["number", "order"]
    assert store.numbers_by_key("order", ["A-1", "A-3"]) == {"A-1": [int(first, 16), int(second, 16)]}
    assert list(store.numbers_by_key("number", ["7"])) == ["7"]


def answers(first: int, n: int, version: str = "bd_1") -> list[StoredAnswer]:
    """Stored answers with numbers from ``first``."""
    return [
        StoredAnswer(number=number, version=version, prediction={"value": 1.0}, keys=None)
        for number in range(first, first + n)
    ]


def test_answers_and_keys_are_stored_as_they_are(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "answers.db")
    prediction = {"label": 'é"\\\n\x00😀', "probabilities": {"a": 1e-7, "b": 0.1 + 0.2}, "value": None}
    rows = [
        StoredAnswer(number=2**56 + place, version="bd_1", prediction=prediction, keys={"order": key})
        for place, key in enumerate([*("A", 'a"\\😀'), 2**63 - 1] * 100)
    ]
    store.add(rows)

    assert store.recent("bd_1", 1_000) == [prediction] * 300
    assert store.numbers_by_key("order", ['a"\\😀'])['a"\\😀'] == [2**56 + 1 + 3 * n for n in range(100)]
    store.record([(row.number, NewOutcome(value="a")) for row in rows])
    assert store.judged("bd_1").keys == [row.keys for row in rows]


def test_no_more_is_kept_than_the_bound_and_answers_with_outcomes_stay_longest(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "answers.db", Bounds(max_answers=100, max_unmatched=10))
    store.add(answers(0, 50))
    store.record([(number, NewOutcome(value=2.0)) for number in range(5)])
    for first in range(50, 1050, 50):
        store.add(answers(first, 50))
    unmatched = store.record([(number, NewOutcome(value=1.0)) for number in range(2000, 2030)])

    with store._open() as connection:
        numbers = [number for (number,) in connection.execute("SELECT number FROM answers ORDER BY number")]
        outcomes = [number for (number,) in connection.execute("SELECT answer FROM outcomes ORDER BY number")]
    assert numbers == [*range(5), *range(955, 1050)]
    assert unmatched.n_unknown == 30
    assert outcomes == [*range(5), *range(2020, 2030)]


def test_bytes_are_bounded_too(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "answers.db", Bounds(max_answers=2_000, max_bytes=100_000))
    for first in range(0, 4_000, 100):
        store.add(answers(first, 100))

    assert store.path.stat().st_size < 130_000
    assert store.recent("bd_1", 1)
    assert store.recent("bd_2", 1) == []


def test_ids_grow_with_time_and_none_is_given_twice() -> None:
    ids = AnswerIds(clock=lambda: 1_700_000_000.0)
    first, second, third = ids.take(3), ids.take(1), ids.take(1)

    assert (second, third) == (first + 3, first + 4)
    assert time_of(first) == datetime.fromtimestamp(1_700_000_000.0, tz=UTC)
    assert read_id(id_text(first)) == first
    assert [read_id(text) for text in ("", "x" * 15, "1" * 16, 7, "-" + "1" * 12)] == [None] * 5


def target(**more: Any) -> Column:
    return Column(
        **{"name": "sold", "original_name": "sold", "kind": "category", "storage": "VARCHAR", **more}
    )


def info(*classes: Any) -> ModelInfo:
    """What a model of these classes says of itself; of a number without classes."""
    return tiny.predictor(classes=classes).info


@pytest.mark.parametrize(
    ("classes", "value", "read"),
    [
        (("no", "yes"), " Yes ", "yes"),
        ((False, True), True, "true"),
        ((False, True), "True", "true"),
        ((0, 1), 1.0, "1"),
        ((0, 1), "1", "1"),
        ((), "12.5", 12.5),
        ((), 3, 3.0),
    ],
)
def test_labels_and_numbers_are_read_as_files_and_programs_write_them(
    classes: tuple[Any, ...], value: Any, read: Any
) -> None:
    assert OutcomeReader(info(*classes)).read(value, now=NOW) == NewOutcome(value=read)


@pytest.mark.parametrize(
    ("written_as", "value", "read"),
    [
        ("decimal comma", "1.100", 1100.0),
        ("decimal comma", "21,16", 21.16),
        ("decimal comma", 1.1, 1.1),
        ("thousands; unit $", "$1,234.5", 1234.5),
        ("%d.%m.%Y", "12.5", 12.5),
    ],
)
def test_numbers_are_read_as_the_table_spells_its_target(written_as: str, value: Any, read: float) -> None:
    reader = OutcomeReader(replace(info(), target_column=target(written_as=written_as)))
    assert reader.read(value, now=NOW) == NewOutcome(value=read)


def test_a_label_that_is_a_number_is_read_as_the_table_spells_it() -> None:
    column = target(storage="BIGINT", written_as="decimal comma")
    reader = OutcomeReader(replace(info(1000, 2000), target_column=column))
    assert reader.read("1.000", now=NOW) == NewOutcome(value="1000")


@pytest.mark.parametrize(
    ("classes", "column", "value", "read"),
    [
        (("no", "yes"), {"replaced": (("N", "no"),)}, "N", "no"),
        (("no", "yes"), {"replaced": (("N", "no"),), "tidied": "trimmed"}, " N ", "no"),
        (("no", "yes"), {"replaced": (("N", "no"),)}, "yes", "yes"),
        (("no", "yes"), {"replaced": (("0", "no"),)}, 0, "no"),
        ((1, 2), {"storage": "BIGINT", "replaced": (("3", "2"),)}, 3, "2"),
        ((), {"storage": "DOUBLE", "replaced": (("-1.0", "0.0"),)}, "-1", 0.0),
        (
            (),
            {"storage": "DOUBLE", "replaced": (("1000.0", "1.0"),), "written_as": "decimal comma"},
            "1.000",
            1.0,
        ),
    ],
)
def test_fixes_of_the_target_change_outcomes_too(
    classes: tuple[Any, ...], column: dict[str, Any], value: Any, read: Any
) -> None:
    reader = OutcomeReader(replace(info(*classes), target_column=target(**column)))
    assert reader.read(value, now=NOW) == NewOutcome(value=read)


@pytest.mark.parametrize(
    ("storage", "classes", "before", "value"),
    [("VARCHAR", ("no", "yes"), "pending", "pending"), ("DOUBLE", (), "-999.0", -999)],
)
def test_an_outcome_that_a_fix_made_missing_is_none(
    storage: str, classes: tuple[str, ...], before: str, value: Any
) -> None:
    column = target(storage=storage, replaced=((before, None),))
    reader = OutcomeReader(replace(info(*classes), target_column=column))
    with pytest.raises(DataError, match="is a missing 'sold', by a fix of the model's table"):
        reader.read(value, now=NOW)


@pytest.mark.parametrize(
    ("classes", "value"),
    [((), "a lot"), ((), True), ((), "inf"), ((0, 1), 0.5), ((0, 1), 2), ((), float("nan"))],
)
def test_what_is_no_outcome_is_refused(classes: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(DataError):
        OutcomeReader(info(*classes)).read(value, now=NOW)


def test_answers_are_written_beside_the_counts(bundle: Bundle, plan: RequestLogOptions) -> None:
    app = create_app(bundle, log_options=plan)
    with Client(app, quiet=True) as opened:
        predict(opened, tiny.ROW)
        asyncio.run(app.state.notes.write())

    assert plan.predictions is not None
    assert AnswerStore(plan.predictions).recent(bundle.manifest.id, 5) == bundle.predict_records([tiny.ROW])


def test_sampled_rows_have_the_ids_of_their_answers(
    endpoint: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled: list[Any] = []
    monkeypatch.setattr(RequestLog, "sample", lambda _, *sample: sampled.append(sample))
    ids = predict(endpoint, tiny.ROW, tiny.ROW | {"size": 7})

    ((rows, predictions, same_ids),) = sampled
    assert same_ids == ids
    assert [row["size"] for row in rows] == [2.5, 7]
    assert len(predictions) == 2
