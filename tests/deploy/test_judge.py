"""A certificate's lines: what passes, what fails, and the words for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litmus_core.cli._training import candidate_report
from litmus_core.deploy._certificates.judgement import judge
from litmus_core.experiments._api.handles.leaderboard import board_row
from litmus_core.runtime import Manifest, read_manifest
from litmus_core.types import (
    Bar,
    Budget,
    Candidate,
    CertificateLine,
    Coverage,
    Dependency,
    DeploymentEnvironment,
    GoldenReplay,
    HttpFigure,
    LabReport,
    LatencyFigure,
    MemoryFigures,
)
from tests import plans
from tests.store import facts

PLACE = DeploymentEnvironment(name="edge box", cpus=1, memory_mb=300, price_per_hour_usd=0.036)
GOOD = LabReport(
    environment=PLACE,
    own_environment=True,
    cold_start_s=0.8,
    latency=(LatencyFigure(batch_rows=1, p50_ms=0.1, p95_ms=0.2, p99_ms=0.4, n_calls=1000),),
    http=(
        HttpFigure(
            callers=4, p50_ms=2.0, p95_ms=4.0, p99_ms=9.0, n_calls=500, n_errors=0, requests_per_s=1e3
        ),
    ),
    memory=MemoryFigures(peak_bytes=120_000_000, peak_http_bytes=150_000_000),
    golden=GoldenReplay(n_rows=50),
    bundle_bytes=2_000_000,
    environment_bytes=215_000_000,
    dependencies=(
        Dependency(name="numpy", version="2.4.6", licence="BSD-3-Clause", n_bytes=60_000_000),
        Dependency(name="onnxruntime", version="1.32.0", licence="MIT License", n_bytes=50_000_000),
    ),
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    budget = Budget(max_latency_ms=5.0, max_size_mb=10.0)
    return read_manifest(plans.bundle(tmp_path_factory.mktemp("b") / "bundle", budget=budget).path)


def lines(
    manifest: Manifest, *, form: Any = "full", not_rebuilt: str = "", **changes: Any
) -> dict[str, CertificateLine]:
    found = judge(manifest, replace(GOOD, **changes), form=form, not_rebuilt=not_rebuilt, built_s=12.0)
    return {line.key: line for line in found}


def test_a_good_bundle_passes_each_line_that_has_a_limit(manifest: Manifest) -> None:
    found = lines(manifest)

    assert {key: line.passed for key, line in found.items()} == {
        "environment": True,
        "run": True,
        "golden": True,
        "latency": True,
        "memory": True,
        "cold start": True,
        "size": True,
        "http": True,
        "dependencies": True,
        "licences": True,
        "cost": None,
    }
    assert found["environment"].text == (
        "Made from the bundle's requirements alone (built in 12 s, 215.0 MB)."
    )
    assert found["latency"].text == (
        "One row: 0.2 ms at most, 95 % of 1,000 calls, within the limit of 5 ms."
    )
    assert found["memory"].text == "150.0 MB at most, within the 300 MB of 'edge box'."
    assert found["cost"].text == (
        "0.01 USD a million predictions at full load on 'edge box', one row a request, at 0.036 USD an hour."
    )


WIDTH = Bar(metric="interval_width(level=0.9)", op="<=", value=4.0)


@pytest.mark.parametrize(
    ("bar", "high", "passed"),
    [(WIDTH, 0.91, True), (WIDTH, 0.9, True), (WIDTH, 0.89, False), (None, 0.91, None), (None, 0.89, None)],
)
def test_what_intervals_covered_is_held_against_the_promise_where_the_bar_is_about_them(
    manifest: Manifest, bar: Bar | None, high: float, passed: bool | None
) -> None:
    coverage = Coverage(level=0.9, share=0.874, low=0.85, high=high, n_rows=1_000, size=1.25, of_labels=True)
    results = replace(manifest.results, verdict=replace(facts.verdict(), coverage=coverage, bar=bar))
    line = lines(replace(manifest, results=results))["coverage"]

    assert line.passed is passed
    assert "87.4 % of the 1,000 rows that judged it" in line.text
    assert ("and have 1.25 labels on average. That is fewer than promised" in line.text) is (high < 0.9)
    assert "coverage" not in lines(manifest)


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("run", {"problems": ("It hung.",)}, "It hung."),
        (
            "golden",
            {"golden": GoldenReplay(n_rows=50, differences=("Golden row 3 was answered 'a'.",))},
            "1 answers differ. Golden row 3",
        ),
        ("golden", {"golden": GoldenReplay()}, "could not be replayed"),
        ("latency", {"latency": ()}, "Calls of 1 rows could not be measured"),
        ("memory", {"memory": MemoryFigures(peak_bytes=400_000_000)}, "more than the 300 MB of 'edge box'"),
        ("cold start", {"cold_start_s": 31.0}, "more than the 30 s"),
        ("cold start", {"cold_start_s": None}, "never came to a first answer"),
        ("size", {"bundle_bytes": 11_000_000}, "more than the limit of 10 MB"),
        ("http", {"http": ()}, "could not be asked over HTTP"),
        ("http", {"http": (replace(GOOD.http[0], n_errors=3),)}, "3 of 503 requests were not answered"),
        ("dependencies", {"dependencies": ()}, "could not be listed"),
        (
            "licences",
            {"dependencies": (replace(GOOD.dependencies[0], licence="GPL-3.0-only"),)},
            "is open, too: numpy (GPL-3.0-only)",
        ),
    ],
)
def test_a_line_that_fails_says_why(
    manifest: Manifest, key: str, changes: dict[str, Any], words: str
) -> None:
    line = lines(manifest, **changes)[key]

    assert line.passed is False
    assert words in line.text


def test_an_environment_that_could_not_be_rebuilt_fails_that_line_with_the_reason(manifest: Manifest) -> None:
    found = lines(manifest, own_environment=False, not_rebuilt="The index cannot be reached.")

    assert found["environment"].passed is False
    assert found["environment"].text.startswith("The index cannot be reached. The lines below are of")
    assert found["dependencies"].passed is False
    assert found["golden"].passed is True


def test_the_short_form_judges_no_environment_http_or_licences(manifest: Manifest) -> None:
    found = lines(manifest, form="short", own_environment=False, http=(), dependencies=())

    assert set(found) == {"environment", "run", "golden", "latency", "memory", "cold start", "size"}
    assert found["environment"].passed is None


def test_without_a_limit_a_line_only_tells(manifest: Manifest) -> None:
    task = replace(manifest.task, budget=Budget())  # type: ignore[type-var]
    place = DeploymentEnvironment(name="any")
    found = lines(replace(manifest, task=task), environment=place)

    assert [found[key].passed for key in ("latency", "memory", "size")] == [None, None, None]
    assert "the task sets no limit" in found["latency"].text
    assert "cost" not in found


@pytest.mark.parametrize("licence", ["LGPL-3.0", "GNU Lesser General Public License v3", "MPL-2.0"])
def test_weaker_licences_pass(manifest: Manifest, licence: str) -> None:
    line = lines(manifest, dependencies=(replace(GOOD.dependencies[0], licence=licence),))["licences"]

    assert line.passed is True


def test_a_package_that_names_no_licence_is_listed(manifest: Manifest) -> None:
    line = lines(manifest, dependencies=(replace(GOOD.dependencies[0], licence=""), GOOD.dependencies[1]))

    assert line["licences"].passed is None
    assert "name no licence: numpy." in line["licences"].text


def test_the_cost_of_batches_is_reckoned_by_their_rows(manifest: Manifest) -> None:
    place = replace(PLACE, mode="batch")
    report = replace(GOOD, environment=place, latency=(replace(GOOD.latency[0], batch_rows=1000, p50_ms=10),))

    assert report.rows_per_s == 100_000
    assert report.cost_usd_per_million == pytest.approx(0.0001)


def test_the_file_of_a_certificate_is_a_path_of_the_bundle(manifest: Manifest, tmp_path: Path) -> None:
    assert "certificate.json" not in manifest.files


def test_a_percentile_is_of_twenty_calls_at_least() -> None:
    def figure(n_calls: int) -> LatencyFigure:
        return LatencyFigure(batch_rows=1, p50_ms=0.1, p95_ms=0.2, p99_ms=0.4, n_calls=n_calls)

    assert [figure(each).p95_calls for each in (1, 3, 19, 20)] == [
        "the only call",
        "the slowest of 3 calls",
        "the slowest of 19 calls",
        "19 of 20 calls",
    ]


@pytest.mark.parametrize(("n_calls", "said"), [(3, None), (19, None), (20, 9.0), (200, 9.0)])
def test_leaderboards_and_reports_have_a_95th_percentile_of_20_calls_or_more(
    n_calls: int, said: float | None
) -> None:
    """Of fewer calls the slowest one is not a percentile: the number of calls stands beside the gap."""
    one = LatencyFigure(batch_rows=1, p50_ms=2.0, p95_ms=9.0, p99_ms=9.0, n_calls=n_calls)
    candidate = Candidate(
        id="run_1-a", run_id="run_1", experiment_id="ex_1", name="A", model="A", family="linear",
        family_kind="linear", is_ensemble=False, fit_s=1.0, latency=(one,),
    )  # fmt: skip
    row = board_row(candidate)
    assert (row["latency_p95_ms"], row["latency_calls"]) == (said, n_calls)
    assert candidate_report(candidate)["latency_ms"]["1"]["p95"] == said
    at_once = HttpFigure(
        callers=4, p50_ms=2.0, p95_ms=9.0, p99_ms=9.0, n_calls=n_calls, n_errors=0, requests_per_s=1.0
    )
    assert at_once.percentile_ms == said
