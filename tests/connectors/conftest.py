"""The servers that tests of connectors speak with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.postgres_server import ABSENT, PASSWORD, Server, programs, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, started once; without one the test is skipped with a sentence."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(ABSENT)
    with running(bin_folder) as server:
        yield server


@pytest.fixture
def postgres(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server with an empty database, and its password in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    server.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return server
