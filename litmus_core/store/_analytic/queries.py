"""Typed queries for pages, commands and notebooks."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from litmus_core.errors import NotFoundError
from litmus_core.store._analytic import rows as _rows
from litmus_core.store._workspace import Workspace
from litmus_core.types import (
    BundleRecord,
    Candidate,
    Certificate,
    CertifiedCost,
    DatasetVersion,
    DeploymentEnvironment,
    Endpoint,
    Experiment,
    ExperimentSummary,
    Handoff,
    Progress,
    RecipeNote,
    Run,
    Trial,
)

T = TypeVar("T")


def _merit() -> str:
    """Return SQL for a candidate's validation score, with its sign set so that more is better."""
    from litmus_core.metrics import list_metrics  # not needed to write facts

    less_is_better = {metric.family for metric in list_metrics() if not metric.greater_is_better}
    turned = ", ".join(f"'{name}'" for name in sorted(less_is_better))
    return (
        f"CASE WHEN isnan(validation) THEN NULL WHEN split_part(metric, '(', 1) IN ({turned})"
        " THEN -validation ELSE validation END"
    )


def _summaries() -> str:
    return f"""
    SELECT e.*, coalesce(d.name, '') AS dataset_name, coalesce(a.n_runs, 0) AS n_runs,
        a.latest.id AS latest_run_id, a.latest.status AS status, a.judged.verdict AS verdict,
        coalesce(a.judged.chosen_id, b.best_id) AS best_id, coalesce(a.updated_at, e.created_at) AS updated_at
    FROM experiments e
    LEFT JOIN dataset_versions v ON v.id = e.dataset_version_id
    LEFT JOIN datasets d ON d.id = v.dataset_id
    LEFT JOIN (
        SELECT experiment_id, count(*) AS n_runs,
            arg_max({{'id': id, 'status': status}}, queued_at) AS latest,
            arg_max(
                {{'verdict': verdict, 'chosen_id': chosen_id}}, (list_contains(?::VARCHAR[], id), queued_at)
            ) FILTER (verdict IS NOT NULL) AS judged,
            max(greatest(queued_at, said_at, ended_at)) AS updated_at
        FROM runs GROUP BY experiment_id
    ) a ON a.experiment_id = e.id
    LEFT JOIN (
        SELECT experiment_id, arg_max(id, {_merit()}) AS best_id FROM candidates GROUP BY experiment_id
    ) b ON b.experiment_id = e.id
    ORDER BY updated_at DESC, e.id"""  # noqa: S608 - our own words


class Reads(ABC):
    """The typed queries of a Store; all results are frozen. An unknown id raises NotFoundError."""

    workspace: Workspace

    @abstractmethod
    def _read_dicts(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the query's rows as dicts."""

    @abstractmethod
    def _read_tuples(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the query's rows as tuples."""

    @abstractmethod
    def _memoized(self, name: str, build: Callable[[], list[T]], *, key: object = None) -> list[T]:
        """Return the result of ``build``; computes it again only after a new event or with another key."""

    @abstractmethod
    def refresh(self, until: int | None = None) -> None:
        """Apply new events of the journal."""

    def datasets(self) -> list[DatasetVersion]:
        """Return the latest version of each data set, newest first."""
        latest = " QUALIFY row_number() OVER (PARTITION BY v.dataset_id ORDER BY v.version DESC) = 1"
        rows = self._read_dicts(f"{_rows.VERSIONS} {latest} ORDER BY v.created_at DESC, v.id")
        return [_rows.version(row) for row in rows]

    def versions(self, dataset_id: str) -> list[DatasetVersion]:
        """Return all versions of a data set, oldest first."""
        text = f"{_rows.VERSIONS} WHERE v.dataset_id = ? ORDER BY v.version"
        return [_rows.version(row) for row in self._rows_by_id(text, "data set", dataset_id)]

    def dataset_version(self, id: str) -> DatasetVersion:  # noqa: A002 - the field's own word
        """Return one version of a data set."""
        return _rows.version(self._row_by_id(f"{_rows.VERSIONS} WHERE v.id = ?", "data set version", id))

    def known_findings(self, dataset_id: str) -> frozenset[str]:
        """Return the keys of the data set's findings that someone chose to ignore."""
        rows = self._read_dicts("SELECT known_findings FROM datasets WHERE id = ?", [dataset_id])
        return frozenset(json.loads(rows[0]["known_findings"] or "[]")) if rows else frozenset()

    def experiments(self, ids: Iterable[str] | None = None) -> list[Experiment]:
        """Return all experiments, or those of the given ids, newest first."""
        order = "ORDER BY created_at DESC, id"
        every = f"SELECT * FROM experiments {order}"  # noqa: S608 - our own words
        if ids is None:
            return self._memoized("experiments", lambda: list(map(_rows.experiment, self._read_dicts(every))))
        where = "WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        rows = self._read_dicts(f"SELECT * FROM experiments {where} {order}", [list(ids)])  # noqa: S608 - our own words
        return [_rows.experiment(row) for row in rows]

    def experiment(self, id: str) -> Experiment:  # noqa: A002
        """Return one experiment."""
        return _rows.experiment(self._row_by_id("SELECT * FROM experiments WHERE id = ?", "experiment", id))

    def runs(self, experiment_id: str | None = None) -> list[Run]:
        """Return the runs (of one experiment), newest first."""
        text = "SELECT * FROM runs WHERE ? IS NULL OR experiment_id = ? ORDER BY queued_at DESC, number DESC"

        def read() -> list[Run]:
            return [_rows.run(row) for row in self._read_dicts(text, [experiment_id, experiment_id])]

        return read() if experiment_id is not None else self._memoized("runs", read)

    def running(self) -> list[Run]:
        """Return the runs that are going on, newest first."""
        text = "SELECT * FROM runs WHERE status = 'running' ORDER BY queued_at DESC, number DESC"
        return [_rows.run(row) for row in self._read_dicts(text)]

    def find_run(self, id: str) -> Run | None:  # noqa: A002
        """Return one run; None if it was deleted."""
        rows = self._read_dicts("SELECT * FROM runs WHERE id = ?", [id])
        return _rows.run(rows[0]) if rows else None

    def run(self, id: str) -> Run:  # noqa: A002
        """Return one run."""
        return _rows.run(self._row_by_id("SELECT * FROM runs WHERE id = ?", "run", id))

    def candidates(self, run_id: str | None = None, *, experiment_id: str | None = None) -> list[Candidate]:
        """Return the candidates of a run, of an experiment, or all, in training order."""
        if run_id is not None:
            return self._candidates("run_id = ?", [run_id])
        if experiment_id is not None:
            return self._candidates("experiment_id = ?", [experiment_id])
        return self._candidates("true", [])

    def candidate(self, id: str) -> Candidate:  # noqa: A002
        """Return one candidate."""
        return self._read_again_if_empty(lambda: self._candidates("candidate_id = ?", [id]), "candidate", id)[
            0
        ]

    def chosen(self, run_ids: Iterable[str]) -> dict[str, Candidate]:
        """Return the chosen candidate of each of the runs that have one, by the run's id."""
        where = "candidate_id IN (SELECT chosen_id FROM runs WHERE id IN (SELECT unnest(?::VARCHAR[])))"
        return {candidate.run_id: candidate for candidate in self._candidates(where, [list(run_ids)])}

    def best(self, run_id: str) -> Candidate | None:
        """Return the run's chosen candidate, else the best by validation score so far, else None."""
        text = (
            f"SELECT id FROM candidates WHERE run_id = ?"  # noqa: S608 - our own words
            f" ORDER BY chosen DESC, {_merit()} DESC NULLS LAST, trained_event LIMIT 1"
        )
        rows = self._read_dicts(text, [run_id])
        return self.candidate(rows[0]["id"]) if rows else None

    def trials(self, run_id: str) -> list[Trial]:
        """Return a run's tuning trials in order, one algorithm after the other."""
        text = "SELECT * FROM trials WHERE run_id = ? ORDER BY algorithm, number"
        return [_rows.trial(row) for row in self._read_dicts(text, [run_id])]

    def leading_runs(self) -> set[str]:
        """Return the runs that hold an experiment's best candidate: the chosen and the best by validation."""
        text = f"SELECT arg_max(run_id, {_merit()}) AS run_id FROM candidates GROUP BY experiment_id"  # noqa: S608
        best = {row["run_id"] for row in self._read_dicts(text)}
        judged = "SELECT * FROM runs WHERE verdict IS NOT NULL"
        text = f"SELECT arg_max(id, queued_at) AS id FROM ({judged}) GROUP BY experiment_id"  # noqa: S608
        return (best | {row["id"] for row in self._read_dicts(text)}) - {None}

    def rivals(self) -> dict[str, dict[str, str]]:
        """Return the judged runs (oldest first) and their choices, by experiment with several such runs."""
        several = "QUALIFY count(*) OVER (PARTITION BY experiment_id) > 1"
        text = f"SELECT experiment_id, id, chosen_id FROM runs WHERE verdict IS NOT NULL {several}"  # noqa: S608
        rivals_of: dict[str, dict[str, str]] = {}
        for row in self._read_dicts(f"{text} ORDER BY queued_at, number"):
            rivals_of.setdefault(row["experiment_id"], {})[row["id"]] = row["chosen_id"]
        return rivals_of

    def summaries(self, *, leading: Iterable[str] = ()) -> list[ExperimentSummary]:
        """Return every experiment as a leaderboard row, most recently changed first.

        ``best`` is the chosen candidate of the ``leading`` run, else of the latest judged run; before the
        first verdict it is the best by validation score.
        """
        sorted_leading = sorted(leading)
        return self._memoized("summaries", lambda: self._read_summaries(sorted_leading), key=sorted_leading)

    def _read_summaries(self, leading: list[str]) -> list[ExperimentSummary]:
        rows = self._read_dicts(_summaries(), [leading])
        wanted = [row["best_id"] for row in rows if row["best_id"] is not None]
        candidates = self._candidates("candidate_id IN (SELECT unnest(?::VARCHAR[]))", [wanted])
        best = {candidate.id: candidate for candidate in candidates}
        return [
            ExperimentSummary(
                experiment=_rows.experiment(row),
                dataset_name=row["dataset_name"],
                n_runs=row["n_runs"],
                status=row["status"],
                latest_run_id=row["latest_run_id"],
                verdict=_rows.verdict_or_none(row["verdict"]),
                best=best.get(row["best_id"]),
                updated_at=row["updated_at"],
            )
            for row in rows
        ]

    def bundles(self, experiment_id: str | None = None) -> list[BundleRecord]:
        """Return the bundles (of one experiment), newest first."""
        text = "SELECT * FROM bundles WHERE ? IS NULL OR experiment_id = ? ORDER BY created_at DESC, id"
        return [
            self._with_current_path(_rows.bundle(row))
            for row in self._read_dicts(text, [experiment_id, experiment_id])
        ]

    def experiments_of_bundles(self, bundle_ids: Iterable[str]) -> dict[str, str]:
        """Return the experiments' ids by bundle id, without those of unknown bundles."""
        wanted = sorted(set(bundle_ids))
        text = "SELECT id, experiment_id FROM bundles WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        rows = self._read_dicts(text, [wanted]) if wanted else []
        return {row["id"]: row["experiment_id"] for row in rows}

    def bundle(self, id: str) -> BundleRecord:  # noqa: A002
        """Return one bundle."""
        return self._with_current_path(
            _rows.bundle(self._row_by_id("SELECT * FROM bundles WHERE id = ?", "bundle", id))
        )

    def _with_current_path(self, bundle: BundleRecord) -> BundleRecord:
        """Return the bundle with its current path, wherever the workspace was moved."""
        return replace(bundle, path=self.workspace.resolve(bundle.path))

    def certificates(self, bundle_id: str) -> list[Certificate]:
        """Return a bundle's certificates, at most one of each form, full ones first."""
        rows = self._read_dicts("SELECT * FROM certificates WHERE bundle_id = ? ORDER BY form", [bundle_id])
        return [_rows.certificate(row) for row in rows]

    def costs(self) -> dict[str, CertifiedCost]:
        """Return the cost of a million predictions by candidate, from its latest certificate, full ones
        first.
        """
        text = (
            "SELECT candidate_id, cost_usd_per_million AS cost, environment FROM certificates "
            "JOIN bundles ON bundles.id = bundle_id WHERE cost IS NOT NULL ORDER BY form DESC, made_at"
        )
        return {  # the last one wins
            row["candidate_id"]: CertifiedCost(usd=row["cost"], environment=row["environment"])
            for row in self._read_dicts(text)
        }

    def environments(self) -> dict[str, DeploymentEnvironment | None]:
        """Return the saved deployment environments by name; None for a deleted one."""
        rows = self._read_dicts("SELECT * FROM deployment_environments ORDER BY name")
        return {row["name"]: None if row["deleted"] else _rows.environment(row) for row in rows}

    def endpoints(self) -> list[Endpoint]:
        """Return all endpoints, stopped ones included, newest first."""
        rows = self._read_dicts("SELECT * FROM endpoints ORDER BY started_at DESC, id")
        return [_rows.endpoint(row) for row in rows]

    def recipe_notes(self, experiment_id: str | None = None) -> list[RecipeNote]:
        """Return the notes on recipes that an experiment (or any) followed, in order."""
        text = "SELECT * FROM recipe_notes WHERE ? IS NULL OR experiment_id = ? ORDER BY id"
        return [_rows.recipe_note(row) for row in self._read_dicts(text, [experiment_id, experiment_id])]

    def handoffs(self, experiment_id: str | None = None) -> list[Handoff]:
        """Return the questions to a scientist (of one experiment), newest first."""
        text = "SELECT * FROM handoffs WHERE ? IS NULL OR experiment_id = ? ORDER BY asked_at DESC, id"
        return [_rows.handoff(row) for row in self._read_dicts(text, [experiment_id, experiment_id])]

    def handoff(self, id: str) -> Handoff:  # noqa: A002
        """Return one question."""
        return _rows.handoff(self._row_by_id("SELECT * FROM handoffs WHERE id = ?", "hand-off", id))

    def person(self, user: str) -> str:
        """Return a user's display name in this workspace; "" if none was set."""
        rows = self._read_dicts("SELECT name FROM people WHERE id = ?", [user])
        return str(rows[0]["name"]) if rows else ""

    def evaluations_by_person(self, experiment_id: str) -> dict[str, int]:
        """Return how many test scores each person has seen in this experiment, by id, most first."""
        text = (
            "SELECT person, count(*) AS n FROM test_evaluations WHERE experiment_id = ?"
            " GROUP BY person ORDER BY n DESC, person"
        )
        return {str(row["person"]): int(row["n"]) for row in self._read_dicts(text, [experiment_id])}

    def progress(self, run_id: str) -> Progress:
        """Return the run's current progress."""
        row = self._row_by_id("SELECT * FROM runs WHERE id = ?", "run", run_id)
        now = datetime.now(UTC)
        remaining_s = row["remaining_s"]
        if remaining_s is not None and row["said_at"] is not None:
            remaining_s = max(0.0, remaining_s - _seconds(row["said_at"], now))
        ended = _time(row["ended_at"]) if row["ended_at"] else now
        counted = self._read_dicts("SELECT count(*) AS n FROM candidates WHERE run_id = ?", [run_id])
        return Progress(
            run_id=run_id,
            status=row["status"],
            stage=row["stage"],
            message=row["message"],
            elapsed_s=_seconds(row["started_at"], ended) if row["started_at"] else 0.0,
            remaining_s=remaining_s,
            n_trained=int(counted[0]["n"]),
            training_now=row["training_now"],
            best=self.best(run_id),
        )

    def _candidates(self, where: str, params: Sequence[Any]) -> list[Candidate]:
        """Return the candidates with a given ``candidate_id``, ``run_id`` or ``experiment_id``."""
        text = f"SELECT *, id AS candidate_id FROM candidates WHERE {where} ORDER BY trained_event"  # noqa: S608
        rows = self._read_dicts(text, params)
        measured = self._read_tuples(f"{_rows.FIGURES} WHERE {where} ORDER BY batch_rows", params)
        latency = _rows.figures(measured)
        return [_rows.candidate(row, latency.get(row["id"], ())) for row in rows]

    def _row_by_id(self, text: str, kind: str, id: str) -> dict[str, Any]:  # noqa: A002
        return self._rows_by_id(text, kind, id)[0]

    def _rows_by_id(self, text: str, kind: str, id: str) -> list[dict[str, Any]]:  # noqa: A002
        """Return the rows that ``id`` names, including those that another process has just written."""
        return self._read_again_if_empty(lambda: self._read_dicts(text, [id]), kind, id)

    def _read_again_if_empty(self, read: Callable[[], list[T]], kind: str, id: str) -> list[T]:  # noqa: A002
        """Return the result of ``read``; reads again if it is empty, then raises NotFoundError."""
        rows = read()
        if not rows:
            self.refresh()
            rows = read()
        if not rows:
            raise NotFoundError(kind=kind, id=id)
        return rows


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _seconds(since: str, until: datetime) -> float:
    return max(0.0, (until - _time(since)).total_seconds())
