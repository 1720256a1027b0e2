"""A real PostgreSQL server of this machine's own, on loopback, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ABSENT = "No PostgreSQL server is installed here; Debian's package 'postgresql' brings one."
USER, PASSWORD = "ada", "s3cret&/word"
_NOBODY = 65534


@dataclass(frozen=True)
class Server:
    """A server with one database; its address holds the user, and no password."""

    port: int

    def address(self, user: str = USER, database: str = "shop") -> str:
        """Return the database's address."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "shop") -> list[Any]:
        """Run statements, each by itself; return the rows of the last."""
        from adbc_driver_postgresql import dbapi

        target = self.address(f"{USER}:{quote(PASSWORD, safe='')}", database)
        rows: list[Any] = []
        with dbapi.connect(target, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            if cursor.description:
                rows = cursor.fetchall()
        return rows


def programs() -> Path | None:
    """Return the folder of the server's programs; None where there is none."""
    in_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(in_path).parent if in_path else (installed[-1].parent if installed else None)


@contextmanager
def running(bin_folder: Path) -> Iterator[Server]:
    """Start a server in a folder of its own, as nobody where this is root, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="litmus-pg-"))
    port = _free_port()
    try:
        (folder / "password").write_text(PASSWORD)
        if os.getuid() == 0:
            for path in (folder, folder / "password"):
                os.chown(path, _NOBODY, _NOBODY)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        data = ("-D", str(folder / "data"))
        _call(bin_folder, "initdb", *data, "-U", USER, "-A", "scram-sha-256", "--no-sync", "-E", "UTF8",
              "--locale=C", f"--pwfile={folder / 'password'}", folder=folder)  # fmt: skip
        _call(
            bin_folder,
            "pg_ctl",
            *data,
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            options,
            "start",
            folder=folder,
        )
        try:
            server = Server(port)
            server.run("CREATE DATABASE shop", database="postgres")
            yield server
        finally:
            _call(bin_folder, "pg_ctl", *data, "-m", "immediate", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _call(bin_folder: Path, program: str, *arguments: str, folder: Path) -> None:
    ids = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    with (folder / "calls.log").open("ab") as log:  # not a pipe: the server would keep it open
        subprocess.run(
            [bin_folder / program, *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
            check=True,
            timeout=60,
            **ids,
        )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
