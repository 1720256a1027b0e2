"""What Prometheus reads is what happened."""

from __future__ import annotations

import asyncio
import errno
import json
import resource
import signal
from pathlib import Path

import pytest

from litmus_core.serving import RequestLogOptions
from litmus_core.serving._metrics import Metrics
from litmus_core.serving._request_log import RequestLog
from tests import tiny
from tests.serving.client import Client


def parsed(text: str) -> dict[str, float]:
    """Read Prometheus' text format; every family has a type and a help line."""
    values, known = {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            known.add(line.split()[2])
        elif not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            family = name.partition("{")[0]
            assert family in known or family.rpartition("_")[0] in known
            values[name] = float(value)
    return values


def test_requests_rows_errors_and_times_are_counted(client: Client) -> None:
    for rows in ([tiny.ROW], [tiny.ROW, tiny.ROW], [{}]):
        client.request("POST", "/predict", content=json.dumps({"rows": rows}))
    client.get("/nowhere")
    answer = client.get("/metrics")
    values = parsed(answer.text)

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert values['litmus_requests_total{path="/predict",status="200"}'] == 2
    assert values['litmus_requests_total{path="/predict",status="422"}'] == 1
    assert values['litmus_requests_total{path="other",status="404"}'] == 1
    assert values["litmus_rows_total"] == 3
    assert values["litmus_in_flight"] == 1  # this very request
    assert values["litmus_request_seconds_count"] == 3
    assert values['litmus_request_seconds_bucket{le="+Inf"}'] == 3


def test_buckets_add_up_and_names_are_escaped() -> None:
    metrics = Metrics(model='a "b"\\', version="1")
    for seconds in (0.0004, 0.001, 0.3, 99.0):
        metrics.count("/predict", 200, seconds)
    values = parsed(metrics.text())

    assert values['litmus_model_info{model="a \\"b\\"\\\\",version="1"}'] == 1
    assert values['litmus_request_seconds_bucket{le="0.0005"}'] == 1
    assert values['litmus_request_seconds_bucket{le="0.001"}'] == 2
    assert values['litmus_request_seconds_bucket{le="0.5"}'] == 3
    assert values['litmus_request_seconds_bucket{le="+Inf"}'] == 4
    assert metrics.snapshot()["p50_ms"] == 300.0


def notes(folder: Path, *, rate: float, max_bytes: int = 1_000) -> RequestLog:
    """Notes whose dice always show 0.3."""
    plan = RequestLogOptions(
        counts=folder / "counts.json",
        samples=folder / "samples.jsonl",
        sample_rate=rate,
        max_bytes=max_bytes,
    )
    return RequestLog(plan, Metrics(model="m", version="v"), chance=lambda: 0.3)


def test_a_share_of_rows_is_kept_and_none_at_all_at_a_rate_of_nothing(tmp_path: Path) -> None:
    for rate in (0.0, 0.2, 0.4):
        kept = notes(tmp_path, rate=rate)
        kept.sample([{"size": 1}], [{"value": rate}], ["6b013000"])
        asyncio.run(kept.write())

    line = json.loads((tmp_path / "samples.jsonl").read_text())
    assert (line["rows"], line["predictions"], line["version"]) == ([{"size": 1}], [{"value": 0.4}], "v")
    assert line["ids"] == ["6b013000"]


def test_rows_of_a_request_are_drawn_one_by_one(tmp_path: Path) -> None:
    chances = iter([0.9, 0.1, 0.9, 0.1])
    plan = notes(tmp_path, rate=0.5)._plan
    kept = RequestLog(plan, Metrics(model="m", version="v"), chance=lambda: next(chances))
    rows = [{"size": number} for number in range(4)]
    kept.sample(rows, [{"value": number} for number in range(4)], ["a", "b", "c", "d"])
    asyncio.run(kept.write())

    line = json.loads((tmp_path / "samples.jsonl").read_text())
    assert (line["rows"], line["predictions"]) == ([{"size": 1}, {"size": 3}], [{"value": 1}, {"value": 3}])
    assert line["ids"] == ["b", "d"]


def test_a_sample_is_there_before_its_request_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        there.append((tmp_path / "samples.jsonl").exists())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    kept = notes(tmp_path, rate=1.0)
    kept.sample([{"size": 1}], [{"value": 1.0}])
    asyncio.run(kept.write())

    assert there == [True]


def test_samples_that_cannot_be_written_cost_no_counts_and_are_written_later(tmp_path: Path) -> None:
    (tmp_path / "samples.jsonl").mkdir()
    kept = notes(tmp_path, rate=1.0, max_bytes=1_000_000)
    kept.sample([{"size": 1}], [{"value": 1.0}])
    asyncio.run(kept.write())
    assert (tmp_path / "counts.json").exists()

    (tmp_path / "samples.jsonl").rmdir()
    (tmp_path / "counts.json").unlink()
    (tmp_path / "counts.json").mkdir()
    kept.sample([{"size": 2}], [{"value": 1.0}])
    for _ in range(2):  # what was written beside counts that were not is not written again
        asyncio.run(kept.write())

    lines = (tmp_path / "samples.jsonl").read_text().splitlines()
    assert [json.loads(line)["rows"] for line in lines] == [[{"size": 1}], [{"size": 2}]]
    assert kept._metrics.n_samples_lost == 0


def test_half_a_line_of_a_disk_that_fills_is_taken_back(tmp_path: Path) -> None:
    kept = notes(tmp_path, rate=1.0, max_bytes=1_000_000)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for size in (1, 2):
        kept.sample([{"size": size}], [{"value": 1.0}])
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, limit[1]) if size == 2 else limit)
        try:
            asyncio.run(kept.write())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    signal.signal(signal.SIGXFSZ, handler)
    assert len((tmp_path / "samples.jsonl").read_text().splitlines()) == 1
    asyncio.run(kept.write())

    lines = (tmp_path / "samples.jsonl").read_text().splitlines()
    assert [json.loads(line)["rows"] for line in lines] == [[{"size": 1}], [{"size": 2}]]


def test_samples_never_take_more_room_than_they_may(tmp_path: Path) -> None:
    kept = notes(tmp_path, rate=1.0)
    for number in range(50):
        kept.sample([{"size": number}], [{"value": 1.0}])
        asyncio.run(kept.write())

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["counts.json", "samples.jsonl", "samples.jsonl.1"]
    assert sum((tmp_path / name).stat().st_size for name in names[1:]) <= 1_000
    assert '{"size": 49}' in (tmp_path / "samples.jsonl").read_text()


def test_samples_for_several_files_are_written_once_where_a_disk_fills_between_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = notes(tmp_path, rate=1.0)
    for number in range(6):  # two or three fit into a file
        kept.sample([{"size": number}], [{"value": 1.0}])
    replace, is_full = Path.replace, True
    moved: list[int] = []

    def fills(path: Path, target: Path) -> Path:
        if path.name == "samples.jsonl":
            if is_full:
                raise OSError(errno.ENOSPC, "No space left on device")
            moved.extend(sizes(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fills)
    asyncio.run(kept.write())
    assert 0 < len(sizes(tmp_path / "samples.jsonl")) < 6
    is_full = False
    asyncio.run(kept.write())

    assert [*moved, *sizes(tmp_path / "samples.jsonl")] == list(range(6))


def sizes(path: Path) -> list[int]:
    """Return the sizes of the sampled rows in a file, in its order."""
    return [row["size"] for line in path.read_text().splitlines() for row in json.loads(line)["rows"]]


def test_a_disk_that_cannot_be_written_is_said_once_and_samples_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.serving._request_log.MAX_WAITING", 2)
    kept = notes(tmp_path / "gone", rate=1.0)
    for number in range(3):
        kept.sample([{"size": number}], [{"value": 1.0}])
        asyncio.run(kept.write())

    assert capsys.readouterr().err.count("cannot be written") == 1
    assert kept._metrics.n_samples_lost == 1
    (tmp_path / "gone").mkdir()
    asyncio.run(kept.write())
    lines = (tmp_path / "gone" / "samples.jsonl").read_text().splitlines()
    assert [json.loads(line)["rows"] for line in lines] == [[{"size": 0}], [{"size": 1}]]
