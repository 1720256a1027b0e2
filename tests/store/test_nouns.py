"""Every noun comes back from the store as it went in: also with fields that have no column of their own."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, get_type_hints

import pytest

from litmus_core.store import Journal, Store
from litmus_core.store._analytic.extra_fields import pack_extra, unpack_extra
from litmus_core.types import (
    BundleExported,
    BundleRecord,
    Candidate,
    CandidateTrained,
    Column,
    DatasetImported,
    DatasetVersion,
    Endpoint,
    EndpointStarted,
    Experiment,
    ExperimentCreated,
)
from tests.store import facts

OTHER: dict[Any, Any] = {str: "other", int: 77, float: 7.5, bool: True, tuple[str, ...]: ("x", "y")}


def with_every_field_changed(value: Any, *, but: tuple[str, ...]) -> Any:
    """Give each field of a plain kind a value that is not its default."""
    hints = get_type_hints(type(value))
    plain = {field.name: hints[field.name] for field in fields(value) if field.name not in but}
    return replace(value, **{name: OTHER[kind] for name, kind in plain.items() if kind in OTHER})


def test_a_data_set_version_comes_back(journal: Journal, store: Store):
    column = with_every_field_changed(
        Column(name="a", original_name="b", kind="text", storage="VARCHAR"), but=("kind",)
    )
    version = with_every_field_changed(facts.version(columns=(column, column)), but=())
    store.refresh(until=journal.append(DatasetImported(version=version)))

    assert store.dataset_version("other") == version
    assert isinstance(version, DatasetVersion)


def test_an_experiment_comes_back(journal: Journal, store: Store):
    task = with_every_field_changed(facts.task(), but=("problem_type",))
    experiment = replace(with_every_field_changed(facts.experiment(), but=("task",)), task=task)
    store.refresh(until=journal.append(ExperimentCreated(experiment=experiment)))

    assert store.experiment("other") == experiment
    assert isinstance(experiment, Experiment)


def test_a_candidate_comes_back(journal: Journal, store: Store):
    candidate = with_every_field_changed(facts.candidate(), but=("id", "run_id", "chosen"))
    candidate = replace(candidate, validation=facts.score(), test=facts.score(), latency=facts.latency())
    store.refresh(until=journal.append(facts.queued(), CandidateTrained(candidate=candidate)))

    assert store.candidate("run_1-a") == candidate
    assert isinstance(candidate, Candidate)


def test_a_bundle_comes_back(journal: Journal, store: Store):
    bundle = with_every_field_changed(facts.bundle(), but=())
    store.refresh(until=journal.append(BundleExported(bundle=bundle)))

    here = store.workspace.path / "other"  # what lies in the workspace is kept relative to it
    assert store.bundle("other") == replace(bundle, path=str(here))
    assert isinstance(bundle, BundleRecord)
    assert store.experiments_of_bundles(["other", "unknown"]) == {"other": bundle.experiment_id}
    assert store.experiments_of_bundles([]) == {}


def test_an_endpoint_comes_back(journal: Journal, store: Store):
    endpoint = with_every_field_changed(facts.endpoint(), but=())
    store.refresh(until=journal.append(EndpointStarted(endpoint=endpoint)))

    assert store.endpoints() == [endpoint]
    assert isinstance(endpoint, Endpoint)


@dataclass(frozen=True)
class Noun:
    id: str
    weight: float = 1.0
    friends: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("noun", "kept"), [(Noun("a"), None), (Noun("a", friends=("b",)), '{"friends": ["b"]}')]
)
def test_only_what_has_no_column_and_is_no_default_is_kept_beside_the_columns(noun: Noun, kept: str | None):
    assert pack_extra(noun, columns=("id",)) == kept
    assert Noun(id="a", **unpack_extra(Noun, kept)) == noun


def test_fields_of_a_newer_litmus_are_left_out():
    assert unpack_extra(Noun, '{"weight": 2.0, "dreams": 3}') == {"weight": 2.0}
