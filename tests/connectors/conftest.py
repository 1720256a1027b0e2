"""The servers that tests of connectors speak with."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.connectors import s3_server
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


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """A server that speaks S3's language, moto's, started once; without it a test is skipped."""
    if find_spec("moto") is None or find_spec("flask") is None:
        pytest.skip(s3_server.ABSENT)
    with s3_server.running() as address:
        yield address


@pytest.fixture
def s3(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server's files, with the bucket ``shop``; the environment names it, and has keys."""
    import pyarrow.fs as pafs

    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_address)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    files = pafs.S3FileSystem(endpoint_override=s3_address, region="us-east-1", allow_bucket_creation=True)
    files.create_dir("shop")
    return files
