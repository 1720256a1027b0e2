"""The analytic store's tables, which ``litmus sql`` can query."""

from __future__ import annotations

import re
from dataclasses import dataclass

FORMAT = 1
# No keys and no indexes: rows are replaced by delete and insert in one transaction, which DuckDB's primary
# keys refuse, and a scan of these tables takes a millisecond.
SQL = """
CREATE TABLE meta (
    version INTEGER, journal_id VARCHAR, last_event BIGINT, skipped VARCHAR[], rewrite_due BOOLEAN);
CREATE TABLE datasets (id VARCHAR, name VARCHAR, created_at VARCHAR,
    known_findings VARCHAR DEFAULT '[]');
CREATE TABLE dataset_versions (
    id VARCHAR, dataset_id VARCHAR, version INTEGER, path VARCHAR, n_rows BIGINT, n_bytes BIGINT,
    content_hash VARCHAR, source VARCHAR, created_at VARCHAR, columns VARCHAR,
    more VARCHAR);
CREATE TABLE experiments (
    id VARCHAR, name VARCHAR, owner VARCHAR, dataset_version_id VARCHAR, target VARCHAR, problem_type VARCHAR,
    metric VARCHAR, bar_op VARCHAR, bar DOUBLE, max_latency_ms DOUBLE, max_size_mb DOUBLE,
    time_limit_s DOUBLE, seed BIGINT, created_at VARCHAR, task VARCHAR,
    more VARCHAR);
CREATE TABLE runs (
    id VARCHAR, experiment_id VARCHAR, number INTEGER, status VARCHAR, stage VARCHAR, message VARCHAR,
    hint VARCHAR, queued_at VARCHAR, started_at VARCHAR, ended_at VARCHAR, chosen_id VARCHAR,
    outcome VARCHAR, probability_passes DOUBLE, n_bytes BIGINT, remaining_s DOUBLE, said_at VARCHAR,
    training_now VARCHAR, plan VARCHAR, verdict VARCHAR, seconds VARCHAR,
    name VARCHAR DEFAULT '', missing VARCHAR DEFAULT '[]', left_out VARCHAR DEFAULT '[]');
CREATE TABLE candidates (
    id VARCHAR, run_id VARCHAR, experiment_id VARCHAR, name VARCHAR, model VARCHAR, family VARCHAR,
    family_kind VARCHAR, is_ensemble BOOLEAN, fit_s DOUBLE, metric VARCHAR,
    validation DOUBLE, validation_low DOUBLE, validation_high DOUBLE, validation_rows BIGINT,
    test_metric VARCHAR, test DOUBLE, test_low DOUBLE, test_high DOUBLE, test_rows BIGINT,
    threshold DOUBLE, size_bytes BIGINT, in_budget BOOLEAN, chosen BOOLEAN, parents VARCHAR[],
    trained_event BIGINT, more VARCHAR,
    form VARCHAR, native_reason VARCHAR DEFAULT '');
CREATE TABLE latencies (
    candidate_id VARCHAR, run_id VARCHAR, experiment_id VARCHAR, batch_rows BIGINT,
    p50_ms DOUBLE, p95_ms DOUBLE, p99_ms DOUBLE, n_calls BIGINT);
CREATE TABLE test_evaluations (
    candidate_id VARCHAR, run_id VARCHAR, experiment_id VARCHAR, looked_at VARCHAR, reason VARCHAR,
    who VARCHAR, test DOUBLE, person VARCHAR);
CREATE TABLE bundles (
    id VARCHAR, candidate_id VARCHAR, run_id VARCHAR, experiment_id VARCHAR, path VARCHAR,
    n_bytes BIGINT, sha256 VARCHAR, created_at VARCHAR, more VARCHAR);
CREATE TABLE endpoints (
    id VARCHAR, bundle_id VARCHAR, url VARCHAR, pid BIGINT, started_at VARCHAR, stopped_at VARCHAR,
    alive BOOLEAN, more VARCHAR,
    name VARCHAR DEFAULT '', version INTEGER DEFAULT 1, n_restarts INTEGER DEFAULT 0);
CREATE TABLE run_events (
    id BIGINT, happened_at VARCHAR, run_id VARCHAR, experiment_id VARCHAR, type VARCHAR, stage VARCHAR,
    message VARCHAR, remaining_s DOUBLE, training_now VARCHAR);
CREATE TABLE deployment_environments (
    name VARCHAR, cpus INTEGER, memory_mb BIGINT, price_per_hour_usd DOUBLE, mode VARCHAR, deleted BOOLEAN,
    more VARCHAR);
CREATE TABLE certificates (
    id VARCHAR, bundle_id VARCHAR, form VARCHAR, passed BOOLEAN, environment VARCHAR, made_at VARCHAR,
    cold_start_s DOUBLE, p95_ms DOUBLE, peak_bytes BIGINT, cost_usd_per_million DOUBLE, certificate VARCHAR);
CREATE TABLE trials (
    id VARCHAR, run_id VARCHAR, experiment_id VARCHAR, algorithm VARCHAR, number INTEGER, state VARCHAR,
    metric VARCHAR, value DOUBLE, seconds DOUBLE, share DOUBLE, origin VARCHAR, message VARCHAR,
    settings VARCHAR, more VARCHAR);
CREATE TABLE recipe_notes (
    id VARCHAR, happened_at VARCHAR, experiment_id VARCHAR, type VARCHAR, recipe VARCHAR, version INTEGER,
    number INTEGER, note VARCHAR, message VARCHAR, fact VARCHAR);
CREATE TABLE handoffs (
    id VARCHAR, experiment_id VARCHAR, state VARCHAR, question VARCHAR, asked_by VARCHAR, asked_at VARCHAR,
    answered_by VARCHAR, answered_at VARCHAR, closed_by VARCHAR, closed_at VARCHAR, ending VARCHAR,
    recipe VARCHAR, version INTEGER, plugin VARCHAR, more VARCHAR);
CREATE TABLE people (id VARCHAR, name VARCHAR);
CREATE TABLE events (
    id BIGINT, happened_at VARCHAR, type VARCHAR, run_id VARCHAR, experiment_id VARCHAR, person VARCHAR,
    payload VARCHAR USING COMPRESSION zstd, checksum VARCHAR);
"""


@dataclass(frozen=True, slots=True)
class StoreTable:
    """A table of the store whose rows are replaced by their ``key``."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]  # (name, DuckDB type)


def _parse(sql: str) -> dict[str, StoreTable]:
    """Read the tables from the SQL above, so that each is written only once."""
    keys = {
        "latencies": "candidate_id",
        "test_evaluations": "candidate_id",
        "deployment_environments": "name",
    }
    tables: dict[str, StoreTable] = {}
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\);", sql, re.S):
        columns = tuple(tuple(column.split()[:2]) for column in body.split(","))
        tables[name] = StoreTable(name, keys.get(name, "id"), columns)
    return tables


TABLES: dict[str, StoreTable] = {name: columns for name, columns in _parse(SQL).items() if name != "meta"}
