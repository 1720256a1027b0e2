"""Delta tables on S3, and on compatible servers: add a file's rows as one version of them."""

from __future__ import annotations

import os
from pathlib import Path

from litmus_core.connectors import _objects
from litmus_core.connectors._address import IfExists, TableAddress
from litmus_core.connectors._delta import MODES, SUFFIX, delta_library, rows_of
from litmus_core.errors import DataError, UsageError


def is_delta_address(address: TableAddress) -> bool:
    """Return whether rows written to ``address`` go to a Delta table: one that exists, or ``NAME.delta``.

    Raises DataError if the bucket is out of reach.
    """
    return address.scheme == "s3" and (address.path.rstrip("/").endswith(SUFFIX) or _exists(address))


def check_delta_address(address: TableAddress, *, if_exists: IfExists | None) -> None:
    """Raise UsageError if the Delta table exists and ``if_exists`` is "fail".

    Raises DataError if the bucket is out of reach, and MissingExtraError without the library.
    """
    if _exists(address) and (if_exists or "fail") == "fail":
        raise UsageError(
            f"The Delta table '{address}' exists already.",
            hint="Say --if-exists append or replace, or choose another name.",
        )
    with delta_library(address.name):
        pass


def write_delta_object(address: TableAddress, file: Path, *, if_exists: IfExists | None) -> None:
    """Write the rows of the Parquet ``file`` to the Delta table at ``address``, as one version of it.

    Raises as :func:`check_delta_address`, and DataError if the table has other columns. A version appears
    whole or not at all: two who write at once do not undo each other.
    """
    check_delta_address(address, if_exists=if_exists)
    # Without keys the client would contact a cloud's metadata address, which nobody named.
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    with delta_library(address.name) as delta, rows_of(file) as rows:
        try:
            delta.write_deltalake(
                f"s3://{address.server}/{address.path}",
                rows,
                mode=MODES[if_exists or "fail"],
                storage_options=_options(),
            )
        except OSError as error:
            raise _objects.error_of(str(error), address) from None


def _options() -> dict[str, str]:
    """Return what the client does not read from the environment by itself."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    options = {"timeout": "60s", "connect_timeout": "10s"}
    if endpoint:
        options["aws_endpoint"] = endpoint
    if endpoint.startswith("http://"):
        options["allow_http"] = "true"
    return options


def _exists(address: TableAddress) -> bool:
    import pyarrow.fs as pafs

    with _objects.object_store(address) as files:
        if files.get_file_info(address.server).type == pafs.FileType.NotFound:
            raise DataError(
                f"There is no bucket '{address.server}' that you may write to.",
                hint="Check its name, and AWS_REGION where it is in another region.",
            )
        log = f"{address.server}/{address.path.rstrip('/')}/_delta_log"
        return bool(files.get_file_info(log).type == pafs.FileType.Directory)
